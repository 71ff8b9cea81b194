#include "penfield/study/fit_layers.h"

#include <algorithm>
#include <utility>

#include "penfield/association/fit.h"
#include "penfield/association/panel/panel.h"
#include "penfield/association/predict.h"
#include "penfield/base/parallel.h"
#include "penfield/permutation/exchange.h"
#include "penfield/permutation/welch_of_items.h"
#include "penfield/study/layer_share.h"
#include "penfield/study/rows/by_document.h"
#include "penfield/study/rows/row_regression.h"

namespace penfield::study {
namespace {

void append(association::FitTable part, association::FitTable& whole) {
  if (whole.rows.empty()) {
    whole = std::move(part);
  } else {
    whole.rows.insert(whole.rows.end(), part.rows.begin(), part.rows.end());
  }
}

association::FitTable fit_rows(MatrixView<const float> x, const RowSet& rows) {
  if (!rows.regression) return association::fit_columns(x, rows.labels, {.firth = association::Firth::kAuto});
  if (rows.regression->is_possible())
    return association::fit_columns(x, rows.labels, rows.regression->options());
  association::FitTable none = association::fit_columns(x, rows.labels);
  for (association::UnitFit& fit : none.rows) {  // areas need no fit
    fit = {.status = association::FitStatus::kNotConverged,
           .auc = fit.auc,
           .auc_lo = fit.auc_lo,
           .auc_hi = fit.auc_hi};
  }
  return none;
}

template <class T>
void append(std::vector<T> part, std::vector<T>& whole) {
  whole.insert(whole.end(), part.begin(), part.end());
}

void append(findings::LayerFits part, findings::LayerFits& whole) {
  append(std::move(part.discovery), whole.discovery);
  append(std::move(part.held_out), whole.held_out);
  append(std::move(part.unseen), whole.unseen);
  append(std::move(part.predictions), whole.predictions);
  append(std::move(part.words.discovery), whole.words.discovery);
  append(std::move(part.words.held_out), whole.words.held_out);
  append(std::move(part.words.unseen), whole.words.unseen);
  append(std::move(part.words.unseen_auc), whole.words.unseen_auc);
  append(std::move(part.documents.discovery), whole.documents.discovery);
  append(std::move(part.documents.held_out), whole.documents.held_out);
  append(std::move(part.documents.unseen), whole.documents.unseen);
  append(std::move(part.ladder.all), whole.ladder.all);
  append(std::move(part.ladder.matched), whole.ladder.matched);
  append(std::move(part.ladder.near_miss), whole.ladder.near_miss);
  append(std::move(part.ladder.carrier), whole.ladder.carrier);
}

// Welch's tests of the means of words; none where the rows have no words.
std::vector<permutation::ItemTest> test_words(MatrixView<const float> x, const RowSet& rows,
                                              findings::WordCounts& counts) {
  if (rows.words.empty()) return {};
  const permutation::Exchange words = permutation::exchange_means(rows.labels, rows.words, rows.word_strata);
  counts = {words.n_target_items, words.n_comparison_items};
  return permutation::test_item_means(x, words);
}

// The fits of unseen words: none, but their numbers, where they are too few to say anything.
association::FitTable fit_unseen(MatrixView<const float> x, const RowSet& rows,
                                 const findings::WordCounts& n_words) {
  const bool too_few = std::min(n_words.n_target, n_words.n_comparison) < findings::kFewestWords;
  if (rows.words.empty() || !too_few) return fit_rows(x, rows);
  association::FitTable none;
  none.n_target = static_cast<std::uint64_t>(std::count(rows.labels.begin(), rows.labels.end(), 1));
  none.n_comparison = rows.size() - none.n_target;
  none.rows.resize(x.cols);
  return none;
}

}  // namespace

std::vector<association::ClusteredAuc> LayerFitter::areas(const activations::ActivationBlock& block,
                                                          const RowSet& rows,
                                                          std::span<const std::uint32_t> strata) {
  if (rows.size() == 0) return {};
  const association::ClusteredSamples samples(rows.labels, rows.words, strata);
  return samples.areas(gather_rows(block.view(), rows, scratch_));
}

findings::LayerFits LayerFitter::fit(const activations::ActivationBlock& block, const SplitRows& rows) {
  findings::LayerFits layer{.site = block.site, .layer = block.layer, .discovery = {}, .held_out = {}};
  MatrixView<const float> x = gather_rows(block.view(), rows.discovery, scratch_);
  layer.discovery = fit_rows(x, rows.discovery);
  layer.words.discovery = test_words(x, rows.discovery, layer.words.n_discovery);
  layer.documents.discovery = test_documents(x, rows.discovery);
  if (rows.held_out.size() == 0) return layer;
  x = gather_rows(block.view(), rows.held_out, scratch_);
  layer.held_out = fit_rows(x, rows.held_out);
  layer.words.held_out = test_words(x, rows.held_out, layer.words.n_held_out);
  layer.documents.held_out = test_documents(x, rows.held_out);
  if (rows.test) {
    // Of adjusted fits α + βx is the log-odds where all covariates are zero, which no token's need be: no
    // rule to judge.
    const bool is_adjusted = rows.discovery.regression && rows.discovery.regression->is_adjusted();
    if (rows.test->is_whole && !is_adjusted) {
      layer.predictions = association::predict_columns(layer.discovery, layer.held_out, x,
                                                       rows.held_out.labels, rows.test->prevalence);
    }
    fit_unseen_words(block, *rows.test, layer);
  }
  if (rows.ladder) {
    layer.ladder.all = areas(block, rows.ladder->all);
    if (rows.ladder->is_matched) layer.ladder.matched = areas(block, rows.held_out);
    layer.ladder.near_miss = areas(block, rows.ladder->near_miss, rows.ladder->strata);
    layer.ladder.carrier = areas(block, rows.ladder->carrier);
  }
  return layer;
}

void LayerFitter::fit_unseen_words(const activations::ActivationBlock& block, const HeldOutTest& test,
                                   findings::LayerFits& layer) {
  const RowSet& unseen = test.unseen;
  const MatrixView<const float> x = gather_rows(block.view(), unseen, scratch_);
  layer.words.unseen = test_words(x, unseen, layer.words.n_unseen);
  layer.documents.unseen = test_documents(x, unseen);
  layer.unseen = fit_unseen(x, unseen, layer.words.n_unseen);
  if (unseen.words.empty()) return;
  std::vector<bool> may_replicate;
  if (!test.is_whole) {
    constexpr double kWeak = 1.0;  // −log10 p; what is significant and replicated is beyond it
    for (const permutation::ItemTest& word_test : layer.words.unseen)
      may_replicate.push_back(word_test.neglog10_p > kWeak);
  }
  const association::ClusteredSamples samples(unseen.labels, unseen.words);
  layer.words.unseen_auc = samples.areas(x, may_replicate);
}

std::size_t columns_of_step(const SplitRows& rows) {
  constexpr std::uint64_t kPlainValues = std::uint64_t{1} << 21;
  constexpr std::uint64_t kOptionValues = std::uint64_t{1} << 17;
  const bool is_plain = !rows.discovery.regression || rows.discovery.regression->options().is_plain();
  const std::uint64_t n_rows = rows.discovery.size() + rows.held_out.size() + 1;
  const std::size_t panels = (is_plain ? kPlainValues : kOptionValues) / n_rows / association::kPanelUnits;
  return std::max(panels, static_cast<std::size_t>(n_threads())) * association::kPanelUnits;
}

Result<std::vector<findings::LayerFits>> fit_layers(const activations::ActivationStore& store,
                                                    const SplitRows& rows, const Watch& watch) {
  const LayerShare share(store);
  LayerFitter fitter;
  std::vector<findings::LayerFits> fits;
  const auto take = [&](const activations::ActivationBlock& block) -> Result<void> {
    findings::LayerFits of_block = fitter.fit(block, rows);
    if (block.first_unit > 0) {
      append(std::move(of_block), fits.back());
    } else {
      fits.push_back(std::move(of_block));
    }
    return watch.step("fit", fits.size() - 1, share.n_own(), "layers");
  };
  PENFIELD_TRY_VOID(store.for_each_block(columns_of_step(rows), take, share.own()));
  PENFIELD_TRY_VOID(watch.step("fit", fits.size(), share.n_own(), "layers"));
  return share.gather(std::move(fits));
}

}  // namespace penfield::study
