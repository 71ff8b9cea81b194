// Permuted labels in a study: which sampled tokens are exchanged, and the permutations of every layer.
#pragma once

#include <cstdint>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/findings/finding.h"
#include "penfield/permutation/exchange.h"
#include "penfield/permutation/permutation_table.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/store/run_record.h"
#include "penfield/study/rows/permutation_options.h"
#include "penfield/study/rows/row_set.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::study {

// How many permutations of which labels a study makes.
struct PermutationPlan {
  std::uint64_t n_permutations = 0;  // 0: none
  std::uint64_t seed = 0;
  PermuteWithin within = PermuteWithin::kNone;
  double alpha = 0.05;  // of the scan
};

// One table a layer of the store (of one site), in its order, or one of all together; empty where none were
// made.
struct LayerPermutations {
  std::vector<permutation::PermutationTable> chosen;
  std::vector<permutation::PermutationTable> documents;  // where a unit must be found by both
};

// Sets the blocks of `rows`, which are samples of `plan`.
void set_blocks(PermuteWithin within, const tokens::TokenStream& stream, const sample::SamplePlan& plan,
                RowSet& rows);

// How the labels of `rows` may be exchanged. kBadInput: too few items of a label.
[[nodiscard]] Result<permutation::Exchange> exchange_of(PermuteWithin within, const RowSet& rows);

[[nodiscard]] store::PermutationRecord record_permutation(const PermutationPlan& plan, findings::MaxT max_t,
                                                          const permutation::Exchange& exchange);

// How documents were the observations, and of how many; without the findings.
[[nodiscard]] store::DocumentRecord record_documents(const PermutationPlan& plan, const SplitRows& rows);

// Reports the stage "permute" in layers read. Errors: those of exchange_of, of the store and of `watch`.
[[nodiscard]] Result<LayerPermutations> permute_layers(const activations::ActivationStore& store,
                                                       const RowSet& rows, findings::Family family,
                                                       const PermutationPlan& plan, const Watch& watch = {});

}  // namespace penfield::study
