#include "penfield/permutation/item_scores.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"

namespace penfield::permutation {
namespace {

struct Scores {
  std::uint32_t usable = 0;
  std::vector<float> values;

  [[nodiscard]] double statistic(std::span<const std::uint8_t> labels, std::size_t column) const {
    double sum = 0;
    for (std::size_t k = 0; k < labels.size(); ++k)
      sum += labels[k] * static_cast<double>(values[k * kScoreColumns + column]);
    return sum;
  }
};

template <class T>
Scores scores_of(MatrixView<const T> x, const Exchange& exchange) {
  ItemScratch scratch;
  Scores out;
  out.values.resize(exchange.n_items() * kScoreColumns, -1.0f);
  out.usable = item_scores(x, exchange, scratch, out.values.data());
  return out;
}

TEST(ItemScores, WithoutBlocksTheSquareIsTheScoreTest) {
  constexpr std::size_t kSamples = 97;
  const auto labels = association::simulated::labels(kSamples, 40, 2);
  const auto x = association::simulated::activations<float>(labels, kScoreColumns, 1.0, 3);
  const MatrixView<const float> view(x.data(), kSamples, kScoreColumns);
  const Scores scores = scores_of(view, exchange_freely(labels));
  EXPECT_EQ(scores.usable, 0xffffffffu);
  const association::FitTable fits = association::fit_columns(view, labels);
  for (std::size_t c = 0; c < kScoreColumns; ++c) {
    const double m = scores.statistic(labels, c);
    const double expected = fits.rows[c].score_chi2 * (kSamples - 1.0) / kSamples;
    EXPECT_NEAR(m * m, expected, 1e-5 * expected + 1e-9) << c;
    EXPECT_EQ(m > 0, fits.rows[c].beta > 0) << c;
  }
}

// Mean 0 and variance 1 over every arrangement there is, of three strata.
TEST(ItemScores, HaveMeanZeroAndVarianceOneOverAllArrangements) {
  const std::vector<std::uint8_t> labels = {1, 0, 0, 1, 0, 1, 1, 0, 0, 0};
  const std::vector<std::uint32_t> block = {1, 1, 1, 2, 2, 3, 3, 3, 3, 3};
  const Exchange exchange = exchange_within(labels, block);
  ASSERT_EQ(exchange.n_strata(), 3u);
  constexpr std::size_t kColumns = 5;
  const auto x = association::simulated::activations<double>(labels, kColumns, 2.0, 6);
  const Scores scores = scores_of(MatrixView<const double>(x.data(), labels.size(), kColumns), exchange);
  EXPECT_EQ(scores.usable, 0x1fu);

  std::vector<double> sum(kColumns), squares(kColumns);
  double n = 0;
  std::vector<std::uint8_t> now = exchange.label_of_item;
  const auto first = [&](std::size_t g) { return now.begin() + exchange.first_of_stratum[g]; };
  for (std::size_t g = 0; g < 3; ++g) std::sort(first(g), first(g + 1));
  do {
    do {
      do {
        ++n;
        for (std::size_t c = 0; c < kColumns; ++c) {
          const double m = scores.statistic(now, c);
          sum[c] += m;
          squares[c] += m * m;
        }
      } while (std::next_permutation(first(2), first(3)));
    } while (std::next_permutation(first(1), first(2)));
  } while (std::next_permutation(first(0), first(1)));
  EXPECT_EQ(n, 3 * 2 * 10);
  for (std::size_t c = 0; c < kColumns; ++c) {
    EXPECT_NEAR(sum[c] / n, 0, 1e-6) << c;
    EXPECT_NEAR(squares[c] / n, 1, 1e-6) << c;
  }
}

TEST(ItemScores, OfBlocksOfOneLabelAreStandardisedMeans) {
  const std::vector<std::uint8_t> labels = {1, 1, 0, 0, 1, 0};
  const std::vector<std::uint32_t> block = {1, 1, 2, 2, 3, 3};
  const std::vector<double> x = {1, 3, 10, 20, 4, 7};
  const Exchange exchange = exchange_within(labels, block);
  ASSERT_EQ(exchange.n_items(), 4u);
  const Scores scores = scores_of(MatrixView<const double>(x.data(), 6, 1), exchange);
  const double means[] = {2, 15, 4, 7};  // of items: mean 7, variance 98/3
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_NEAR(static_cast<double>(scores.values[k * kScoreColumns]), (means[k] - 7) / std::sqrt(98.0 / 3),
                1e-6)
        << k;
  }
}

TEST(ItemScores, ShiftAndScaleChangeNothing) {
  const auto labels = association::simulated::labels(60, 30, 7);
  const auto x = association::simulated::activations<double>(labels, 1, 1.0, 8);
  std::vector<double> columns;
  for (const double v : x) {
    for (const double scaled : {v, v * 0x1p-1000, v * 0x1p+1020, -v * 0x1p-1010, v + 0x1p20})
      columns.push_back(scaled);
  }
  const Scores scores = scores_of(MatrixView<const double>(columns.data(), 60, 5), exchange_freely(labels));
  EXPECT_EQ(scores.usable, 0x1fu);
  const double m = scores.statistic(labels, 0);
  EXPECT_NEAR(scores.statistic(labels, 1), m, 1e-12);
  EXPECT_NEAR(scores.statistic(labels, 2), m, 1e-12);
  EXPECT_NEAR(scores.statistic(labels, 3), -m, 1e-12);
  EXPECT_NEAR(scores.statistic(labels, 4), m, 1e-6);
}

TEST(ItemScores, LeavesOutWhatHasNoValueOrNoSpread) {
  constexpr std::size_t kSamples = 8;
  const std::vector<std::uint8_t> labels = {1, 0, 1, 0, 1, 0, 1, 0};
  const std::vector<std::uint32_t> block = {1, 1, 2, 2, 3, 3, 4, 4};
  std::vector<float> x;
  for (std::size_t i = 0; i < kSamples; ++i) {
    const auto value = static_cast<float>(i * i % 5);
    x.insert(x.end(), {value, 2.5f, i == 3 ? NAN : value, i == 4 ? -INFINITY : value,
                       0.1f * static_cast<float>(block[i]), i == 0 ? 3e38f : -3e38f});
  }
  const MatrixView<const float> view(x.data(), kSamples, 6);
  EXPECT_EQ(scores_of(view, exchange_freely(labels)).usable, 0b110001u);
  const Scores within = scores_of(view, exchange_within(labels, block));
  EXPECT_EQ(within.usable, 0b100001u) << "column 4 differs between blocks only";
  for (std::size_t k = 0; k < kSamples; ++k) {
    for (const std::size_t c : {1, 2, 3, 4, 6, 31}) EXPECT_EQ(within.values[k * kScoreColumns + c], 0.0f);
  }
}

}  // namespace
}  // namespace penfield::permutation
