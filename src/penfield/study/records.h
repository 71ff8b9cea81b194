// Fills in the record of a study for run.json from what its stages decided and found.
#pragma once

#include <span>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/findings/finding.h"
#include "penfield/findings/judge.h"
#include "penfield/model/model.h"
#include "penfield/store/run_record.h"
#include "penfield/study/prepare.h"
#include "penfield/study/storage/weight_hashes.h"

namespace penfield::study {

void record_text(const Prepared& prepared, store::RunRecord& run);
void record_options(const StudyRequest& request, const StudyPlan& plan, std::string_view version,
                    store::RunRecord& run);
void record_findings(const findings::FindingTable& table, store::RunRecord& run);
void record_controls(const Prepared& prepared, std::span<const findings::Finding> units,
                     store::ControlRecord& controls);
// Does nothing if no labels were permuted.
void record_permutations(const Prepared& prepared, std::uint64_t n_found_by_words, store::RunRecord& run);
[[nodiscard]] store::ModelRecord record_model(const StudyRequest& request, const Prepared& prepared,
                                              const model::Model& model, const WeightHashes::Hashes& hashes);

}  // namespace penfield::study
