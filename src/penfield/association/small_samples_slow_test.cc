// What the tests find where there is nothing, in small samples, and what ranks win and lose: simulated, at
// the border of 3,072 tests. The figures of docs/numerics/one-neuron.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/random.h"

namespace penfield::association {
namespace {

const double kBorder = -std::log10(0.05 / 3072);

struct Shares {
  double lrt = 0, rank = 0;
};

// Shares of columns beyond the border; the first half of the samples are targets.
Shares found(std::size_t n_group, std::size_t n_columns, Firth firth,
             const std::function<double(bool is_target)>& draw) {
  constexpr std::size_t kAtOnce = 4096;
  std::vector<std::uint8_t> labels(2 * n_group, 0);
  std::fill_n(labels.begin(), n_group, std::uint8_t{1});
  std::vector<float> x(2 * n_group * kAtOnce);
  Shares out;
  for (std::size_t first = 0; first < n_columns; first += kAtOnce) {
    for (std::size_t i = 0; i < 2 * n_group; ++i) {
      for (std::size_t c = 0; c < kAtOnce; ++c) x[i * kAtOnce + c] = static_cast<float>(draw(i < n_group));
    }
    const FitTable table =
        fit_columns(MatrixView<const float>(x.data(), 2 * n_group, kAtOnce), labels, {.firth = firth});
    for (const UnitFit& fit : table.rows) {
      out.lrt += fit.neglog10_p_lrt > kBorder ? 1 : 0;
      out.rank += fit.neglog10_p_rank > kBorder ? 1 : 0;
    }
  }
  const auto n = static_cast<double>((n_columns + kAtOnce - 1) / kAtOnce * kAtOnce);
  return {out.lrt / n, out.rank / n};
}

TEST(SmallSamplesSlow, FirthsRatioHoldsItsLevel) {
  Random random(1);
  const auto noise = [&](bool) { return simulated::normal(random); };
  const double level = 0.05 / 3072;
  const double plain = found(16, 3'000'000, Firth::kSeparated, noise).lrt / level;
  const double firth = found(16, 1'500'000, Firth::kAlways, noise).lrt / level;
  const double at_60 = found(60, 1'500'000, Firth::kSeparated, noise).lrt / level;
  std::printf("16 + 16: maximum likelihood %.2f times the level, Firth %.2f; 60 + 60: %.2f\n", plain, firth,
              at_60);
  EXPECT_GT(plain, 1.7);
  EXPECT_LT(firth, 1.3);
  EXPECT_LT(at_60, 1.8);
}

TEST(SmallSamplesSlow, RanksWinOnHeavyTailsAndLoseOnSparseFiring) {
  Random random(2);
  // Student's t with 3 degrees of freedom, whose SD is √3; shifted by .4 SD.
  const Shares tails = found(220, 20'000, Firth::kSeparated, [&](bool is_target) {
    double squares = 0;
    for (int k = 0; k < 3; ++k) squares += std::pow(simulated::normal(random), 2);
    return simulated::normal(random) / std::sqrt(squares / 3) + (is_target ? 0.4 * std::sqrt(3.0) : 0.0);
  });
  // Noise, to which 12% of the targets add 5 SD.
  const Shares sparse = found(220, 20'000, Firth::kSeparated, [&](bool is_target) {
    return simulated::normal(random) + (is_target && random.uniform() < 0.12 ? 5.0 : 0.0);
  });
  std::printf("heavy tails: ranks %.2f, likelihood ratio %.2f; sparse firing: %.2f, %.2f\n", tails.rank,
              tails.lrt, sparse.rank, sparse.lrt);
  EXPECT_GT(tails.rank, tails.lrt + 0.2);
  EXPECT_LT(sparse.rank, sparse.lrt - 0.2);
}

}  // namespace
}  // namespace penfield::association
