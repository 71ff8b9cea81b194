// Where a block can be read, as a table: what each site is made of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "penfield/base/unit.h"
#include "penfield/model/architecture.h"
#include "penfield/model/block.h"

namespace penfield::model {

// What a site's products read.
enum class SiteInput : std::uint8_t {
  kAttention,  // what the query, key and value products read
  kMlp,        // what the gate and up products read
  kBlock,      // no product: the residual stream after the block is the site
};

[[nodiscard]] SiteInput input_of(Site site);
// False of mlp.up in a model without a gate, and of Site::kColumn.
[[nodiscard]] bool has_site(const Architecture& architecture, Site site);
// kUsage, with the sites that it has.
[[nodiscard]] Result<void> check_site(const Architecture& architecture, Site site);
// One product, two (mlp.post of a gated MLP: activation(first) · second) or none (resid).
[[nodiscard]] std::vector<Linear Block::*> products_of(const Architecture& architecture, Site site);
// Those that the model has, in their order.
[[nodiscard]] std::vector<Site> sites_of(const Architecture& architecture);
// Their names: "mlp.pre, mlp.post, …".
[[nodiscard]] std::string site_names(const Architecture& architecture);

}  // namespace penfield::model
