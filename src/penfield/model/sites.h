// Where a block can be read, as a table: what each site is made of.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "penfield/base/unit.h"
#include "penfield/model/architecture.h"
#include "penfield/model/block.h"

namespace penfield::model {

// What of a block is computed.
struct BlockParts {
  bool attention = true;        // behind the query, key and value products
  bool gate = true, up = true;  // products of the MLP
  bool post = true;
  bool output = true;  // what is added to the residual stream
};

// Names what a site's products read by the first of the sites that read it: attn.q or mlp.pre. A site that is
// no product, such as resid, names itself.
[[nodiscard]] Site input_of(Site site);
// False of mlp.up in a model without a gate, and of what is no place in a model (recorded, column).
[[nodiscard]] bool has_site(const Architecture& architecture, Site site);
// kUsage, with the sites that it has.
[[nodiscard]] Result<void> check_site(const Architecture& architecture, Site site);
// One product, two (mlp.post of a gated MLP: activation(first) · second) or none (resid).
[[nodiscard]] std::vector<Linear Block::*> products_of(const Architecture& architecture, Site site);
// What of a block must be computed to show the sites.
[[nodiscard]] BlockParts parts_for(const Architecture& architecture, std::span<const Site> sites);
// Those that the model has, in their order.
[[nodiscard]] std::vector<Site> sites_of(const Architecture& architecture);
// Their names: "mlp.pre, mlp.post, …".
[[nodiscard]] std::string site_names(const Architecture& architecture);

}  // namespace penfield::model
