// What the held-out rows are asked beside the test of the scan, as far as tokens decide it.
#pragma once

#include <optional>

#include "penfield/sample/sample_plan.h"
#include "penfield/study/row_set.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::study {

// held_out: rows_of_plan(plan).held_out. A row, target or comparison, is of an unseen type where its token id
// is none of the discovery targets'. None where there is no held-out text.
[[nodiscard]] std::optional<HeldOutTest> held_out_test(const tokens::TokenStream& stream,
                                                       const sample::SamplePlan& plan,
                                                       const RowSet& held_out);

}  // namespace penfield::study
