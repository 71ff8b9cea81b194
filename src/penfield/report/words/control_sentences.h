// Sentences about what the targets were compared with and what null scans found. A run without controls has
// none.
#pragma once

#include <string>
#include <vector>

#include "penfield/store/run_record.h"

namespace penfield::report {

// About the comparison group: the concept, matching and the remaining differences, the cap.
[[nodiscard]] std::vector<std::string> comparison_sentences(const store::RunRecord& run);

// About the findings: how many every draw finds, and what each null scan finds.
[[nodiscard]] std::vector<std::string> null_sentences(const store::RunRecord& run);

}  // namespace penfield::report
