#include "penfield/study/reported_units.h"

#include <algorithm>
#include <cmath>

#include "penfield/report/words/lookup.h"

namespace penfield::study {

std::vector<UnitId> choose_reported_units(std::span<const findings::Finding> units, std::size_t n) {
  std::vector<const findings::Finding*> ranked[2];  // excited, suppressed
  for (const findings::Finding& unit : units) {
    if (unit.direction != 0 && !std::isnan(unit.neglog10_p))
      ranked[unit.direction > 0 ? 0 : 1].push_back(&unit);
  }
  const auto stronger = [](const findings::Finding* a, const findings::Finding* b) {
    if (a->significant != b->significant) return a->significant;
    if (a->neglog10_p != b->neglog10_p) return a->neglog10_p > b->neglog10_p;
    return a->unit < b->unit;
  };
  for (auto& list : ranked) std::sort(list.begin(), list.end(), stronger);
  std::size_t n_excited = std::min(ranked[0].size(), n - n / 2);
  const std::size_t n_suppressed = std::min(ranked[1].size(), n - n_excited);
  n_excited = std::min(ranked[0].size(), n - n_suppressed);
  ranked[0].resize(n_excited);
  ranked[1].resize(n_suppressed);
  std::vector<const findings::Finding*> chosen = ranked[0];
  chosen.insert(chosen.end(), ranked[1].begin(), ranked[1].end());
  std::sort(chosen.begin(), chosen.end(), stronger);
  for (const findings::Finding* best : report::surviving_units(units, std::min<std::size_t>(n, 1))) {
    if (std::find(chosen.begin(), chosen.end(), best) != chosen.end()) continue;
    if (chosen.size() == n) chosen.pop_back();
    chosen.insert(std::upper_bound(chosen.begin(), chosen.end(), best, stronger), best);
  }
  std::vector<UnitId> out;
  out.reserve(chosen.size());
  for (const findings::Finding* unit : chosen) out.push_back(unit->unit);
  return out;
}

}  // namespace penfield::study
