// Test data: samples that are uses of words, as in text, with columns that are unrelated to the labels.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/matrix_view.h"
#include "penfield/base/random.h"

namespace penfield::permutation::simulated {

struct Words {
  std::vector<std::uint8_t> labels;  // [n_samples]
  std::vector<std::uint32_t> word;   // [n_samples]
  std::vector<float> x;              // [n_samples, n_columns]
  std::size_t n_columns = 0;

  [[nodiscard]] MatrixView<const float> view() const { return {x.data(), labels.size(), n_columns}; }
};

enum class Uses {
  kOnce,      // no word occurs twice
  kRepeated,  // the k-th of n_samples words has odds 1/k (Zipf 1949)
};

// A coin decides for each word whether it is a target. `kept` is the share of variance that belongs to the
// word, the rest belongs to the use. So labels are exchangeable between words, and every column is null.
inline Words null_words(std::size_t n_samples, std::size_t n_columns, Uses uses, double kept,
                        std::uint64_t seed) {
  Random random(seed);
  std::vector<double> odds_upto;
  for (std::size_t k = 0; k < n_samples; ++k) {
    odds_upto.push_back((k == 0 ? 0 : odds_upto.back()) + 1.0 / static_cast<double>(k + 1));
  }
  std::vector<std::uint8_t> label_of_word(n_samples);
  for (std::uint8_t& label : label_of_word) label = static_cast<std::uint8_t>(random.below(2));
  Words out;
  out.n_columns = n_columns;
  for (std::size_t i = 0; i < n_samples; ++i) {
    const auto at = std::upper_bound(odds_upto.begin(), odds_upto.end(), random.uniform() * odds_upto.back());
    const auto drawn = static_cast<std::uint32_t>(at - odds_upto.begin());
    out.word.push_back(uses == Uses::kOnce ? static_cast<std::uint32_t>(i) : drawn);
    out.labels.push_back(label_of_word[out.word.back()]);
  }
  std::vector<double> of_word(n_samples * n_columns);
  for (double& value : of_word) value = std::sqrt(kept) * association::simulated::normal(random);
  for (std::size_t i = 0; i < n_samples; ++i) {
    for (std::size_t c = 0; c < n_columns; ++c) {
      out.x.push_back(static_cast<float>(of_word[out.word[i] * n_columns + c] +
                                         std::sqrt(1 - kept) * association::simulated::normal(random)));
    }
  }
  return out;
}

// Words that are used equally often within a label: `target` words of so many uses each, and others. A column
// knows nothing of the labels, but `kept` of a value's variance is the word's own.
struct WordsOfLabel {
  std::size_t n_words = 0, n_uses = 0;
};

inline Words null_words_of_labels(WordsOfLabel target, WordsOfLabel other, std::size_t n_columns, double kept,
                                  std::uint64_t seed) {
  Random random(seed);
  Words out;
  out.n_columns = n_columns;
  for (const auto& [label, words] : {std::pair(std::uint8_t{1}, target), std::pair(std::uint8_t{0}, other)}) {
    for (std::size_t w = 0; w < words.n_words; ++w) {
      std::vector<double> of_word(n_columns);
      for (double& value : of_word) value = std::sqrt(kept) * association::simulated::normal(random);
      const auto word = static_cast<std::uint32_t>(w + (label == 1 ? 0 : target.n_words));
      for (std::size_t use = 0; use < words.n_uses; ++use) {
        out.labels.push_back(label);
        out.word.push_back(word);
        for (const double value : of_word) {
          out.x.push_back(
              static_cast<float>(value + std::sqrt(1 - kept) * association::simulated::normal(random)));
        }
      }
    }
  }
  return out;
}

}  // namespace penfield::permutation::simulated
