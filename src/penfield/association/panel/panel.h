// A panel: sixteen columns side by side, samples in rows, the target group first. The unit of work of the
// engine.
//
// A lane is one unit: every sum runs over the samples of one unit in one order, so a unit's result depends
// neither on the width of the vectors nor on its neighbours. Sixteen floats are one cache line, and 440
// samples stay in the first-level cache through all passes. Both groups are sorted in ascending order before
// anything is computed: this gives the ranks, minimum and maximum, and the order in which samples were drawn
// cannot change a bit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "penfield/association/scalar/auc.h"
#include "penfield/association/scalar/logistic.h"
#include "penfield/association/scalar/moments.h"
#include "penfield/association/scalar/prediction_sums.h"

namespace penfield::association {

inline constexpr std::size_t kPanelUnits = 16;

template <class V>
using PanelArray = std::array<V, kPanelUnits>;

template <class T>
struct PanelView {
  T* data = nullptr;  // [n_target + n_comparison, kPanelUnits], aligned to 64 bytes
  std::size_t n_target = 0, n_comparison = 0;

  [[nodiscard]] T* comparison() const { return data + n_target * kPanelUnits; }
  [[nodiscard]] std::size_t n() const { return n_target + n_comparison; }
};

// Copies `width` columns of the matrix that begins at `x` (rows `stride` apart) into the panel, in the order
// of `rows`. Columns beyond `width` and columns with a value that is not finite are filled with zeros.
// Returns the latter as bits.
template <class T>
[[nodiscard]] std::uint32_t gather_panel(const T* x, std::size_t stride, std::size_t width,
                                         std::span<const std::size_t> rows, PanelView<T> panel);

// Columns of so many samples leave the second-level cache as a panel: they are sorted and merged one by one.
[[nodiscard]] constexpr bool is_long(std::size_t n_samples) {
  return n_samples > 8192;
}

// Elements of scratch, aligned to 64 bytes, that sort_panel and panel_placements need for n samples.
[[nodiscard]] std::size_t panel_scratch_size(std::size_t n);

// Sorts each column of each group in ascending order. Of a long panel, `scratch` then holds the order keys
// of the columns one after the other, [kPanelUnits, n].
template <class T>
void sort_panel(PanelView<T> panel, T* scratch);

// Moments of the sorted panel's columns, each as column_moments gives them.
template <class T>
[[nodiscard]] PanelArray<ColumnMoments> panel_moments(PanelView<T> panel);

// Maximum-likelihood fits of the columns whose bit is set in `wanted`, on their standardised scale. If
// `converged` is false (also for columns that are not wanted), the other fields are undefined and the column
// is left to fit_maximum_likelihood.
template <class T>
[[nodiscard]] PanelArray<LogisticFit> panel_logistic(PanelView<T> panel,
                                                     const PanelArray<ColumnMoments>& moments,
                                                     std::uint32_t wanted);

// merge_placements for each column of the sorted panel, with the scratch as sort_panel left it.
template <class T>
[[nodiscard]] PanelArray<Placements> panel_placements(PanelView<T> panel, const PanelArray<Called>& called,
                                                      T* scratch);

// prediction_sums for each column of the panel, sorted or not.
[[nodiscard]] PanelArray<PredictionSums> panel_predictions(PanelView<float> panel,
                                                           const PanelArray<PredictionRule>& rules);

}  // namespace penfield::association
