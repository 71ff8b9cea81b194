#include "penfield/findings/correct.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "penfield/base/random.h"

namespace penfield::findings {
namespace {

// Every correction that needs no permutations.
const std::vector<Correction> kAll = [] {
  std::vector<Correction> out;
  for (std::size_t i = 0; i < kCorrections.size(); ++i) {
    if (kCorrections[i].adjust != nullptr) out.push_back(static_cast<Correction>(i));
  }
  return out;
}();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> random_family(std::uint64_t seed) {
  Random random(seed);
  std::vector<double> neglog10_p(50);
  for (double& value : neglog10_p) value = std::floor(random.uniform() * 40) / 4;  // ties
  return neglog10_p;
}

TEST(Adjust, HoldsAllTheWayDown) {
  const std::vector<double> p = {1e5, 1e300, 0, 2e5};
  EXPECT_DOUBLE_EQ(adjust(p, Correction::kBonferroni)[0], 1e5 - std::log10(4.0));
  EXPECT_DOUBLE_EQ(adjust(p, Correction::kHolm)[0], 1e5 - std::log10(2.0));
  EXPECT_DOUBLE_EQ(adjust(p, Correction::kHolm)[3], 2e5 - std::log10(3.0));
  EXPECT_DOUBLE_EQ(adjust(p, Correction::kHochberg)[0], 1e5 - std::log10(2.0));
  EXPECT_DOUBLE_EQ(adjust(p, Correction::kBenjaminiHochberg)[0], 1e5 - std::log10(4.0 / 3));
  EXPECT_DOUBLE_EQ(adjust(p, Correction::kBenjaminiYekutieli)[0], 1e5 - std::log10(4.0 / 3 * (25.0 / 12)));
  for (const Correction correction : kAll) {
    EXPECT_EQ(adjust(p, correction)[1], 1e300);
    EXPECT_EQ(adjust(p, correction)[2], 0);
    EXPECT_EQ(adjust(std::vector<double>{std::numeric_limits<double>::infinity(), 1.0}, correction)[0],
              std::numeric_limits<double>::infinity());
  }
}

TEST(Adjust, ATestWithoutAPCountsAsOne) {
  const std::vector<double> with_nan = {3, kNaN, 1.5, kNaN};
  const std::vector<double> with_ones = {3, 0, 1.5, 0};
  for (const Correction correction : kAll) {
    const std::vector<double> a = adjust(with_nan, correction);
    const std::vector<double> b = adjust(with_ones, correction);
    EXPECT_EQ(a[0], b[0]);
    EXPECT_EQ(a[2], b[2]);
    EXPECT_TRUE(std::isnan(a[1]) && std::isnan(a[3]));
    EXPECT_EQ(b[1], 0);
  }
}

TEST(Adjust, EmptyAndAllNaN) {
  for (const Correction correction : kAll) {
    EXPECT_TRUE(adjust({}, correction).empty());
    EXPECT_TRUE(std::isnan(adjust(std::vector<double>{kNaN}, correction)[0]));
    EXPECT_EQ(adjust(std::vector<double>{2.5}, correction)[0], 2.5);
  }
}

TEST(Adjust, KeepsTheOrderAndTheTies) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<double> p = random_family(seed);
    for (const Correction correction : kAll) {
      const std::vector<double> adjusted = adjust(p, correction);
      for (std::size_t i = 0; i < p.size(); ++i) {
        EXPECT_LE(adjusted[i], p[i]);
        EXPECT_GE(adjusted[i], 0);
        for (std::size_t j = 0; j < p.size(); ++j) {
          if (p[i] == p[j]) {
            EXPECT_EQ(adjusted[i], adjusted[j]);
          } else if (p[i] > p[j]) {
            EXPECT_GE(adjusted[i], adjusted[j]);
          }
        }
      }
    }
  }
}

TEST(Adjust, TheOrderOfTheTestsDoesNotMatter) {
  const std::vector<double> p = random_family(1);
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random(2).shuffle(std::span(order));
  std::vector<double> shuffled;
  shuffled.reserve(p.size());
  for (const std::size_t i : order) shuffled.push_back(p[i]);
  for (const Correction correction : kAll) {
    const std::vector<double> a = adjust(p, correction);
    const std::vector<double> b = adjust(shuffled, correction);
    for (std::size_t k = 0; k < order.size(); ++k) EXPECT_EQ(b[k], a[order[k]]);
  }
}

TEST(Adjust, ABorderIsThePThatEqualsAlphaAfterCorrection) {
  for (const Correction correction : kAll) {
    const CorrectionSpec& spec = spec_of(correction);
    if (spec.border == nullptr) continue;
    for (const std::size_t m : {1u, 7u, 3072u}) {
      std::vector<double> p(m, 0);
      p[0] = spec.border(m, .05);
      EXPECT_NEAR(adjust(p, correction)[0], -std::log10(.05), 1e-13) << spec.name << ' ' << m;
    }
  }
}

TEST(Adjust, HolmLiesBetweenBonferroniAndHochbergAndByNoStrongerThanBh) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<double> p = random_family(seed);
    const std::vector<double> bonferroni = adjust(p, Correction::kBonferroni);
    const std::vector<double> holm = adjust(p, Correction::kHolm);
    const std::vector<double> hochberg = adjust(p, Correction::kHochberg);
    const std::vector<double> bh = adjust(p, Correction::kBenjaminiHochberg);
    const std::vector<double> by = adjust(p, Correction::kBenjaminiYekutieli);
    for (std::size_t i = 0; i < p.size(); ++i) {
      EXPECT_GE(holm[i], bonferroni[i]);
      EXPECT_GE(hochberg[i], holm[i]);
      EXPECT_GE(bh[i], hochberg[i] - 1e-12);
      EXPECT_LE(by[i], bh[i]);
    }
  }
}

}  // namespace
}  // namespace penfield::findings
