// What a run asked and what it found, in plain sentences with numbers: the head of the terminal summary and
// of the page.
#pragma once

#include <string>
#include <vector>

#include "penfield/report/words/report_data.h"

namespace penfield::report {

struct RunStory {
  std::string title;               // "proper-noun in gpt2-medium"
  std::vector<std::string> asked;  // the question, and the text it was put to
  std::vector<std::string> found;  // significant, replicated, the strongest units
};

// Text is visible (visible_text.h), UTF-8, not escaped for HTML.
[[nodiscard]] RunStory tell_run(const ReportData& data);

// Of asked and found: what the targets were compared with, and what permuted labels, further draws and the
// nulls gave. A run without controls has none.
[[nodiscard]] std::vector<std::string> tell_controls(const store::RunRecord& run);

// The model as people call it: given as a folder, by the folder's own name; a repository's name
// ("owner/name") stays whole.
[[nodiscard]] std::string model_phrase(const std::string& name);
// "24 layers × 4,096 units at mlp.pre".
[[nodiscard]] std::string units_phrase(const ReportData& data);
// "p < 1.2×10⁻⁵ = 0.05 / 4,096": the border that an uncorrected p was held against.
[[nodiscard]] std::string threshold_phrase(const ReportData& data);

}  // namespace penfield::report
