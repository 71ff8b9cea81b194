#include "penfield/findings/max_t.h"

#include <cmath>

namespace penfield::findings {

std::vector<double> adjust_by_permutation(const association::PermutationTable& permuted, MaxT max_t) {
  const std::vector<std::uint32_t>& reached =
      max_t == MaxT::kStepDown ? permuted.n_step_down : permuted.n_single_step;
  const double log10_all = std::log10(1.0 + static_cast<double>(permuted.n_permutations));
  std::vector<double> out;
  out.reserve(permuted.statistic.size());
  for (std::size_t i = 0; i < permuted.statistic.size(); ++i) {
    out.push_back(std::isnan(permuted.statistic[i]) ? association::UnitFit::kNone
                                                    : log10_all - std::log10(1.0 + reached[i]));
  }
  return out;
}

PermutationSummary summarise_permutations(const association::PermutationTable& permuted, double alpha) {
  PermutationSummary out{.n_permutations = permuted.n_permutations,
                         .n_tests = permuted.n_tests,
                         .n_effective = permuted.n_effective,
                         .inflation = permuted.inflation,
                         .inflation_lo = permuted.inflation_lo,
                         .inflation_hi = permuted.inflation_hi};
  // The most permutations that may reach a unit that is found: (1 + b)/(1 + B) < alpha.
  const double most = std::ceil(alpha * (1.0 + static_cast<double>(permuted.n_permutations)) - 1.0) - 1.0;
  const auto n = static_cast<double>(permuted.greatest.size());
  if (most >= 0 && most < n)
    out.chi2_threshold = permuted.greatest[permuted.greatest.size() - 1 - static_cast<std::size_t>(most)];
  return out;
}

Result<void> check_permutations(std::uint64_t n_permutations, double log10_arrangements, double alpha) {
  const double least = 1.0 / (1.0 + static_cast<double>(n_permutations));
  if (least >= alpha) {
    return usage_error(
        "--permutations {}: the smallest p they can give is {:.3g}, and --alpha is {}; give at least {:.0f}",
        n_permutations, least, alpha, std::floor(1.0 / alpha));
  }
  constexpr double kRounding = 1e-9;
  if (std::pow(10.0, -log10_arrangements) >= alpha * (1 - kRounding)) {
    return usage_error(
        "--correction maxt: these samples have {:.0f} arrangements of their labels, so no p is below "
        "--alpha {}; take more samples, or exchange labels more freely",
        std::pow(10.0, log10_arrangements), alpha);
  }
  return {};
}

}  // namespace penfield::findings
