#include "penfield/study/find_units.h"

#include "penfield/base/check.h"

namespace penfield::study {

Result<findings::FindingTable> find_units(const activations::ActivationStore& store, const SplitRows& rows,
                                          const ScanTest& test, const LayerProgress& progress,
                                          const PermuteProgress& permute_progress) {
  PENFIELD_TRY(const std::vector<findings::LayerFits> fits, fit_layers(store, rows, progress));
  PENFIELD_TRY(
      const std::vector<permutation::PermutationTable> permutations,
      permute_layers(store, rows.discovery, test.findings.family, test.permutation, permute_progress));
  return findings::judge(fits, test.findings, permutations);
}

Result<findings::FindingTable> find_units_again(const activations::ActivationStore& store,
                                                const SplitRows& rows, const ScanTest& test,
                                                const GoesOn& goes_on) {
  ScanTest needed = test;
  if (test.findings.correction != findings::Correction::kMaxT) needed.permutation.n_permutations = 0;
  const auto after_layer = [&](std::uint64_t, std::uint64_t) { return !goes_on || goes_on(); };
  return find_units(store, rows, needed, after_layer, after_layer);
}

Result<void> measure_stability(const activations::ActivationStore& store, const std::vector<RowSet>& further,
                               const ScanTest& test, const DrawProgress& progress,
                               findings::FindingTable& found) {
  if (further.empty()) return {};
  std::vector<std::uint64_t> n_significant;
  for (const findings::Finding& unit : found.units) n_significant.push_back(unit.significant ? 1 : 0);
  const std::uint64_t n_draws = further.size() + 1;
  for (std::size_t k = 0; k < further.size(); ++k) {
    const auto goes_on = [&] { return !progress || progress(k + 1, n_draws); };
    PENFIELD_TRY(const findings::FindingTable again,
                 find_units_again(store, {.discovery = further[k], .held_out = {}}, test, goes_on));
    PENFIELD_CHECK(again.units.size() == found.units.size());
    for (std::size_t i = 0; i < again.units.size(); ++i)
      n_significant[i] += again.units[i].significant ? 1 : 0;
    if (progress && !progress(k + 2, n_draws))
      return fail(ErrorKind::kInterrupted, "stopped; nothing was written");
  }
  for (std::size_t i = 0; i < found.units.size(); ++i) {
    found.units[i].stability = static_cast<double>(n_significant[i]) / static_cast<double>(n_draws);
  }
  return {};
}

}  // namespace penfield::study
