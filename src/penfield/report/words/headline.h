// The lead of a report: what survives a critic's questions, in the order of the questions.
#pragma once

#include <string>
#include <vector>

#include "penfield/report/words/report_data.h"

namespace penfield::report {

// Sentences: how many units distinguish the concept from its comparison on unseen words, and the best of
// them; what control lists reach; how many units the near miss leaves. If that cannot be said, one sentence
// with what to do. Empty without held-out text, and if words are not known.
[[nodiscard]] std::vector<std::string> tell_headline(const ReportData& data);

}  // namespace penfield::report
