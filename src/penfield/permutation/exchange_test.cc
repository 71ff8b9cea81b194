#include "penfield/permutation/exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>

#include "penfield/permutation/permuted_labels.h"

namespace penfield::permutation {
namespace {

using ::testing::ElementsAre;

TEST(Exchange, WithoutBlocksEverySampleIsAnItemOfOneStratum) {
  const std::vector<std::uint8_t> labels = {1, 0, 0, 1, 0};
  const Exchange exchange = exchange_freely(labels);
  EXPECT_THAT(exchange.item_of_sample, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(exchange.label_of_item, ElementsAre(1, 0, 0, 1, 0));
  EXPECT_THAT(exchange.first_of_stratum, ElementsAre(0, 5));
  EXPECT_NEAR(log10_arrangements(exchange), std::log10(10.0), 1e-12);
}

TEST(Exchange, WhereEveryBlockHoldsBothLabelsTheyArePermutedWithin) {
  const std::vector<std::uint8_t> labels = {1, 0, 0, 1, 0};
  const Exchange exchange = exchange_within(labels, std::vector<std::uint32_t>{7, 7, 7, 2, 2});
  EXPECT_EQ(exchange.statistic, Statistic::kScore);
  EXPECT_EQ(exchange.n_blocks_mixed, 2u);
  EXPECT_THAT(exchange.first_of_stratum, ElementsAre(0, 2, 5));
  EXPECT_THAT(exchange.item_of_sample, ElementsAre(2, 3, 4, 0, 1));
  EXPECT_THAT(exchange.label_of_item, ElementsAre(1, 0, 1, 0, 0));
  EXPECT_NEAR(log10_arrangements(exchange), std::log10(3.0 * 2.0), 1e-12);
  EXPECT_FALSE(has_too_few_items(exchange));
}

TEST(Exchange, ElseASampleBelongsToTheItemOfItsBlockAndLabel) {
  //                                        both     all 1    all 0 both all 0
  const std::vector<std::uint8_t> labels = {1, 0, 0, 1, 1, 1, 0, 0, 1, 0};
  const std::vector<std::uint32_t> block = {7, 7, 7, 2, 2, 2, 9, 8, 8, 4};
  const Exchange exchange = exchange_within(labels, block);
  EXPECT_EQ(exchange.statistic, Statistic::kStudentisedMeans);
  EXPECT_EQ(exchange.n_blocks_mixed, 2u);
  EXPECT_EQ(exchange.n_blocks_pure, 3u);
  EXPECT_EQ(exchange.n_target_items, 3u);
  EXPECT_EQ(exchange.n_comparison_items, 4u);
  EXPECT_THAT(exchange.first_of_stratum, ElementsAre(0, 7));
  EXPECT_THAT(exchange.item_of_sample, ElementsAre(2, 3, 3, 0, 0, 0, 6, 5, 4, 1));
  EXPECT_THAT(exchange.label_of_item, ElementsAre(1, 0, 1, 0, 1, 0, 0));
  EXPECT_THAT(exchange.n_samples_of_item, ElementsAre(3, 1, 1, 2, 1, 1, 1));
  EXPECT_NEAR(log10_arrangements(exchange), std::log10(35.0), 1e-12);
  EXPECT_TRUE(has_too_few_items(exchange));
}

TEST(Exchange, TheMirroredArrangementCountsWhereItCanBeReached) {
  const auto least_p = [](const Exchange& exchange) { return std::pow(10.0, -neglog10_least_p(exchange)); };
  EXPECT_NEAR(least_p(exchange_freely(std::vector<std::uint8_t>{1, 1, 1, 0, 0, 0})), 2.0 / 20, 1e-12);
  EXPECT_NEAR(least_p(exchange_freely(std::vector<std::uint8_t>{1, 1, 1, 0, 0, 0, 0})), 1.0 / 35, 1e-12);
  // Items of block and label: as many of each, whatever their sizes; and one more.
  const std::vector<std::uint8_t> labels = {1, 0, 0, 1, 1, 1, 1, 0};
  const std::vector<std::uint32_t> even = {1, 1, 2, 2, 3, 3, 3, 4};
  EXPECT_NEAR(least_p(exchange_within(labels, even)), 2.0 / 20, 1e-12);
  const std::vector<std::uint32_t> one_block_more = {1, 1, 2, 2, 3, 3, 5, 4};
  EXPECT_NEAR(least_p(exchange_within(labels, one_block_more)), 1.0 / 35, 1e-12);
  // Two strata of one of each.
  EXPECT_NEAR(
      least_p(exchange_within(std::vector<std::uint8_t>{1, 0, 0, 1}, std::vector<std::uint32_t>{1, 1, 2, 2})),
      2.0 / 4, 1e-12);
}

std::vector<std::uint8_t> labels_of(const PermutedLabels& permuted, std::size_t p) {
  std::vector<std::uint8_t> out;
  for (std::size_t k = 0; k < permuted.n_items(); ++k) out.push_back(permuted.is_target(p, k) ? 1 : 0);
  return out;
}

TEST(PermutedLabels, AllArrangementsComeEquallyOften) {
  const std::vector<std::uint8_t> labels = {1, 0, 0, 0, 1, 0, 1};
  const std::vector<std::uint32_t> block = {1, 1, 1, 2, 2, 3, 3};
  const Exchange exchange = exchange_within(labels, block);  // 3 · 2 · 2 arrangements
  constexpr std::size_t kDraws = 24000;
  const PermutedLabels permuted = PermutedLabels::draw(exchange, kDraws, 5);
  std::map<std::vector<std::uint8_t>, double> seen;
  for (std::size_t p = 0; p < kDraws; ++p) ++seen[labels_of(permuted, p)];
  ASSERT_EQ(seen.size(), 12u);
  double chi2 = 0;
  for (const auto& [arrangement, n] : seen) chi2 += (n - 2000) * (n - 2000) / 2000;
  EXPECT_LT(chi2, 31.3) << "χ² with 11 degrees of freedom, p = .001";
}

TEST(PermutedLabels, FewerAreTheFirstOfMore) {
  const std::vector<std::uint8_t> labels(100, 1);
  std::vector<std::uint8_t> half = labels;
  std::fill_n(half.begin(), 50, 0);
  const Exchange exchange = exchange_freely(half);
  const PermutedLabels few = PermutedLabels::draw(exchange, 3, 9);
  const PermutedLabels many = PermutedLabels::draw(exchange, 10, 9);
  for (std::size_t p = 0; p < 3; ++p) EXPECT_EQ(labels_of(few, p), labels_of(many, p));
  EXPECT_NE(labels_of(few, 0), labels_of(PermutedLabels::draw(exchange, 1, 10), 0));
}

TEST(Exchange, MeansOfItemsAreExchangedWithinStrata) {
  const std::vector<std::uint8_t> labels = {1, 1, 0, 0, 1, 0};
  const std::vector<std::uint32_t> word = {5, 5, 6, 7, 8, 8}, stratum = {2, 2, 1, 2, 1, 1};
  const Exchange exchange = exchange_means(labels, word, stratum);
  EXPECT_EQ(exchange.statistic, Statistic::kStudentisedMeans);
  // Stratum 1: word 6, word 8 as target and as other; stratum 2: words 5 and 7.
  EXPECT_THAT(exchange.first_of_stratum, ElementsAre(0, 3, 5));
  EXPECT_THAT(exchange.item_of_sample, ElementsAre(3, 3, 0, 4, 1, 2));
  EXPECT_THAT(exchange.label_of_item, ElementsAre(0, 1, 0, 1, 0));
  EXPECT_EQ(exchange.n_target_items, 2u);
  EXPECT_NEAR(log10_arrangements(exchange), std::log10(3.0 * 2.0), 1e-12);
}

}  // namespace
}  // namespace penfield::permutation
