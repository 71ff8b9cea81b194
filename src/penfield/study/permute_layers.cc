#include "penfield/study/permute_layers.h"

#include <algorithm>
#include <string>

#include "penfield/findings/names.h"
#include "penfield/permutation/permute_family.h"
#include "penfield/permutation/permuted_labels.h"

namespace penfield::study {
namespace {

std::uint32_t block_of_token(const tokens::TokenStream& stream, std::uint64_t t, PermuteWithin within) {
  if (within == PermuteWithin::kTokenType) return static_cast<std::uint32_t>(stream.ids[t]);
  return stream.document_of(t);
}

}  // namespace

PermutationPlan plan_permutations(const tokens::TokenStream& stream, const sample::SamplePlan& plan,
                                  const PermutationRequest& request, findings::Correction correction,
                                  std::uint64_t seed) {
  PermutationPlan out{.n_permutations = n_permutations_of(request, correction),
                      .seed = seed,
                      .within = within_of(request),
                      .block_of_row = {}};
  if (out.within == PermuteWithin::kNone) return out;
  for (const sample::Sample& sample : plan.samples) {
    const std::uint64_t t = plan.windows[sample.window].first_token + sample.position;
    out.block_of_row.push_back(block_of_token(stream, t, out.within));
  }
  return out;
}

Result<permutation::Exchange> exchange_of(const PermutationPlan& plan, const RowSet& rows) {
  if (plan.within == PermuteWithin::kNone) return permutation::exchange_freely(rows.labels);
  std::vector<std::uint32_t> blocks;
  blocks.reserve(rows.size());
  for (const std::uint32_t row : rows.rows) blocks.push_back(plan.block_of_row[row]);
  permutation::Exchange exchange = permutation::exchange_within(rows.labels, blocks);
  if (exchange.n_items() > 0) return exchange;
  return bad_input(
      "--permute-within {}: no label of the {} discovery tokens can be exchanged, as all {} have one label",
      permute_within_name(plan.within), rows.size(),
      plan.within == PermuteWithin::kDocument ? "documents" : "token types");
}

store::PermutationRecord record_permutation(const PermutationPlan& plan, findings::MaxT max_t,
                                            const permutation::Exchange& exchange) {
  const bool in_blocks = plan.within != PermuteWithin::kNone;
  return {.within = std::string(permute_within_name(plan.within)),
          .n_permutations = plan.n_permutations,
          .max_t = std::string(findings::max_t_name(max_t)),
          .n_blocks_within = in_blocks ? exchange.n_blocks_within : 0,
          .n_blocks_whole = exchange.n_blocks_whole,
          .n_blocks_fixed = exchange.n_blocks_fixed,
          .n_samples_fixed = exchange.n_samples_fixed,
          .log10_arrangements = permutation::log10_arrangements(exchange)};
}

Result<std::vector<permutation::PermutationTable>> permute_layers(const activations::ActivationStore& store,
                                                                  const RowSet& rows, findings::Family family,
                                                                  const PermutationPlan& plan,
                                                                  const PermuteProgress& progress) {
  if (plan.n_permutations == 0) return std::vector<permutation::PermutationTable>{};
  PENFIELD_TRY(const permutation::Exchange exchange, exchange_of(plan, rows));
  const auto permuted = permutation::PermutedLabels::draw(exchange, plan.n_permutations, plan.seed);
  const std::uint64_t n_layers = store.plan().taps.sites.size() * store.plan().taps.layers.size();
  const bool a_family_a_layer = family == findings::Family::kLayer;
  std::vector<float> scratch;
  std::uint64_t n_read = 0;
  const auto goes_on = [&] { return !progress || progress(n_read, std::max(n_read, 2 * n_layers)); };
  if (!goes_on()) return fail(ErrorKind::kInterrupted, "stopped; nothing was written");
  const permutation::EachBlock<float> each_block = [&](const permutation::ColumnsOfFamily<float>& take) {
    std::uint64_t layer = 0;
    return store.for_each_block([&](const activations::ActivationBlock& block) -> Result<void> {
      if (block.first_unit == 0) {
        ++layer;
        ++n_read;
        if (!goes_on()) return fail(ErrorKind::kInterrupted, "stopped; nothing was written");
      }
      take(a_family_a_layer ? layer - 1 : 0, gather_rows(block.view(), rows, scratch));
      return {};
    });
  };
  return permutation::permute_families<float>(a_family_a_layer ? n_layers : 1, each_block, exchange,
                                              permuted);
}

}  // namespace penfield::study
