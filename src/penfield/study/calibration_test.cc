// Error rates under the null, by simulation: a correction holds where the share of layers with any finding is
// within the binomial band of alpha, and is shown to fail where it does not. The large runs are
// bench/calibration.cc.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/clustered_auc.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/findings/judge.h"
#include "penfield/permutation/permute_family.h"
#include "penfield/permutation/simulated_words_for_tests.h"
#include "penfield/study/rows/held_out_plan.h"

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
  for (const auto& [target, other] :
       {Design{{5, 50}, {250, 1}}, Design{{20, 12}, {240, 1}}, Design{{240, 1}, {20, 12}},
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

// Tokens of 500 words, the k-th with odds 1/(k + 20); a coin labels each word.
struct ZipfText {
  std::vector<std::uint8_t> label_of_word;
  RowSet discovery, held_out;

  explicit ZipfText(Random& random) {
    std::vector<double> odds_upto;
    for (int k = 0; k < 500; ++k) {
      odds_upto.push_back((odds_upto.empty() ? 0 : odds_upto.back()) + 1.0 / (k + 20));
      label_of_word.push_back(static_cast<std::uint8_t>(random.below(2)));
    }
    for (std::uint32_t row = 0; row < 1200; ++row) {
      const double at = random.uniform() * odds_upto.back();
      const auto word =
          static_cast<std::uint32_t>(std::ranges::upper_bound(odds_upto, at) - odds_upto.begin());
      RowSet& set = row < 600 ? discovery : held_out;
      set.rows.push_back(row);
      set.words.push_back(word);
      set.labels.push_back(label_of_word[word]);
    }
  }
};

// Columns that hold, for each word, a number: its label in discovery where discovery has the word, and
// anything where it has not. Such a table knows nothing, and its AUC on unseen words is ½.
TEST(Calibration, ATableOfDiscoverysWordsTellsNothingOfUnseenWords) {
  constexpr std::size_t kTables = 200;
  Random random(3);
  const ZipfText text(random);
  const HeldOutTest test =
      *held_out_test(text.discovery, text.held_out, std::numeric_limits<double>::quiet_NaN());
  std::vector<bool> is_seen(text.label_of_word.size(), false);
  for (const std::uint32_t word : text.discovery.words) is_seen[word] = true;
  std::vector<std::vector<float>> tables(text.label_of_word.size(), std::vector<float>(kTables));
  for (std::size_t word = 0; word < tables.size(); ++word) {
    for (float& value : tables[word]) {
      value = static_cast<float>(association::simulated::normal(random));
      if (is_seen[word]) value = 0.2f * value + static_cast<float>(text.label_of_word[word]);
    }
  }
  const auto areas = [&](const RowSet& rows) {
    std::vector<float> x;
    for (const std::uint32_t word : rows.words) x.insert(x.end(), tables[word].begin(), tables[word].end());
    return association::ClusteredSamples(rows.labels, rows.words)
        .areas(MatrixView<const float>(x.data(), rows.size(), kTables));
  };
  int n_covered = 0;
  for (const association::ClusteredAuc& area : areas(test.unseen))
    n_covered += area.lo <= 0.5 && 0.5 <= area.hi ? 1 : 0;
  EXPECT_GE(n_covered, 182);  // binomial(200, .95) is below with probability .008
  for (const association::ClusteredAuc& area : areas(text.held_out))
    EXPECT_GT(area.lo, 0.7) << "of all words";
}

}  // namespace
}  // namespace penfield::study
