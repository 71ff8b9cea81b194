#include "penfield/study/permute_layers.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/findings/names.h"
#include "penfield/permutation/permute_family.h"
#include "penfield/permutation/permuted_labels.h"
#include "penfield/permutation/score_panel.h"
#include "penfield/study/layer_share.h"
#include "penfield/study/rows/by_document.h"

namespace penfield::study {
namespace {

std::uint32_t block_of_token(const tokens::TokenStream& stream, std::uint64_t t, PermuteWithin within) {
  if (is_of_words(within)) return static_cast<std::uint32_t>(stream.ids[t]);
  return stream.document_of(t);
}

std::string statistic_name(permutation::Statistic statistic) {
  switch (statistic) {
    case permutation::Statistic::kScore:
      return "score";
    case permutation::Statistic::kStudentisedMeans:
      return "studentised-means";
    case permutation::Statistic::kSignFlips:
      return "sign-flips";
  }
  PENFIELD_CHECK(false);
}

using Tables = std::vector<permutation::PermutationTable>;

}  // namespace

void set_blocks(PermuteWithin within, const tokens::TokenStream& stream, const sample::SamplePlan& plan,
                RowSet& rows) {
  rows.blocks.clear();
  if (within == PermuteWithin::kNone) return;
  for (const std::uint32_t row : rows.rows) {
    const sample::Sample& sample = plan.samples[row];
    const std::uint64_t t = plan.windows[sample.window].first_token + sample.position;
    rows.blocks.push_back(block_of_token(stream, t, within));
  }
}

Result<permutation::Exchange> exchange_of(PermuteWithin within, const RowSet& rows) {
  if (rows.blocks.empty()) return permutation::exchange_freely(rows.labels);
  permutation::Exchange exchange =
      is_of_words(within) ? permutation::exchange_means(rows.labels, rows.words, rows.word_strata)
                          : permutation::exchange_within(rows.labels, rows.blocks);
  if (!permutation::has_too_few_items(exchange)) return exchange;
  const std::string_view block = within == PermuteWithin::kDocument ? "documents" : "token types";
  return bad_input(
      "--permute-within {}: the discovery targets come from {} {} and the other samples from {}; a permutation of their "
      "means needs {} of each; take more text",
      permute_within_name(within), exchange.n_target_items, block, exchange.n_comparison_items,
      permutation::kFewestItems);
}

store::PermutationRecord record_permutation(const PermutationPlan& plan, findings::MaxT max_t,
                                            const permutation::Exchange& exchange) {
  const bool in_blocks = plan.within != PermuteWithin::kNone;
  return {.within = std::string(permute_within_name(plan.within)),
          .n_permutations = plan.n_permutations,
          .max_t = std::string(findings::max_t_name(max_t)),
          .statistic = statistic_name(exchange.statistic),
          .n_blocks_mixed = in_blocks ? exchange.n_blocks_mixed : 0,
          .n_blocks_pure = in_blocks ? exchange.n_blocks_pure : 0,
          .n_target_items = exchange.n_target_items,
          .n_comparison_items = exchange.n_comparison_items,
          .log10_arrangements = permutation::log10_arrangements(exchange)};
}

store::DocumentRecord record_documents(const PermutationPlan& plan, const SplitRows& rows) {
  store::DocumentRecord out{.n_discovery = count_documents(rows.discovery),
                            .n_held_out = count_documents(rows.held_out),
                            .n_unseen = rows.test ? count_documents(rows.test->unseen) : 0};
  if (plan.within != PermuteWithin::kTokenTypeAndDocument) return out;
  const auto exchange = exchange_of_documents(rows.discovery, plan.alpha);
  if (exchange) out.statistic = statistic_name(exchange->statistic);
  return out;
}

namespace {

// Of layers, by all permutations together.
struct Readings {
  std::uint64_t done = 0, expected = 0;
};

// Columns between two looks at the watch: whole panels for every thread, about a tenth of a second of work
// where that is more.
std::size_t columns_of_step(const permutation::Exchange& exchange, std::uint64_t n_permutations) {
  constexpr std::uint64_t kProducts = std::uint64_t{1} << 31;
  const std::size_t width = permutation::panel_width(exchange) * static_cast<std::size_t>(n_threads());
  const std::uint64_t a_column = std::max<std::uint64_t>(1, exchange.n_items() * n_permutations);
  return std::max<std::size_t>(1, kProducts / a_column / width) * width;
}

// The permutations of one exchange.
Result<Tables> permute_exchange(const activations::ActivationStore& store, const RowSet& rows,
                                findings::Family family, const PermutationPlan& plan,
                                const permutation::Exchange& exchange, Readings& readings,
                                const Watch& watch) {
  const LayerShare share(store);
  const auto permuted = permutation::PermutedLabels::draw(exchange, plan.n_permutations, plan.seed);
  const bool a_family_a_layer = family == findings::Family::kLayer;
  const std::size_t of_step = columns_of_step(exchange, plan.n_permutations);
  std::vector<float> scratch;
  const auto report = [&] {
    return watch.step("permute", readings.done, std::max(readings.done, readings.expected), "layers");
  };
  if (readings.done == 0) PENFIELD_TRY_VOID(report());
  const permutation::EachBlock<float> each_block = [&](const permutation::ColumnsOfFamily<float>& take) {
    std::uint64_t layer = 0;
    const auto visit = [&](const activations::ActivationBlock& block) -> Result<void> {
      if (block.first_unit == 0) {
        ++layer;
        ++readings.done;
      }
      PENFIELD_TRY_VOID(report());
      take(a_family_a_layer ? layer - 1 : 0, gather_rows(block.view(), rows, scratch));
      return {};
    };
    return store.for_each_block(of_step, visit, share.own());
  };
  if (!a_family_a_layer) {
    const permutation::SharedColumns shared = {&store.team(), share.n_columns()};
    return permutation::permute_families<float>(1, each_block, exchange, permuted, shared);
  }
  PENFIELD_TRY(Tables tables,
               permutation::permute_families<float>(share.n_own(), each_block, exchange, permuted));
  return share.gather(std::move(tables));
}

}  // namespace

Result<LayerPermutations> permute_layers(const activations::ActivationStore& store, const RowSet& rows,
                                         findings::Family family, const PermutationPlan& plan,
                                         const Watch& watch) {
  LayerPermutations out;
  if (plan.n_permutations == 0) return out;
  std::shared_ptr<const permutation::Exchange> exchange = rows.exchange;
  if (!exchange) {
    PENFIELD_TRY(permutation::Exchange made, exchange_of(plan.within, rows));
    exchange = std::make_shared<const permutation::Exchange>(std::move(made));
  }
  std::optional<permutation::Exchange> documents;
  if (plan.within == PermuteWithin::kTokenTypeAndDocument)
    documents = exchange_of_documents(rows, plan.alpha);
  const LayerShare share(store);
  Readings readings{.expected = (documents ? 4 : 2) * share.n_own()};
  PENFIELD_TRY(out.chosen, permute_exchange(store, rows, family, plan, *exchange, readings, watch));
  if (!documents) return out;
  PENFIELD_TRY(out.documents, permute_exchange(store, rows, family, plan, *documents, readings, watch));
  return out;
}

}  // namespace penfield::study
