#include "penfield/permutation/welch_of_items.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "penfield/base/parallel.h"

namespace penfield::permutation {
namespace {

// Words 0 to 6; word 2 has both labels. Means of targets: 1.5 (0), 3 (1), 5 (2); of comparisons: 0 (2), 1
// (3), −1.5 (4), 2 (5), 0.25 (6).
const std::vector<std::uint8_t> kLabels = {1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0};
const std::vector<std::uint32_t> kWords = {0, 0, 1, 2, 2, 3, 4, 4, 4, 5, 6};
const std::vector<float> kValues = {1, 2, 3, 5, 0, 1, -1, -2, -1.5, 2, 0.25};

TEST(WelchOfItems, IsWelchsTestOfTheMeansOfWords) {
  const Exchange exchange = exchange_means(kLabels, kWords);
  ASSERT_EQ(exchange.n_target_items, 3u);
  ASSERT_EQ(exchange.n_comparison_items, 5u);
  const auto tests = test_item_means(MatrixView<const float>(kValues.data(), kValues.size(), 1), exchange);
  ASSERT_EQ(tests.size(), 1u);
  // scipy.stats.ttest_ind([1.5, 3, 5], [0, 1, -1.5, 2, .25], equal_var=False), SciPy 1.17.1.
  EXPECT_NEAR(tests[0].difference, 2.816666666666667, 1e-14);
  EXPECT_NEAR(tests[0].t, 2.412808936261338, 1e-13);
  EXPECT_NEAR(tests[0].degrees_of_freedom, 3.3389015828157693, 1e-12);
  EXPECT_NEAR(tests[0].neglog10_p, -std::log10(0.08605025547695457), 1e-12);
}

TEST(WelchOfItems, RepeatedUsesOfAWordCountOnce) {
  std::vector<std::uint8_t> labels = kLabels;
  std::vector<std::uint32_t> words = kWords;
  std::vector<float> values = kValues;
  for (int i = 0; i < 40; ++i) {
    labels.push_back(1);
    words.push_back(1);
    values.push_back(3);
  }
  const auto once = test_item_means(MatrixView<const float>(kValues.data(), kValues.size(), 1),
                                    exchange_means(kLabels, kWords));
  const auto often = test_item_means(MatrixView<const float>(values.data(), values.size(), 1),
                                     exchange_means(labels, words));
  EXPECT_NEAR(often[0].t, once[0].t, 1e-12);
}

TEST(WelchOfItems, ACommonValueCostsNoDigits) {
  std::vector<double> shifted(kValues.begin(), kValues.end());
  for (double& value : shifted) value += 1e9;
  const Exchange exchange = exchange_means(kLabels, kWords);
  const auto tests = test_item_means(MatrixView<const double>(shifted.data(), shifted.size(), 1), exchange);
  EXPECT_NEAR(tests[0].t, 2.412808936261338, 1e-6);
}

TEST(WelchOfItems, HasNoValueWhereThereIsNone) {
  const auto test_of = [](std::vector<float> values, const std::vector<std::uint8_t>& labels) {
    return test_item_means(MatrixView<const float>(values.data(), values.size(), 1),
                           exchange_means(labels, kWords))[0];
  };
  std::vector<float> constant(kValues.size(), 2.0f), infinite = kValues, missing = kValues;
  infinite[3] = std::numeric_limits<float>::infinity();
  missing[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(test_of(constant, kLabels).difference, 0);
  EXPECT_TRUE(std::isnan(test_of(constant, kLabels).neglog10_p));
  EXPECT_TRUE(std::isnan(test_of(infinite, kLabels).difference));
  EXPECT_TRUE(std::isnan(test_of(missing, kLabels).difference));
  const std::vector<std::uint8_t> one_target_word = {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_TRUE(std::isnan(test_of(kValues, one_target_word).difference));
}

TEST(WelchOfItems, ColumnsDoNotDependOnEachOtherOrOnThreads) {
  constexpr std::size_t kColumns = 71;
  std::vector<float> many(kValues.size() * kColumns);
  for (std::size_t r = 0; r < kValues.size(); ++r) {
    for (std::size_t c = 0; c < kColumns; ++c)
      many[r * kColumns + c] = kValues[r] * static_cast<float>(c + 1) - static_cast<float>(r * c % 5);
  }
  const Exchange exchange = exchange_means(kLabels, kWords);
  const MatrixView<const float> x(many.data(), kValues.size(), kColumns);
  set_threads(1);
  const auto alone = test_item_means(x, exchange);
  set_threads(3);
  const auto shared = test_item_means(x, exchange);
  set_threads(0);
  for (std::size_t c = 0; c < kColumns; ++c) {
    const auto single = test_item_means(x.block(0, x.rows, c, 1), exchange);
    EXPECT_EQ(alone[c].t, shared[c].t);
    EXPECT_EQ(alone[c].t, single[0].t);
  }
}

// By hand. Stratum 0: targets 1.5 and 3, other 1; W = 2/3, difference 5/4. Stratum 1: target 5, others 0,
// −1.5 and 2; W = 3/4, difference 29/6. Stratum 2 has one label.
TEST(WelchOfItems, ComparesWithinStrata) {
  const std::vector<std::uint32_t> strata = {0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 2};
  const std::vector<std::uint32_t> words = {0, 0, 1, 2, 7, 3, 4, 4, 4, 5, 6};
  const Exchange exchange = exchange_means(kLabels, words, strata);
  const auto tests = test_item_means(MatrixView<const float>(kValues.data(), kValues.size(), 1), exchange);
  const double a = 2.0 / 3, b = 3.0 / 4, all = a + b;
  const double d = (a * 5 / 4 + b * 29 / 6) / all;
  EXPECT_NEAR(tests[0].difference, d, 1e-14);
  const double v1 = 1.125;                            // of 1.5 and 3; one degree of freedom
  const double v0 = (2.25 + 4 - 3 * (1.0 / 36)) / 2;  // of 0, −1.5 and 2; two degrees
  const double of1 = v1 * (a * a / 2 + b * b / 1) / (all * all);
  const double of0 = v0 * (a * a / 1 + b * b / 3) / (all * all);
  EXPECT_NEAR(tests[0].t, d / std::sqrt(of1 + of0), 1e-12);
  EXPECT_NEAR(tests[0].degrees_of_freedom, (of1 + of0) * (of1 + of0) / (of1 * of1 / 1 + of0 * of0 / 2),
              1e-12);
}

}  // namespace
}  // namespace penfield::permutation
