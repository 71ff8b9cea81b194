// What the targets were compared with, and what the same scan finds where there is nothing to find, in plain
// sentences. A run without controls has none.
#pragma once

#include <string>
#include <vector>

#include "penfield/store/run_record.h"

namespace penfield::report {

// Of the comparison group: the concept, matching with what is left of the differences, the cap.
[[nodiscard]] std::vector<std::string> comparison_sentences(const store::RunRecord& run);

// Of what was found: how much of it every draw finds, and what each null finds.
[[nodiscard]] std::vector<std::string> null_sentences(const store::RunRecord& run);

}  // namespace penfield::report
