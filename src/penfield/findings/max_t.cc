#include "penfield/findings/max_t.h"

#include <cmath>

#include "penfield/base/check.h"

namespace penfield::findings {
namespace {

const std::vector<std::uint32_t>& n_reached(const permutation::PermutationTable& permuted, MaxT max_t) {
  return max_t == MaxT::kStepDown ? permuted.n_step_down : permuted.n_single_step;
}

// Is count/n_all below alpha? Where it is alpha, both are the double nearest to the same fraction.
bool is_below(double count, double n_all, double alpha) {
  return count / n_all < alpha;
}

// Whether `test` has the null distribution of the permuted statistic: the likelihood ratio, Wald's and the
// score test have that of the score.
bool permutes_statistic_of(Test test, const permutation::PermutationTable& permuted) {
  switch (test) {
    case Test::kWords:
      return permuted.is_studentised;
    case Test::kLrt:
    case Test::kWald:
    case Test::kScore:
      return !permuted.is_studentised;
    case Test::kRank:
      return false;
  }
  PENFIELD_CHECK(false);
}

}  // namespace

std::vector<double> adjust_by_permutation(const permutation::PermutationTable& permuted, MaxT max_t) {
  const std::vector<std::uint32_t>& reached = n_reached(permuted, max_t);
  const double log10_all = std::log10(1.0 + static_cast<double>(permuted.n_permutations));
  std::vector<double> out;
  out.reserve(permuted.statistic.size());
  for (std::size_t i = 0; i < permuted.statistic.size(); ++i) {
    out.push_back(std::isnan(permuted.statistic[i]) ? association::UnitFit::kNone
                                                    : log10_all - std::log10(1.0 + reached[i]));
  }
  return out;
}

std::optional<std::uint64_t> most_reaching(std::uint64_t n_permutations, double alpha) {
  const double n_all = 1.0 + static_cast<double>(n_permutations);
  double count = std::floor(alpha * n_all) + 1.0;  // the product may round down across a whole number
  while (count >= 1.0 && !is_below(count, n_all, alpha)) count -= 1.0;
  if (count < 1.0) return std::nullopt;
  return static_cast<std::uint64_t>(count) - 1;
}

std::vector<bool> found_by_permutation(const permutation::PermutationTable& permuted, MaxT max_t,
                                       double alpha) {
  const std::vector<std::uint32_t>& reached = n_reached(permuted, max_t);
  const std::optional<std::uint64_t> most = most_reaching(permuted.n_permutations, alpha);
  std::vector<bool> out;
  out.reserve(reached.size());
  for (std::size_t i = 0; i < permuted.statistic.size(); ++i)
    out.push_back(!std::isnan(permuted.statistic[i]) && most.has_value() && reached[i] <= *most);
  return out;
}

PermutationSummary summarise_permutations(const permutation::PermutationTable& permuted, Test test,
                                          double alpha) {
  PermutationSummary out{.n_permutations = permuted.n_permutations,
                         .n_tests = permuted.n_tests,
                         .n_effective = permuted.n_effective,
                         .inflation = permuted.inflation,
                         .inflation_lo = permuted.inflation_lo,
                         .inflation_hi = permuted.inflation_hi};
  if (permutes_statistic_of(test, permuted)) out.rank_bands = permuted.rank_bands;
  const std::optional<std::uint64_t> most = most_reaching(permuted.n_permutations, alpha);
  if (most && *most < permuted.greatest.size())
    out.chi2_threshold = permuted.greatest[permuted.greatest.size() - 1 - *most];
  return out;
}

Result<void> check_permutation_count(std::uint64_t n_permutations, double alpha) {
  if (most_reaching(n_permutations, alpha)) return {};
  if (!most_reaching(permutation::kMostPermutations, alpha)) {
    return usage_error(
        "--alpha {}: the smallest p of --permutations {}, the maximum, is {:.3g}; "
        "give a larger --alpha, or another --correction than maxt",
        alpha, permutation::kMostPermutations,
        1.0 / (1.0 + static_cast<double>(permutation::kMostPermutations)));
  }
  auto enough = static_cast<std::uint64_t>(1.0 / alpha);  // or one more, and one more where that is rounded
  while (!most_reaching(enough, alpha)) ++enough;
  return usage_error(
      "--permutations {}: the smallest p they can give is {:.3g}, and --alpha is {}; give at least {}",
      n_permutations, 1.0 / (1.0 + static_cast<double>(n_permutations)), alpha, enough);
}

Result<void> check_permutations(std::uint64_t n_permutations, double neglog10_least_p, double alpha) {
  PENFIELD_TRY_VOID(check_permutation_count(n_permutations, alpha));
  constexpr double kRounding = 1e-9;
  const double least = std::pow(10.0, -neglog10_least_p);
  if (least >= alpha * (1 - kRounding)) {
    return usage_error(
        "--correction maxt: all arrangements of the labels of these samples together give no p below {:.3g}, "
        "and --alpha is {}; take more samples, or exchange labels more freely",
        least, alpha);
  }
  return {};
}

}  // namespace penfield::findings
