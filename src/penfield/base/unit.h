// Names of things that are numbers, so that one is never taken for another; and the name of a unit.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "penfield/base/result.h"

namespace penfield {

enum class TokenId : std::uint32_t {};

// Where an activation is read.
enum class Site : std::uint8_t {
  kMlpPre,   // before the MLP's activation function: c_fc's output, or the gate's where the MLP is gated
  kMlpUp,    // a gated MLP's other product
  kMlpPost,  // what the MLP's last product reads: behind the activation function and, where there is one, the
             // gate
  kAttnQ,    // outputs of the query, key and value products, before they are normalised or turned
  kAttnK,
  kAttnV,
  kResid,   // the residual stream behind the block
  kColumn,  // a column of a matrix that somebody else made (`penfield associate`); not a place in a model
};

inline constexpr std::array kModelSites = {Site::kMlpPre, Site::kMlpUp, Site::kMlpPost, Site::kAttnQ,
                                           Site::kAttnK,  Site::kAttnV, Site::kResid};

// "mlp.pre", "mlp.up", "mlp.post", "attn.q", "attn.k", "attn.v", "resid", "column".
[[nodiscard]] std::string_view site_name(Site site);
[[nodiscard]] std::optional<Site> parse_site(std::string_view name);

// One neuron. Written `L18.1234`; with a site other than mlp.pre, `L18.attn.q.77`.
struct UnitId {
  Site site = Site::kMlpPre;
  std::uint32_t layer = 0;
  std::uint32_t index = 0;

  auto operator<=>(const UnitId&) const = default;  // site, layer, index: the order of rows in units.tsv
};

[[nodiscard]] std::string to_string(const UnitId& unit);
// kUsage where `text` is not of either form.
[[nodiscard]] Result<UnitId> parse_unit(std::string_view text);

}  // namespace penfield
