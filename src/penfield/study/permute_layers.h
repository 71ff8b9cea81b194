// Permuted labels in a study: which sampled tokens are exchanged, and the permutations of every layer.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/findings/finding.h"
#include "penfield/permutation/exchange.h"
#include "penfield/permutation/permutation_table.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/store/run_record.h"
#include "penfield/study/permutation_options.h"
#include "penfield/study/row_set.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::study {

// What a permutation needs to know of the captured rows.
struct PermutationPlan {
  std::uint64_t n_permutations = 0;  // 0: none
  std::uint64_t seed = 0;
  PermuteWithin within = PermuteWithin::kNone;
  std::vector<std::uint32_t> block_of_row;  // [captured samples]: token id or document; empty with kNone
};

// plan: its samples are the captured rows.
[[nodiscard]] PermutationPlan plan_permutations(const tokens::TokenStream& stream,
                                                const sample::SamplePlan& plan,
                                                const PermutationRequest& request,
                                                findings::Correction correction, std::uint64_t seed);

// How the labels of `rows` may be exchanged. kBadInput: not at all; names what is alike.
[[nodiscard]] Result<permutation::Exchange> exchange_of(const PermutationPlan& plan, const RowSet& rows);

[[nodiscard]] store::PermutationRecord record_permutation(const PermutationPlan& plan, findings::MaxT max_t,
                                                          const permutation::Exchange& exchange);

// Called first, and after each layer of each reading; true: go on.
using PermuteProgress = std::function<bool(std::uint64_t n_done, std::uint64_t n)>;

// The permutations of every layer of the store (of one site), in its order, or of all together; empty where
// none are asked for. Errors: exchange_of's and the store's; kInterrupted: `progress` said so.
[[nodiscard]] Result<std::vector<permutation::PermutationTable>> permute_layers(
    const activations::ActivationStore& store, const RowSet& rows, findings::Family family,
    const PermutationPlan& plan, const PermuteProgress& progress = {});

}  // namespace penfield::study
