// What is computed of the held-out rows in addition to the scan's test, as far as words decide it.
#pragma once

#include <optional>

#include "penfield/study/rows/row_set.h"

namespace penfield::study {

// discovery, held_out: rows of one plan, with their words. prevalence: of targets in the held-out text; NaN:
// not known. Empty without held-out text.
[[nodiscard]] std::optional<HeldOutTest> held_out_test(const RowSet& discovery, const RowSet& held_out,
                                                       double prevalence);

}  // namespace penfield::study
