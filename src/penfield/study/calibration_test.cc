// Error rates under the null, by simulation: a correction holds where the share of layers with any finding is
// within the binomial band of alpha, and is shown to fail where it does not. The large runs are
// bench/calibration.cc.
#include <gtest/gtest.h>

#include "penfield/association/fit.h"
#include "penfield/findings/judge.h"
#include "penfield/permutation/permute_family.h"
#include "penfield/permutation/simulated_words_for_tests.h"

namespace penfield::study {
namespace {

using findings::Correction;
using permutation::Exchange;
using permutation::simulated::Uses;
using permutation::simulated::Words;

constexpr int kLayers = 100;
constexpr double kAlpha = 0.05;
// P(X > 11) < .5% for X ~ binomial(100, .05).
constexpr int kBand = 11;

struct LayersWithFindings {
  int bonferroni = 0, free = 0, by_word = 0;
};

bool any_found(const Words& words, Correction correction, const Exchange& exchange, std::uint64_t seed) {
  findings::LayerFits fits;
  fits.discovery = association::fit_columns(words.view(), words.labels);
  std::vector<permutation::PermutationTable> permutations;
  if (correction == Correction::kMaxT) {
    const MatrixView<const float> x = words.view();
    permutations.push_back(permutation::permute_family<float>(
        std::span(&x, 1), exchange, permutation::PermutedLabels::draw(exchange, 200, seed)));
  }
  const findings::FindingOptions options{findings::Test::kLrt, correction, findings::Family::kLayer, kAlpha};
  return findings::judge(std::span(&fits, 1), options, permutations).n_significant > 0;
}

LayersWithFindings count(Uses uses) {
  LayersWithFindings out;
  for (std::uint64_t layer = 0; layer < kLayers; ++layer) {
    const Words words = permutation::simulated::null_words(120, 60, uses, 0.8, 1000 + layer);
    const Exchange free = permutation::exchange_freely(words.labels);
    out.bonferroni += any_found(words, Correction::kBonferroni, free, layer) ? 1 : 0;
    out.free += any_found(words, Correction::kMaxT, free, layer) ? 1 : 0;
    const Exchange by_word = permutation::exchange_within(words.labels, words.word);
    out.by_word += any_found(words, Correction::kMaxT, by_word, layer) ? 1 : 0;
  }
  return out;
}

TEST(Calibration, HoldsWhereSamplesAreIndependent) {
  const LayersWithFindings found = count(Uses::kOnce);
  EXPECT_LE(found.bonferroni, kBand);
  EXPECT_LE(found.free, kBand);
  EXPECT_LE(found.by_word, kBand);
}

TEST(Calibration, HoldsForRepeatedWordsOnlyWhereTheyAreExchangedWhole) {
  const LayersWithFindings found = count(Uses::kRepeated);
  EXPECT_LE(found.by_word, kBand);
  EXPECT_GT(found.bonferroni, 50) << "docs/numerics/permutation.md says otherwise";
  EXPECT_GT(found.free, 50) << "docs/numerics/permutation.md says otherwise";
}

// Words of unequal numbers of uses: sums over words would find units in up to all layers.
TEST(Calibration, HoldsWhereTheWordsOfOneLabelAreUsedMoreOften) {
  using permutation::simulated::WordsOfLabel;
  struct Design {
    WordsOfLabel target, other;
  };
  for (const auto& [target, other] : {Design{{20, 12}, {240, 1}}, Design{{240, 1}, {20, 12}},
                                      Design{{6, 40}, {14, 40}}, Design{{25, 2}, {25, 20}}}) {
    int n_found = 0;
    for (std::uint64_t layer = 0; layer < kLayers; ++layer) {
      const Words words = permutation::simulated::null_words_of_labels(target, other, 60, 0.8, 5000 + layer);
      const Exchange exchange = permutation::exchange_within(words.labels, words.word);
      n_found += any_found(words, Correction::kMaxT, exchange, layer) ? 1 : 0;
    }
    EXPECT_LE(n_found, kBand) << target.n_words << " words of " << target.n_uses << " uses";
  }
}

}  // namespace
}  // namespace penfield::study
