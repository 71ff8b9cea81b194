#include "penfield/model/architecture.h"

#include <algorithm>

#include "penfield/model/sites.h"

namespace penfield::model {

std::uint32_t Architecture::n_units(Site site) const {
  if (!has_site(*this, site)) return 0;
  const auto products = products_of(*this, site);
  return products.empty() ? width : static_cast<std::uint32_t>(shape_of(*this, products.front()).n_out);
}

Site Architecture::default_site() const {
  return mlp.gated ? Site::kMlpPost : Site::kMlpPre;
}

std::uint32_t Architecture::default_window() const {
  constexpr std::uint32_t kMostTokens =
      1024;  // longer windows cost attention over all of them, and no rate is won
  return std::min(n_positions, kMostTokens);
}

}  // namespace penfield::model
