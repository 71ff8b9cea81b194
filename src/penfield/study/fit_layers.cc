#include "penfield/study/fit_layers.h"

#include <utility>

#include "penfield/association/fit.h"

namespace penfield::study {
namespace {

void append(association::FitTable part, association::FitTable& whole) {
  if (whole.rows.empty()) {
    whole = std::move(part);
  } else {
    whole.rows.insert(whole.rows.end(), part.rows.begin(), part.rows.end());
  }
}

}  // namespace

findings::LayerFits LayerFitter::fit(const activations::ActivationBlock& block, const SplitRows& rows) {
  findings::LayerFits layer{.site = block.site, .layer = block.layer, .discovery = {}, .held_out = {}};
  layer.discovery =
      association::fit_columns(gather_rows(block.view(), rows.discovery, scratch_), rows.discovery.labels);
  if (rows.held_out.size() > 0) {
    layer.held_out =
        association::fit_columns(gather_rows(block.view(), rows.held_out, scratch_), rows.held_out.labels);
  }
  return layer;
}

Result<std::vector<findings::LayerFits>> fit_layers(const activations::ActivationStore& store,
                                                    const SplitRows& rows, const LayerProgress& progress) {
  const std::uint64_t n_layers = store.plan().taps.sites.size() * store.plan().taps.layers.size();
  LayerFitter fitter;
  std::vector<findings::LayerFits> fits;
  PENFIELD_TRY_VOID(store.for_each_block([&](const activations::ActivationBlock& block) -> Result<void> {
    findings::LayerFits of_block = fitter.fit(block, rows);
    if (block.first_unit == 0) {
      if (progress && !fits.empty()) progress(fits.size(), n_layers);
      fits.push_back(std::move(of_block));
    } else {
      append(std::move(of_block.discovery), fits.back().discovery);
      append(std::move(of_block.held_out), fits.back().held_out);
    }
    return {};
  }));
  if (progress) progress(fits.size(), n_layers);
  return fits;
}

}  // namespace penfield::study
