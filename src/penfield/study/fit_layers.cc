#include "penfield/study/fit_layers.h"

#include "penfield/association/fit.h"

namespace penfield::study {

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

std::vector<findings::LayerFits> fit_layers(std::span<const activations::ActivationBlock> blocks,
                                            const SplitRows& rows, const LayerProgress& progress) {
  LayerFitter fitter;
  std::vector<findings::LayerFits> fits;
  for (const activations::ActivationBlock& block : blocks) {
    fits.push_back(fitter.fit(block, rows));
    if (progress) progress(fits.size(), blocks.size());
  }
  return fits;
}

}  // namespace penfield::study
