// The scan of control lists (labels/control_list.h): the same sampling, matching, test and replication, of
// random words in place of the concept's, over one capture.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/sample/plan_samples.h"
#include "penfield/store/control_record.h"
#include "penfield/study/find_units.h"
#include "penfield/study/labelled_text.h"
#include "penfield/study/rows/row_set.h"

namespace penfield::study {

// The number of permutations of a list's scan where that of the concept has n: as many as give a level of at
// least nine tenths of alpha, and no fewer than 199, but at most n.
[[nodiscard]] std::uint64_t list_permutations(std::uint64_t n, double alpha);

// Why the samples of a list cannot be fitted and tested as those of the concept are, if they cannot.
using CheckOfList = std::function<Result<void>(const sample::SamplePlan& list)>;

// Plans of n control lists. A list whose words are too few in the windows, find no match, or do not pass
// `check` is drawn again, a few times; then kBadInput, with the last reason. options, traits: those of the
// scan.
[[nodiscard]] Result<std::vector<sample::SamplePlan>> plan_control_lists(
    const LabelledText& labelled, const sample::SampleOptions& options, const sample::TokenTraits& traits,
    std::uint64_t n, const CheckOfList& check, const Watch& watch = {});

// One scan a list, with list_permutations; sets the selectivity of every unit of `found`, the scan of
// the concept. Reports the stage "null" in runs. Errors: those of find_units.
[[nodiscard]] Result<store::NullRecord> scan_control_lists(const activations::ActivationStore& store,
                                                           const std::vector<SplitRows>& lists,
                                                           const ScanTest& test, const Watch& watch,
                                                           findings::FindingTable& found);

}  // namespace penfield::study
