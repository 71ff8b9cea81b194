// Units that must be found among words, in the direction of β, and among documents.
#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "penfield/findings/judge.h"

namespace penfield::findings {
namespace {

// Units with β = 1 and p = 10^−9, in discovery and held out.
LayerFits equal_units(std::size_t n) {
  association::UnitFit unit;
  unit.status = association::FitStatus::kOk;
  unit.beta = 1;
  unit.neglog10_p_lrt = 9;
  const association::FitTable units{
      .n_target = 10, .n_comparison = 12, .rows = std::vector<association::UnitFit>(n, unit)};
  return {.discovery = units, .held_out = units};
}

permutation::ItemTest item_test(double difference, double neglog10_p) {
  return {.difference = difference, .t = difference, .degrees_of_freedom = 40, .neglog10_p = neglog10_p};
}

// Three units whose permuted statistics are reached in `n_reached` of 999 permutations.
permutation::PermutationTable reached_by(std::vector<std::uint32_t> n_reached) {
  permutation::PermutationTable out;
  out.n_permutations = 999;
  out.n_tests = n_reached.size();
  out.statistic.assign(n_reached.size(), 9.0);
  out.n_single_step = n_reached;
  out.n_step_down = std::move(n_reached);
  return out;
}

// β weighs the uses of a word, the test of words each word once: their signs may differ.
TEST(Judge, WordsMustDifferInTheDirectionOfTheUnitWhereTheyAreTheTest) {
  LayerFits fits = equal_units(4);
  fits.words.discovery = {item_test(1, 30), item_test(-1, 30), item_test(1, 30), item_test(-1, 0.1)};
  fits.words.held_out = {item_test(1, 20), item_test(1, 20), item_test(-1, 20), item_test(1, 20)};
  fits.unseen = fits.held_out;
  fits.words.unseen.assign(4, item_test(1, 20));
  fits.words.unseen_auc.assign(4, {.auc = 0.9, .lo = 0.85, .hi = 0.95, .lo_90 = 0.86, .hi_90 = 0.94});
  fits.words.n_unseen = {kFewestWords, kFewestWords};
  const FindingTable t = judge(std::vector<LayerFits>{fits}, {.test = findings::Test::kWords});
  EXPECT_EQ(t.n_significant, 3u);
  EXPECT_TRUE(t.units[0].replicated);
  EXPECT_TRUE(t.units[1].significant);
  EXPECT_FALSE(t.units[1].replicated) << "the words of discovery differ the other way";
  EXPECT_FALSE(t.units[2].replicated) << "the held-out words do";
  EXPECT_EQ(t.units[0].replicated_words, Answer::kYes);
  EXPECT_EQ(t.units[1].replicated_words, Answer::kNo);
  EXPECT_EQ(t.units[2].replicated_words, Answer::kYes);
  const auto is_noted = [](const Finding& unit) {
    return has_note(unit.fit.note, association::FitNote::kDiscordant);
  };
  EXPECT_FALSE(is_noted(t.units[0]));
  EXPECT_TRUE(is_noted(t.units[1]));
  EXPECT_FALSE(is_noted(t.units[3])) << "not significant";
  const FindingTable by_likelihood = judge(std::vector<LayerFits>{fits}, {});
  EXPECT_TRUE(by_likelihood.units[1].replicated && by_likelihood.units[2].replicated)
      << "words are not the test";
  EXPECT_FALSE(is_noted(by_likelihood.units[1]));
}

TEST(Judge, AUnitMustBeFoundAmongWordsAndAmongDocuments) {
  const LayerFits fits = equal_units(4);
  const FindingOptions options{.correction = Correction::kMaxT, .family = Family::kModel};
  const std::vector<permutation::PermutationTable> by_words = {reached_by({0, 0, 100, 9})};
  std::vector<permutation::PermutationTable> by_documents = {reached_by({4, 100, 0, 0})};
  const FindingTable alone = judge(std::vector<LayerFits>{fits}, options, by_words);
  EXPECT_EQ(alone.n_significant, 3u);
  EXPECT_EQ(alone.n_found_by_words, 0u) << "nothing else was asked";
  FindingTable both = judge(std::vector<LayerFits>{fits}, options, by_words, by_documents);
  EXPECT_EQ(both.n_found_by_words, 3u);
  EXPECT_EQ(both.n_significant, 2u);
  EXPECT_TRUE(both.units[0].significant && both.units[3].significant);
  EXPECT_NEAR(both.units[0].neglog10_p_adj, -std::log10(5.0 / 1000), 1e-12) << "the larger p";
  EXPECT_NEAR(both.units[3].neglog10_p_adj, -std::log10(10.0 / 1000), 1e-12);
  EXPECT_EQ(both.n_replicated, 2u) << "no held-out test of documents";
  by_documents[0].statistic[0] = permutation::PermutationTable::kNone;
  both = judge(std::vector<LayerFits>{fits}, options, by_words, by_documents);
  EXPECT_FALSE(both.units[0].significant) << "what has no statistic is not found";
}

TEST(Judge, ReplicatesWhereHeldOutDocumentsAgreeToo) {
  LayerFits fits = equal_units(3);
  fits.unseen = fits.held_out;
  fits.words.unseen = {item_test(1, 9), item_test(1, 9), item_test(1, 9)};
  fits.words.unseen_auc.assign(3, {.auc = 0.9, .lo = 0.85, .hi = 0.95, .lo_90 = 0.86, .hi_90 = 0.94});
  fits.words.n_unseen = {kFewestWords, kFewestWords};
  fits.documents.held_out = {item_test(1, 5), item_test(-1, 5), item_test(1, 0.5)};
  fits.documents.unseen = {item_test(1, 5), item_test(1, 0.5), item_test(-1, 5)};
  const FindingOptions options{.correction = Correction::kMaxT, .family = Family::kModel};
  const std::vector<permutation::PermutationTable> tables = {reached_by({0, 0, 0})};
  const FindingTable by_words = judge(std::vector<LayerFits>{fits}, options, tables);
  EXPECT_EQ(by_words.n_replicated, 3u) << "documents were not asked";
  EXPECT_EQ(by_words.words.n_strong, 3u);
  const FindingTable both = judge(std::vector<LayerFits>{fits}, options, tables, tables);
  EXPECT_TRUE(both.units[0].replicated);
  EXPECT_FALSE(both.units[1].replicated) << "the other sign";
  EXPECT_FALSE(both.units[2].replicated) << "beyond alpha / 3";
  EXPECT_EQ(both.units[0].effect, Effect::kStrong);
  EXPECT_EQ(both.words.n_strong, 1u);
}

}  // namespace
}  // namespace penfield::findings
