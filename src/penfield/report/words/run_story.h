// What a run asked and found, in sentences with numbers: the head of the terminal summary and, through the
// payload, of the page.
#pragma once

#include <string>
#include <vector>

#include "penfield/report/words/report_data.h"
#include "penfield/report/words/sentence.h"

namespace penfield::report {

struct RunFact {
  std::string name;   // "Discovery"
  std::string value;  // "1,204 target tokens and …"
};

struct RunStory {
  std::string title;                  // "proper-noun in gpt2-medium"
  std::string question;               // "Of 98,304 units in gpt2-medium, which ones …?"
  std::vector<Sentence> found;        // what survives (headline.h); significant, replicated, the strongest
  std::vector<std::string> controls;  // as tell_controls
  std::vector<RunFact> facts;         // model, text, samples, rule, test, threshold, seed
};

// Text is visible (visible_text.h), UTF-8, not escaped for HTML.
[[nodiscard]] RunStory tell_run(const ReportData& data);

// Sentences about the comparison group, permuted labels, further draws and null scans. A run without controls
// has none.
[[nodiscard]] std::vector<std::string> tell_controls(const store::RunRecord& run);

// The model's display name: the name of its folder, or the whole name of a repository
// ("owner/name").
[[nodiscard]] std::string model_phrase(const std::string& name);
// The name of the concept; "target" where it has none.
[[nodiscard]] std::string concept_phrase(const store::RunRecord& run);
// "Bonferroni within each layer", "no correction".
[[nodiscard]] std::string correction_phrase(const store::RunRecord& run);
// "24 layers × 4,096 units at mlp.pre".
[[nodiscard]] std::string units_phrase(const ReportData& data);
// "p < 1.2×10⁻⁵ = 0.05 / 4,096": the threshold for an uncorrected p.
[[nodiscard]] std::string threshold_phrase(const ReportData& data);

}  // namespace penfield::report
