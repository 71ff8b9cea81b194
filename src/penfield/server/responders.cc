#include "penfield/server/responders.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "penfield/tokens/bos.h"

namespace penfield::server {
namespace {

// Of the samples from which `sd` is.
double mean_of(const findings::Finding& unit) {
  const auto n_target = static_cast<double>(unit.n_target);
  const auto n_comparison = static_cast<double>(unit.n_comparison);
  return (n_target * unit.fit.mean_target + n_comparison * unit.fit.mean_comparison) /
         (n_target + n_comparison);
}

// The row, beyond the first, where the unit is farthest from its mean; z = 0 where it has none.
Responder farthest(const findings::Finding& unit, MatrixView<const float> values) {
  Responder out{.unit = unit.unit};
  const double mean = mean_of(unit);
  if (!(unit.fit.sd > 0) || !std::isfinite(mean)) return out;
  for (std::size_t t = 1; t < values.rows; ++t) {
    const double z = (double{values(t, unit.unit.index)} - mean) / unit.fit.sd;
    if (std::abs(z) <= std::abs(out.z)) continue;
    out.token = t;
    out.z = z;
  }
  return out;
}

model::TapRequest taps_of(std::span<const findings::Finding> units) {
  std::set<Site> sites;
  std::set<std::uint32_t> layers;
  for (const findings::Finding& unit : units) {
    sites.insert(unit.unit.site);
    layers.insert(unit.unit.layer);
  }
  return {{sites.begin(), sites.end()}, {layers.begin(), layers.end()}};
}

}  // namespace

Result<std::vector<Responder>> find_responders(const model::Model& model, std::optional<TokenId> bos,
                                               std::span<const TokenId> ids,
                                               std::span<const findings::Finding> units, std::size_t n,
                                               model::ForwardBuffers& buffers, const std::stop_token& stop) {
  std::vector<Responder> found;
  const auto take = [&](const model::Tap& tap) {
    const UnitId first{tap.site, tap.layer, 0};
    const auto begin = std::ranges::lower_bound(units, first, {}, &findings::Finding::unit);
    for (auto at = begin; at != units.end() && at->unit.site == tap.site && at->unit.layer == tap.layer;
         ++at) {
      Responder one = farthest(*at, tap.values);
      if (one.z == 0) continue;
      if (bos) --one.token;
      found.push_back(one);
    }
  };
  const std::vector<TokenId> given = tokens::with_bos(bos, ids);
  const model::Sequence sequence = given;
  PENFIELD_TRY_VOID(model.forward({&sequence, 1}, taps_of(units), buffers, take, stop));
  const auto is_farther = [](const Responder& a, const Responder& b) {
    const double za = std::abs(a.z), zb = std::abs(b.z);
    return za != zb ? za > zb : a.unit < b.unit;
  };
  const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(n, found.size()));
  std::partial_sort(found.begin(), end, found.end(), is_farther);
  found.erase(end, found.end());
  return found;
}

}  // namespace penfield::server
