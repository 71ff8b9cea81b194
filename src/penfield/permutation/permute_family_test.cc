#include "penfield/permutation/permute_family.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/parallel.h"
#include "penfield/numeric/distributions.h"
#include "penfield/permutation/item_scores.h"

namespace penfield::permutation {
namespace {

struct Counts {
  std::vector<double> statistic;
  std::vector<std::uint32_t> single_step, step_down;
};

double welch_t(const Exchange& exchange, double sum, double squares) {
  const auto n1 = static_cast<double>(exchange.n_target_items);
  const auto n0 = static_cast<double>(exchange.n_comparison_items);
  const double v1 = (squares - sum * sum / n1) / (n1 - 1);
  const double v0 = (n1 + n0 - 1 - squares - sum * sum / n0) / (n0 - 1);
  const double error = std::max(v1 / n1 + v0 / n0, 1e-6 * (1 / n1 + 1 / n0));
  return sum * (1 / n1 + 1 / n0) / std::sqrt(error);
}

// The plain twin: the whole matrix of statistics in double, and Westfall & Young by their definition.
Counts permute_plainly(MatrixView<const float> x, const Exchange& exchange, const PermutedLabels& permuted) {
  constexpr double kTie = 1e-4;
  const std::size_t n_items = exchange.n_items();
  std::vector<std::vector<double>> all(permuted.n_permutations(), std::vector<double>(x.cols));
  Counts out{std::vector<double>(x.cols, NAN), std::vector<std::uint32_t>(x.cols),
             std::vector<std::uint32_t>(x.cols)};
  std::vector<std::size_t> order;
  ItemScratch scratch;
  std::vector<float> scores(n_items * kScoreColumns);
  for (std::size_t c = 0; c < x.cols; ++c) {
    if (item_scores<float>(x.block(0, x.rows, c, 1), exchange, scratch, scores.data()) == 0) continue;
    order.push_back(c);
    const auto statistic = [&](const auto& is_target) {
      double sum = 0, squares = 0;
      for (std::size_t k = 0; k < n_items; ++k) {
        const double score = is_target(k) ? scores[k * kScoreColumns] : 0.0;
        sum += score;
        squares += score * score;
      }
      return exchange.statistic == Statistic::kScore ? sum : welch_t(exchange, sum, squares);
    };
    out.statistic[c] = std::fabs(statistic([&](std::size_t k) { return exchange.label_of_item[k] != 0; }));
    for (std::size_t p = 0; p < all.size(); ++p)
      all[p][c] = statistic([&](std::size_t k) { return permuted.is_target(p, k); });
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return out.statistic[a] > out.statistic[b]; });
  for (const std::vector<double>& statistics : all) {
    double greatest = 0;
    for (std::size_t r = order.size(); r-- > 0;) {
      greatest = std::max(greatest, std::fabs(statistics[order[r]]));
      out.step_down[order[r]] += greatest >= out.statistic[order[r]] - kTie;
    }
    for (const std::size_t c : order) out.single_step[c] += greatest >= out.statistic[c] - kTie;
  }
  std::uint32_t most = 0;
  for (const std::size_t c : order) out.step_down[c] = most = std::max(most, out.step_down[c]);
  return out;
}

struct Case {
  std::size_t n_samples, n_columns, n_permutations;
  double effect;
  std::size_t n_blocks;
};

TEST(PermuteFamily, InflationIsThatOfTheMedianStatistic) {
  const auto labels = association::simulated::labels(60, 30, 1);
  const Exchange exchange = exchange_freely(labels);
  for (const std::size_t n_columns : {7u, 8u}) {
    const auto x = association::simulated::activations<float>(labels, n_columns, 0.6, 2);
    const MatrixView<const float> blocks[] = {{x.data(), 60, n_columns}};
    const PermutationTable table =
        permute_family<float>(blocks, exchange, PermutedLabels::draw(exchange, 10, 1));
    std::vector<double> sorted;
    for (const double squared : table.statistic) sorted.push_back(std::sqrt(squared));
    std::sort(sorted.begin(), sorted.end());
    const double median = n_columns == 7 ? sorted[3] : (sorted[3] + sorted[4]) / 2;
    EXPECT_NEAR(table.inflation, median * median / 0.454936, 1e-5 * table.inflation) << n_columns;
  }
}

// Columns that are one in one target each have the same statistic, √n/√(targets) of the rest, but not the
// same rounding: a permutation that reaches one reaches all.
TEST(PermuteFamily, EqualStatisticsStayTiesWhereTargetsAreRare) {
  constexpr std::size_t kSamples = 100'000, kTargets = 193, kColumns = 64, kApart = 515;
  std::vector<std::uint8_t> labels(kSamples, 0);
  std::vector<float> x(kSamples * kColumns, 0.0f);
  for (std::size_t i = 0; i < kTargets; ++i) labels[i * kApart] = 1;
  const auto place_of = [](std::size_t column) { return 3 * column * kApart; };
  for (std::size_t c = 0; c < kColumns; ++c) x[place_of(c) * kColumns + c] = 1;
  const Exchange exchange = exchange_freely(labels);
  const PermutedLabels permuted = PermutedLabels::draw(exchange, 200, 5);
  const MatrixView<const float> view(x.data(), kSamples, kColumns);
  const PermutationTable table = permute_family<float>(std::span(&view, 1), exchange, permuted);
  std::uint32_t n_reached = 0;
  for (std::size_t p = 0; p < permuted.n_permutations(); ++p) {
    bool reached = false;
    for (std::size_t c = 0; c < kColumns; ++c) reached = reached || permuted.is_target(p, place_of(c));
    n_reached += reached ? 1 : 0;
  }
  EXPECT_GT(n_reached, 0u);
  for (std::size_t c = 0; c < kColumns; ++c) EXPECT_EQ(table.n_single_step[c], n_reached) << c;
}

void expect_as_the_twin(const Case& one, std::uint64_t seed) {
  const auto labels = association::simulated::labels(one.n_samples, one.n_samples / 2, seed);
  auto x = association::simulated::activations<float>(labels, one.n_columns, one.effect, seed + 1);
  for (std::size_t i = 0; i < one.n_samples; ++i) x[i * one.n_columns] = 1;  // a constant column
  if (one.n_columns > 40) x[one.n_columns + 40] = NAN;
  std::vector<std::uint32_t> block(one.n_samples);
  for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<std::uint32_t>(i % one.n_blocks);
  const Exchange exchange = exchange_within(labels, block);
  const PermutedLabels permuted = PermutedLabels::draw(exchange, one.n_permutations, seed + 2);
  const MatrixView<const float> view(x.data(), one.n_samples, one.n_columns);
  const PermutationTable table = permute_family<float>(std::span(&view, 1), exchange, permuted);
  const Counts plain = permute_plainly(view, exchange, permuted);
  for (std::size_t c = 0; c < one.n_columns; ++c) {
    ASSERT_EQ(std::isnan(table.statistic[c]), std::isnan(plain.statistic[c])) << c;
    if (std::isnan(plain.statistic[c])) continue;
    EXPECT_NEAR(std::sqrt(table.statistic[c]), plain.statistic[c], 1e-5 * std::max(1.0, plain.statistic[c]))
        << c;
    // A statistic that chance puts within the two tolerances of another may fall either way.
    EXPECT_NEAR(table.n_single_step[c], plain.single_step[c], 1) << c;
    EXPECT_NEAR(table.n_step_down[c], plain.step_down[c], 1) << c;
  }
}

TEST(PermuteFamily, AgreesWithItsPlainTwin) {
  for (const Case& one : {Case{20, 1, 60, 0, 1}, Case{20, 3, 100, 0, 1}, Case{40, 33, 97, 1, 1},
                          Case{51, 700, 130, 0.5, 7}, Case{44, 1100, 200, 3, 1}, Case{1100, 90, 70, 0.1, 200},
                          Case{1100, 90, 70, 0.1, 600}, Case{60, 333, 90, 1, 30}}) {
    expect_as_the_twin(one, one.n_samples);
  }
}

struct Family {
  std::vector<std::uint8_t> labels;
  std::vector<float> x;
  std::size_t n_columns;

  Family(std::size_t n_samples, std::size_t columns, double effect, std::uint64_t seed)
      : labels(association::simulated::labels(n_samples, n_samples / 2, seed)),
        x(association::simulated::activations<float>(labels, columns, effect, seed + 1)),
        n_columns(columns) {}
  [[nodiscard]] MatrixView<const float> view() const { return {x.data(), labels.size(), n_columns}; }
  [[nodiscard]] PermutationTable permute(std::size_t n_permutations, std::uint64_t seed = 4) const {
    const Exchange exchange = exchange_freely(labels);
    const MatrixView<const float> whole = view();
    return permute_family<float>(std::span(&whole, 1), exchange,
                                 PermutedLabels::draw(exchange, n_permutations, seed));
  }
};

void expect_same(const PermutationTable& a, const PermutationTable& b) {
  EXPECT_EQ(a.statistic, b.statistic);
  EXPECT_EQ(a.n_single_step, b.n_single_step);
  EXPECT_EQ(a.n_step_down, b.n_step_down);
  EXPECT_EQ(a.greatest, b.greatest);
  EXPECT_EQ(a.inflation, b.inflation);
  EXPECT_EQ(a.inflation_lo, b.inflation_lo);
  EXPECT_EQ(a.inflation_hi, b.inflation_hi);
  EXPECT_EQ(a.n_effective, b.n_effective);
  ASSERT_EQ(a.rank_bands.size(), b.rank_bands.size());
  for (std::size_t i = 0; i < a.rank_bands.size(); ++i) {
    EXPECT_EQ(a.rank_bands[i].rank, b.rank_bands[i].rank);
    EXPECT_EQ(a.rank_bands[i].lo, b.rank_bands[i].lo);
    EXPECT_EQ(a.rank_bands[i].median, b.rank_bands[i].median);
    EXPECT_EQ(a.rank_bands[i].hi, b.rank_bands[i].hi);
  }
}

TEST(PermuteFamily, ThreadsChangeNoBit) {
  const Family family(60, 1500, 0.6, 21);
  const int before = n_threads();
  set_threads(1);
  const PermutationTable one = family.permute(300);
  for (const int threads : {2, 3, 8}) {
    set_threads(threads);
    expect_same(family.permute(300), one);
  }
  set_threads(before);
}

TEST(PermuteFamily, CutsOfTheFamilyChangeNoBit) {
  const Family family(60, 1500, 0.6, 22);
  const PermutationTable whole = family.permute(300);
  const Exchange exchange = exchange_freely(family.labels);
  std::vector<MatrixView<const float>> parts;
  std::size_t first = 0;
  for (const std::size_t width : {1u, 31u, 512u, 0u, 900u, 56u}) {
    parts.push_back(family.view().block(0, 60, first, width));
    first += width;
  }
  ASSERT_EQ(first, family.n_columns);
  expect_same(permute_family<float>(std::span<const MatrixView<const float>>(parts), exchange,
                                    PermutedLabels::draw(exchange, 300, 4)),
              whole);
}

TEST(PermuteFamily, DoubleOfTheSameNumbersGivesTheSame) {
  const Family family(40, 200, 1, 23);
  const std::vector<double> wide(family.x.begin(), family.x.end());
  const MatrixView<const double> view(wide.data(), 40, 200);
  const Exchange exchange = exchange_freely(family.labels);
  const PermutationTable table =
      permute_family<double>(std::span(&view, 1), exchange, PermutedLabels::draw(exchange, 250, 4));
  expect_same(table, family.permute(250));
}

TEST(PermuteFamily, LabelsThatChangeNothingReachEverything) {
  const Family family(30, 50, 2, 24);
  const Exchange exchange = exchange_freely(family.labels);
  std::vector<std::uint8_t> twice = family.labels;
  for (const std::uint8_t label : family.labels) twice.push_back(label != 0 ? 0 : 1);
  const MatrixView<const float> view = family.view();
  const PermutationTable table =
      permute_family<float>(std::span(&view, 1), exchange, PermutedLabels::of({twice.data(), 2, 30}));
  for (std::size_t c = 0; c < 50; ++c) {
    EXPECT_EQ(table.n_single_step[c], 2u);
    EXPECT_EQ(table.n_step_down[c], 2u);
  }
  EXPECT_EQ(table.greatest.back(), *std::max_element(table.statistic.begin(), table.statistic.end()));
}

// How many of all arrangements that `draw` makes reach the best of many columns, the given labels among them.
std::uint32_t least_reached(const Exchange& exchange, std::size_t n_samples) {
  const PermutedLabels drawn = PermutedLabels::draw(exchange, 2000, 3);
  std::set<std::vector<std::uint8_t>> all;
  for (std::size_t p = 0; p < drawn.n_permutations(); ++p) {
    std::vector<std::uint8_t> labels(drawn.n_items());
    for (std::size_t k = 0; k < labels.size(); ++k) labels[k] = drawn.is_target(p, k) ? 1 : 0;
    all.insert(labels);
  }
  EXPECT_NEAR(static_cast<double>(all.size()), std::pow(10.0, log10_arrangements(exchange)), 1e-9);
  std::vector<std::uint8_t> rows;
  for (const auto& labels : all) rows.insert(rows.end(), labels.begin(), labels.end());
  const PermutedLabels permuted = PermutedLabels::of({rows.data(), all.size(), drawn.n_items()});
  std::uint32_t least = static_cast<std::uint32_t>(all.size());
  Random random(8);
  for (int column = 0; column < 200; ++column) {
    std::vector<float> x(n_samples);
    for (float& value : x) value = static_cast<float>(association::simulated::normal(random));
    const MatrixView<const float> view(x.data(), n_samples, 1);
    least = std::min(least, permute_family<float>(std::span(&view, 1), exchange, permuted).n_single_step[0]);
  }
  return least;
}

TEST(PermuteFamily, TheLeastPOfAllArrangementsIsTheOneForetold) {
  const std::vector<std::uint8_t> labels = {1, 0, 0, 1, 1, 1, 1, 0, 0, 1};
  //                                           items of two labels in a block, and of one, of unequal sizes
  const std::vector<std::uint32_t> mirrored = {1, 1, 2, 2, 3, 3, 3, 4, 5, 6};
  const std::vector<std::uint32_t> uneven = {1, 1, 2, 2, 3, 3, 7, 4, 5, 6};
  for (const auto& [blocks, reached] : {std::pair{mirrored, 2u}, std::pair{uneven, 1u}}) {
    const Exchange exchange = exchange_within(labels, blocks);
    EXPECT_EQ(least_reached(exchange, labels.size()), reached);
    EXPECT_NEAR(neglog10_least_p(exchange), log10_arrangements(exchange) - std::log10(reached), 1e-12);
  }
}

// Columns of small whole numbers have many statistics that are equal but for rounding: as many permutations
// reach them as in exact arithmetic.
TEST(PermuteFamily, TiesAreNotBrokenByRounding) {
  constexpr std::size_t kSamples = 30;
  const auto labels = association::simulated::labels(kSamples, 15, 25);
  std::vector<float> x(kSamples);
  Random random(26);
  for (float& value : x) value = static_cast<float>(random.below(4));
  const Exchange exchange = exchange_freely(labels);
  const PermutedLabels permuted = PermutedLabels::draw(exchange, 4000, 27);
  const MatrixView<const float> view(x.data(), kSamples, 1);
  const PermutationTable table = permute_family<float>(std::span(&view, 1), exchange, permuted);
  int total = 0, own = 0;
  for (std::size_t i = 0; i < kSamples; ++i) {
    total += static_cast<int>(x[i]);
    own += labels[i] * static_cast<int>(x[i]);
  }
  std::uint32_t expected = 0;
  for (std::size_t p = 0; p < permuted.n_permutations(); ++p) {
    int sum = 0;
    for (std::size_t i = 0; i < kSamples; ++i) sum += permuted.is_target(p, i) ? static_cast<int>(x[i]) : 0;
    expected += std::abs(2 * sum - total) >= std::abs(2 * own - total);
  }
  EXPECT_EQ(table.n_single_step[0], expected);
}

// How many of the bands hold the observed statistics of their ranks.
std::size_t n_holding(const PermutationTable& table) {
  std::vector<double> observed;
  for (const double squared : table.statistic) {
    const double r2 = squared / (table.degrees_of_freedom + 1);
    observed.push_back(numeric::neglog10_p_student_t(std::sqrt(table.degrees_of_freedom * r2 / (1 - r2)),
                                                     table.degrees_of_freedom));
  }
  std::sort(observed.rbegin(), observed.rend());
  return static_cast<std::size_t>(
      std::count_if(table.rank_bands.begin(), table.rank_bands.end(), [&](const RankBand& band) {
        const double own = observed[band.rank - 1];
        return band.lo <= own && own <= band.hi;
      }));
}

TEST(PermuteFamily, ObservedStatisticsLeaveTheBandsOfTheirRanksOnlyWithASignal) {
  const PermutationTable null = Family(80, 2000, 0, 41).permute(250);
  ASSERT_EQ(null.rank_bands.size(), 20u);
  EXPECT_EQ(null.rank_bands.front().rank, 1u);
  EXPECT_EQ(null.rank_bands.back().rank, 2000u);
  for (const RankBand& band : null.rank_bands) {
    EXPECT_LE(band.lo, band.median);
    EXPECT_LE(band.median, band.hi);
    const double expected = -std::log10((static_cast<double>(band.rank) - 0.5) / 2000);
    EXPECT_NEAR(band.median, expected, 0.05 + 0.1 * expected) << band.rank;
  }
  // Each band holds 95% of nulls; those of neighbouring ranks hold the same ones.
  constexpr std::uint64_t kNulls = 12;
  std::size_t n_held = 0, n_with_signal = 0;
  for (std::uint64_t seed = 41; seed < 41 + 3 * kNulls; seed += 3) {
    n_held += n_holding(Family(80, 700, 0, seed).permute(200, seed));
    n_with_signal += n_holding(Family(80, 700, 0.6, seed).permute(200, seed));
  }
  constexpr std::size_t kBands = 17;
  EXPECT_GE(n_held, kNulls * kBands * 9 / 10);
  EXPECT_LE(n_with_signal, kNulls * kBands / 10);
  EXPECT_TRUE(Family(80, 2000, 0, 41).permute(199).rank_bands.empty());
}

TEST(PermuteFamily, AFamilyWithoutAUsableColumnHasNoStatistic) {
  const auto labels = association::simulated::labels(10, 5, 1);
  const std::vector<float> x(20, 2.0f);
  const MatrixView<const float> view(x.data(), 10, 2);
  const Exchange exchange = exchange_freely(labels);
  const PermutationTable table =
      permute_family<float>(std::span(&view, 1), exchange, PermutedLabels::draw(exchange, 10, 1));
  EXPECT_EQ(table.n_tests, 0u);
  EXPECT_TRUE(std::isnan(table.statistic[1]));
  EXPECT_TRUE(std::isnan(table.inflation) && std::isnan(table.n_effective));
}

TEST(PermuteFamily, CountsIndependentColumnsAndCopiesOfThem) {
  constexpr std::size_t kSamples = 200;
  constexpr std::size_t kColumns = 1000;
  const auto labels = association::simulated::labels(kSamples, 100, 31);
  std::vector<float> x(kSamples * kColumns), copies(kSamples * kColumns);
  Random random(32);
  for (float& value : x) value = static_cast<float>(association::simulated::normal(random));
  for (std::size_t i = 0; i < x.size(); ++i) copies[i] = x[i - i % kColumns + i % kColumns % 50];
  const Exchange exchange = exchange_freely(labels);
  const PermutedLabels permuted = PermutedLabels::draw(exchange, 2000, 33);
  const MatrixView<const float> view(x.data(), kSamples, kColumns);
  const PermutationTable independent = permute_family<float>(std::span(&view, 1), exchange, permuted);
  // The estimate's standard error is 1/√2000 of itself.
  EXPECT_NEAR(independent.n_effective, 1000, 100);
  EXPECT_GT(independent.inflation, independent.inflation_lo);
  EXPECT_LT(independent.inflation, independent.inflation_hi);
  EXPECT_NEAR(independent.inflation_lo, 1, 0.25);
  EXPECT_NEAR(independent.inflation_hi, 1, 0.25);
  const MatrixView<const float> view_of_copies(copies.data(), kSamples, kColumns);
  const PermutationTable copied = permute_family<float>(std::span(&view_of_copies, 1), exchange, permuted);
  EXPECT_NEAR(copied.n_effective, 50, 5);
  EXPECT_LT(copied.inflation_lo, 0.75) << "twenty copies of fifty columns";
}

}  // namespace
}  // namespace penfield::permutation
