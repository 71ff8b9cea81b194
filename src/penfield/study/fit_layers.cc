#include "penfield/study/fit_layers.h"

#include <algorithm>
#include <utility>

#include "penfield/association/fit.h"
#include "penfield/association/predict.h"
#include "penfield/study/row_regression.h"

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
  if (!rows.regression) return association::fit_columns(x, rows.labels);
  if (rows.regression->is_possible())
    return association::fit_columns(x, rows.labels, rows.regression->options());
  association::FitTable none = association::fit_columns(x, rows.labels);
  for (association::UnitFit& fit : none.rows) fit = {.status = association::FitStatus::kNotConverged};
  return none;
}

}  // namespace

findings::LayerFits LayerFitter::fit(const activations::ActivationBlock& block, const SplitRows& rows) {
  findings::LayerFits layer{.site = block.site, .layer = block.layer, .discovery = {}, .held_out = {}};
  layer.discovery = fit_rows(gather_rows(block.view(), rows.discovery, scratch_), rows.discovery);
  if (rows.held_out.size() == 0) return layer;
  const MatrixView<const float> x = gather_rows(block.view(), rows.held_out, scratch_);
  layer.held_out = fit_rows(x, rows.held_out);
  if (!rows.test) return layer;
  layer.unseen = association::fit_columns(x, rows.test->unseen_labels);
  // Of adjusted fits α + βx is the log-odds where all covariates are zero, which no token's need be: no rule
  // to judge.
  if (rows.discovery.regression && rows.discovery.regression->is_adjusted()) return layer;
  layer.predictions = association::predict_columns(layer.discovery, layer.held_out, x, rows.held_out.labels,
                                                   rows.test->prevalence);
  return layer;
}

Result<std::vector<findings::LayerFits>> fit_layers(const activations::ActivationStore& store,
                                                    const SplitRows& rows, const Watch& watch) {
  const std::uint64_t n_layers = store.plan().taps.sites.size() * store.plan().taps.layers.size();
  LayerFitter fitter;
  std::vector<findings::LayerFits> fits;
  PENFIELD_TRY_VOID(store.for_each_block([&](const activations::ActivationBlock& block) -> Result<void> {
    findings::LayerFits of_block = fitter.fit(block, rows);
    if (block.first_unit == 0) {
      if (!fits.empty()) PENFIELD_TRY_VOID(watch.step("fit", fits.size(), n_layers, "layers"));
      fits.push_back(std::move(of_block));
    } else {
      append(std::move(of_block.discovery), fits.back().discovery);
      append(std::move(of_block.held_out), fits.back().held_out);
      append(std::move(of_block.unseen), fits.back().unseen);
      std::vector<association::Prediction>& predictions = fits.back().predictions;
      predictions.insert(predictions.end(), of_block.predictions.begin(), of_block.predictions.end());
    }
    return {};
  }));
  PENFIELD_TRY_VOID(watch.step("fit", fits.size(), n_layers, "layers"));
  return fits;
}

}  // namespace penfield::study
