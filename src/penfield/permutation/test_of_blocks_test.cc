#include "penfield/permutation/test_of_blocks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/parallel.h"
#include "penfield/base/random.h"
#include "penfield/permutation/permute_family.h"

namespace penfield::permutation {
namespace {

// Documents 0 to 3; 0 and 1 hold both labels, 2 and 3 one.
const std::vector<std::uint8_t> kLabelsOfTokens = {1, 0, 1, 0, 0, 1, 1, 0};
const std::vector<std::uint32_t> kDocuments = {0, 0, 0, 1, 1, 1, 2, 3};
const std::vector<float> kActivations = {2, 0.5, 3, -1, 0, 1.5, 4, 1};

ItemTest test_of(const std::vector<float>& values) {
  const Exchange exchange = flip_signs(kLabelsOfTokens, kDocuments);
  return test_block_scores(MatrixView<const float>(values.data(), values.size(), 1), exchange)[0];
}

TEST(TestOfBlocks, IsStudentsTestOfTheScoresOfDocuments) {
  const ItemTest test = test_of(kActivations);
  // s = numpy.add.reduceat((y - y.mean())*(x - x.mean()), [0, 3, 6, 7]), T = s.sum()/sqrt((s**2).sum()), t =
  // T*sqrt(3/(4 - T**2)), p = 2*scipy.stats.t.sf(t, 3); NumPy 2 and SciPy 1.17.1.
  EXPECT_NEAR(test.t, 3.318007581655985, 1e-12);
  EXPECT_EQ(test.degrees_of_freedom, 3);
  EXPECT_NEAR(test.neglog10_p, -std::log10(0.04512119051374959), 1e-12);
  EXPECT_NEAR(test.difference, 2.5, 1e-12);  // the slope of x on the labels
}

TEST(TestOfBlocks, HasNoValueWhereThereIsNone) {
  EXPECT_TRUE(std::isnan(test_of(std::vector<float>(8, 3.0f)).neglog10_p));
  std::vector<float> values = kActivations;
  values[2] = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(std::isnan(test_of(values).neglog10_p));
  const std::vector<std::uint32_t> one_document(8, 5);
  const auto tests = test_block_scores(MatrixView<const float>(kActivations.data(), 8, 1),
                                       flip_signs(kLabelsOfTokens, one_document));
  EXPECT_TRUE(std::isnan(tests[0].neglog10_p));
}

TEST(TestOfBlocks, ACommonValueCostsNoDigits) {
  std::vector<float> shifted = kActivations;
  for (float& value : shifted) value += 1'048'576.0f;
  EXPECT_NEAR(test_of(shifted).t, test_of(kActivations).t, 1e-9);
}

// Tokens of a document share a normal effect; labels know nothing of it.
struct Corpus {
  std::vector<std::uint8_t> labels;
  std::vector<std::uint32_t> documents;
  std::vector<float> x;
  std::size_t n_columns;

  enum class Labels { kOfDocuments, kOfTokens, kOfPassages };
  Corpus(std::size_t n_documents, std::size_t columns, Labels kind, std::uint64_t seed) : n_columns(columns) {
    Random random(seed);
    std::vector<double> effect(columns), of_passage(columns);
    for (std::uint32_t d = 0; d < n_documents; ++d) {
      std::uint8_t label = static_cast<std::uint8_t>(d % 2);
      const std::size_t n = 10 + random.below(40);
      for (double& one : effect) one = association::simulated::normal(random);
      for (std::size_t i = 0; i < n; ++i) {
        if (i % 8 == 0) {
          for (double& one : of_passage) one = association::simulated::normal(random);
          if (kind == Labels::kOfPassages) label = static_cast<std::uint8_t>(random.below(2));
        }
        if (kind == Labels::kOfTokens) label = static_cast<std::uint8_t>(random.below(2));
        labels.push_back(label);
        documents.push_back(d);
        for (std::size_t c = 0; c < columns; ++c)
          x.push_back(static_cast<float>(effect[c] + of_passage[c] + association::simulated::normal(random)));
      }
    }
  }
  [[nodiscard]] MatrixView<const float> view() const { return {x.data(), labels.size(), n_columns}; }
};

bool finds_anything(const Corpus& corpus, const Exchange& exchange, std::uint64_t seed) {
  const MatrixView<const float> view = corpus.view();
  const PermutationTable table =
      permute_family<float>(std::span(&view, 1), exchange, PermutedLabels::draw(exchange, 199, seed));
  for (const std::uint32_t n : table.n_step_down) {
    if (n < 9) return true;  // (1 + n)/200 < .05
  }
  return false;
}

// 200 families of 40 columns: binomial(200, .05) is at most 18 with probability .99.
TEST(SignFlips, HoldTheLevelWhateverTokensOfADocumentShare) {
  for (const auto kind :
       {Corpus::Labels::kOfDocuments, Corpus::Labels::kOfTokens, Corpus::Labels::kOfPassages}) {
    int n_found = 0, n_found_freely = 0;
    for (std::uint64_t run = 0; run < 200; ++run) {
      const Corpus corpus(30, 40, kind, 100 + run);
      n_found += finds_anything(corpus, flip_signs(corpus.labels, corpus.documents), run) ? 1 : 0;
      n_found_freely += finds_anything(corpus, exchange_freely(corpus.labels), run) ? 1 : 0;
    }
    EXPECT_LE(n_found, 18) << static_cast<int>(kind);
    if (kind != Corpus::Labels::kOfTokens) {
      EXPECT_GT(n_found_freely, 150) << static_cast<int>(kind);
    }
  }
}

TEST(SignFlips, AndStudentsTestAreOfOneStatistic) {
  const Corpus corpus(30, 40, Corpus::Labels::kOfDocuments, 7);
  const Exchange exchange = flip_signs(corpus.labels, corpus.documents);
  const MatrixView<const float> view = corpus.view();
  const PermutationTable table =
      permute_family<float>(std::span(&view, 1), exchange, PermutedLabels::draw(exchange, 99, 1));
  const std::vector<ItemTest> tests = test_block_scores(view, exchange);
  for (std::size_t c = 0; c < corpus.n_columns; ++c) {
    const double t2 = table.statistic[c] * 29 / (30 - table.statistic[c]);
    EXPECT_NEAR(t2, tests[c].t * tests[c].t, 1e-4 * std::max(1.0, t2)) << c;
  }
  EXPECT_EQ(table.degrees_of_freedom, 29);
}

TEST(SignFlips, AreTheSameAtAnyNumberOfThreads) {
  const Corpus corpus(25, 300, Corpus::Labels::kOfTokens, 3);
  const Exchange exchange = flip_signs(corpus.labels, corpus.documents);
  const int before = n_threads();
  const auto table = [&](int threads) {
    set_threads(threads);
    const MatrixView<const float> view = corpus.view();
    return permute_family<float>(std::span(&view, 1), exchange, PermutedLabels::draw(exchange, 300, 2));
  };
  const PermutationTable one = table(1), four = table(4);
  set_threads(before);
  EXPECT_EQ(one.n_step_down, four.n_step_down);
  EXPECT_EQ(one.statistic, four.statistic);
}

TEST(SignFlips, HaveAllSignsAndKnowTheLeastP) {
  const std::vector<std::uint8_t> labels = {1, 0, 1, 0, 1, 0};
  const std::vector<std::uint32_t> documents = {0, 0, 1, 1, 2, 2};
  const Exchange exchange = flip_signs(labels, documents);
  EXPECT_EQ(exchange.n_items(), 4u);
  EXPECT_NEAR(log10_arrangements(exchange), std::log10(8.0), 1e-12);
  EXPECT_NEAR(neglog10_least_p(exchange), std::log10(4.0), 1e-12);
  const PermutedLabels drawn = PermutedLabels::draw(exchange, 400, 1);
  std::vector<int> count(8, 0);
  for (std::size_t p = 0; p < 400; ++p) {
    int signs = 0;
    for (std::size_t k = 0; k < 3; ++k) signs += drawn.is_target(p, k) ? 1 << k : 0;
    ++count[static_cast<std::size_t>(signs)];
    EXPECT_TRUE(drawn.is_target(p, 3));
  }
  for (const int n : count) EXPECT_NEAR(n, 50, 30);
}

}  // namespace
}  // namespace penfield::permutation
