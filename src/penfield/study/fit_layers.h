// The regressions of a study: the same rows of every captured block, those of discovery, then those held out.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/association/fit.h"
#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/findings/judge.h"
#include "penfield/study/rows/row_set.h"

namespace penfield::study {

// One block of a layer at a time, as the store hands them on.
class LayerFitter {
 public:
  // The fits of the block's units. Without held-out rows the held-out table stays empty. The rows that lie
  // apart are copied once a block.
  [[nodiscard]] findings::LayerFits fit(const activations::ActivationBlock& block, const SplitRows& rows);

 private:
  void fit_unseen_words(const activations::ActivationBlock& block, const HeldOutTest& test,
                        findings::LayerFits& layer);
  // Areas with words as clusters; none where there are no rows.
  std::vector<association::ClusteredAuc> areas(const activations::ActivationBlock& block, const RowSet& rows,
                                               std::span<const std::uint32_t> strata = {});

  std::vector<float> scratch_;  // rows that do not follow each other, gathered
};

// How many units of a layer are fitted between two looks at the watch: whole panels for every thread, about
// a quarter of a second of work where that is more.
[[nodiscard]] std::size_t columns_of_step(const SplitRows& rows);

// One LayerFits a layer (of one site), in the order of the store, whose team shares the layers. Reports the
// stage "fit" after every step, in layers of this process. Errors: those of the store, its team and `watch`.
[[nodiscard]] Result<std::vector<findings::LayerFits>> fit_layers(const activations::ActivationStore& store,
                                                                  const SplitRows& rows,
                                                                  const Watch& watch = {});

}  // namespace penfield::study
