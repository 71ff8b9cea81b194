#include "penfield/study/fit_layers.h"

#include "penfield/association/fit.h"

namespace penfield::study {

std::vector<findings::LayerFits> fit_layers(std::span<const activations::ActivationBlock> blocks,
                                            const sample::SamplePlan& samples,
                                            const LayerProgress& progress) {
  std::vector<std::uint8_t> labels;
  for (const sample::Sample& sample : samples.samples) labels.push_back(sample.is_target ? 1 : 0);
  const std::span<const std::uint8_t> all(labels);
  const std::size_t n_discovery = samples.n_discovery_samples;
  const std::size_t n_held_out = labels.size() - n_discovery;
  std::vector<findings::LayerFits> fits;
  for (const activations::ActivationBlock& block : blocks) {
    findings::LayerFits layer{.site = block.site, .layer = block.layer, .discovery = {}, .held_out = {}};
    layer.discovery = association::fit_columns(block.view().block(0, n_discovery, 0, block.n_units),
                                               all.first(n_discovery));
    if (n_held_out > 0) {
      layer.held_out = association::fit_columns(block.view().block(n_discovery, n_held_out, 0, block.n_units),
                                                all.subspan(n_discovery));
    }
    fits.push_back(std::move(layer));
    if (progress) progress(fits.size(), blocks.size());
  }
  return fits;
}

}  // namespace penfield::study
