// Strong types for ids, so that one kind is not passed for another, and the name of a unit.
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
  kMlpPre,   // before the MLP's activation function: the output of c_fc, or of the gate in a gated MLP
  kMlpUp,    // the second product of a gated MLP
  kMlpPost,  // what the MLP's last product reads: after the activation function and, in a gated MLP, after
             // the multiplication by kMlpUp
  kAttnQ,    // outputs of the query, key and value products, before normalisation and rotation
  kAttnK,
  kAttnV,
  kResidMid,  // the residual stream between attention and MLP
  kResid,     // the residual stream after the block
  kRecorded,  // elsewhere, in activations that another program recorded (recorded/)
  kColumn,    // a column of a matrix given to `penfield associate`; not a place in a model
};

inline constexpr std::array kModelSites = {Site::kMlpPre, Site::kMlpUp, Site::kMlpPost,  Site::kAttnQ,
                                           Site::kAttnK,  Site::kAttnV, Site::kResidMid, Site::kResid};

// In the order of Site.
inline constexpr std::array<std::string_view, kModelSites.size() + 2> kSiteNames = {
    "mlp.pre", "mlp.up",    "mlp.post", "attn.q",   "attn.k",
    "attn.v",  "resid.mid", "resid",    "recorded", "column"};
[[nodiscard]] constexpr std::string_view site_name(Site site) {
  return kSiteNames.at(static_cast<std::size_t>(site));
}
[[nodiscard]] std::optional<Site> parse_site(std::string_view name);

// One neuron. Its name is `L18.1234`, or `L18.attn.q.77` at a site other than mlp.pre.
struct UnitId {
  Site site = Site::kMlpPre;
  std::uint32_t layer = 0;
  std::uint32_t index = 0;

  auto operator<=>(const UnitId&) const = default;  // site, layer, index: the order of rows in units.tsv
};

[[nodiscard]] std::string to_string(const UnitId& unit);
// kUsage if `text` has neither form.
[[nodiscard]] Result<UnitId> parse_unit(std::string_view text);

}  // namespace penfield
