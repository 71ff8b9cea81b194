#include "penfield/study/find_units.h"

#include "penfield/base/check.h"

namespace penfield::study {

Result<findings::FindingTable> find_units(const activations::ActivationStore& store, const SplitRows& rows,
                                          const ScanTest& test, const Watch& watch) {
  PENFIELD_TRY(const std::vector<findings::LayerFits> fits, fit_layers(store, rows, watch));
  PENFIELD_TRY(const LayerPermutations permutations,
               permute_layers(store, rows.discovery, test.findings.family, test.permutation, watch));
  return findings::judge(fits, test.findings, permutations.chosen, permutations.documents);
}

Result<findings::FindingTable> find_units_again(const activations::ActivationStore& store,
                                                const SplitRows& rows, const ScanTest& test,
                                                const Watch& watch) {
  ScanTest needed = test;
  if (test.findings.correction != findings::Correction::kMaxT) needed.permutation.n_permutations = 0;
  return find_units(store, rows, needed, watch.silent());
}

Result<void> measure_stability(const activations::ActivationStore& store, const std::vector<RowSet>& further,
                               const ScanTest& test, const Watch& watch, findings::FindingTable& found) {
  if (further.empty()) return {};
  std::vector<std::uint64_t> n_significant;
  for (const findings::Finding& unit : found.units) n_significant.push_back(unit.significant ? 1 : 0);
  const std::uint64_t n_draws = further.size() + 1;
  for (std::size_t k = 0; k < further.size(); ++k) {
    PENFIELD_TRY_VOID(watch.step("draws", k + 1, n_draws, "draws"));
    PENFIELD_TRY(const findings::FindingTable again,
                 find_units_again(store, {.discovery = further[k], .held_out = {}}, test, watch));
    PENFIELD_CHECK(again.units.size() == found.units.size());
    for (std::size_t i = 0; i < again.units.size(); ++i)
      n_significant[i] += again.units[i].significant ? 1 : 0;
  }
  PENFIELD_TRY_VOID(watch.step("draws", n_draws, n_draws, "draws"));
  for (std::size_t i = 0; i < found.units.size(); ++i) {
    found.units[i].stability = static_cast<double>(n_significant[i]) / static_cast<double>(n_draws);
  }
  return {};
}

}  // namespace penfield::study
