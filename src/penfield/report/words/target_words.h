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

// The n words that the run recorded as targets most often, most frequent first. Of a run that recorded none,
// as of one's own activations: those of the discovery text in data.heatmaps, ties in the order of the
// alphabet, or without that text the most frequent target tokens.
[[nodiscard]] std::vector<TargetWord> target_words(const ReportData& data, std::size_t n);

}  // namespace penfield::report
