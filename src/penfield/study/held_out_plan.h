// What is computed of the held-out rows in addition to the scan's test, as far as tokens decide it.
#pragma once

#include <optional>

#include "penfield/sample/sample_plan.h"
#include "penfield/study/row_set.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::study {

// held_out: rows_of_plan(plan).held_out. A row of either group is unseen if its token id is none of
// the discovery targets'. Empty without held-out text.
[[nodiscard]] std::optional<HeldOutTest> held_out_test(const tokens::TokenStream& stream,
                                                       const sample::SamplePlan& plan,
                                                       const RowSet& held_out);

}  // namespace penfield::study
