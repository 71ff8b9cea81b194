// What a run asked and found, in sentences with numbers: the head of the terminal summary and of the
// page.
#pragma once

#include <string>
#include <vector>

#include "penfield/report/words/report_data.h"

namespace penfield::report {

struct RunStory {
  std::string title;               // "proper-noun in gpt2-medium"
  std::vector<std::string> asked;  // the question and the text
  std::vector<std::string> found;  // what survives (headline.h); significant, replicated, the strongest units
};

// Text is visible (visible_text.h), UTF-8, not escaped for HTML.
[[nodiscard]] RunStory tell_run(const ReportData& data);

// Sentences about the comparison group, permuted labels, further draws and null scans. A run without controls
// has none.
[[nodiscard]] std::vector<std::string> tell_controls(const store::RunRecord& run);

// The model's display name: the name of its folder, or the whole name of a repository
// ("owner/name").
[[nodiscard]] std::string model_phrase(const std::string& name);
// "24 layers × 4,096 units at mlp.pre".
[[nodiscard]] std::string units_phrase(const ReportData& data);
// "p < 1.2×10⁻⁵ = 0.05 / 4,096": the threshold for an uncorrected p.
[[nodiscard]] std::string threshold_phrase(const ReportData& data);

}  // namespace penfield::report
