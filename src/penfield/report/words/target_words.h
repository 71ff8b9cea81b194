// The words that are targets most often. Tokens of a byte-pair encoder are often pieces of words ("·S",
// "ault"), which say little to a reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "penfield/report/words/report_data.h"

namespace penfield::report {

struct TargetWord {
  std::string word;  // visible (visible_text.h)
  std::uint64_t n_target = 0;
};

// The n words of the discovery text in data.heatmaps whose tokens are targets most often, most frequent
// first, ties in the order of the alphabet. Without that text: the most frequent target tokens that the run
// recorded.
[[nodiscard]] std::vector<TargetWord> target_words(const ReportData& data, std::size_t n);

}  // namespace penfield::report
