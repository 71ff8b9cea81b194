// Sorting sixteen columns at once: Batcher's merge exchange (Knuth, TAOCP vol. 3, 5.2.2, algorithm M), whose
// comparisons do not depend on the data, so that one comparison is one min and one max over the lanes.
// n·log²n/4 of them: less than a cycle a value at n = 440. Long columns are sorted one by one, by Highway's
// vectorised quicksort.
#include <hwy/contrib/sort/vqsort.h>

#include <algorithm>
#include <bit>

#include "penfield/association/panel/order_keys.h"
#include "penfield/association/panel/panel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/association/panel/sort.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace penfield::association::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
HWY_INLINE void CompareExchange(T* HWY_RESTRICT low_row, T* HWY_RESTRICT high_row) {
  const hn::CappedTag<T, kPanelUnits> d;
  for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(d)) {
    const auto a = hn::Load(d, low_row + c);
    const auto b = hn::Load(d, high_row + c);
    hn::Store(hn::Min(a, b), d, low_row + c);
    hn::Store(hn::Max(a, b), d, high_row + c);
  }
}

// rows [n, kPanelUnits]; no NaN.
template <class T>
HWY_INLINE void SortRows(T* rows, std::size_t n) {
  if (n < 2) return;
  const std::size_t top = std::bit_floor(n - 1);
  for (std::size_t p = top; p > 0; p /= 2) {
    std::size_t q = top;
    std::size_t r = 0;
    for (std::size_t d = p;; d = q - p, q /= 2, r = p) {
      // Compare i with i + d for all i < n - d with (i & p) == r: runs of p rows, every other run.
      for (std::size_t begin = r; begin + d < n; begin += 2 * p) {
        const std::size_t end = std::min(begin + p, n - d);
        for (std::size_t i = begin; i < end; ++i)
          CompareExchange(rows + i * kPanelUnits, rows + (i + d) * kPanelUnits);
      }
      if (q == p) break;
    }
  }
}

void SortRowsFloat(float* rows, std::size_t n) {
  SortRows(rows, n);
}
void SortRowsDouble(double* rows, std::size_t n) {
  SortRows(rows, n);
}

}  // namespace penfield::association::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::association {
namespace {

HWY_EXPORT(SortRowsFloat);
HWY_EXPORT(SortRowsDouble);

void sort_rows(float* rows, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(SortRowsFloat)(rows, n);
}
void sort_rows(double* rows, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(SortRowsDouble)(rows, n);
}

// Rows that are copied together: a line of the cache is then written as a whole.
constexpr std::size_t kBlock = 16;

template <class T>
void copy_columns(PanelView<T> panel, OrderKey<T>* keys) {
  const std::size_t n = panel.n();
  for (std::size_t first = 0; first < n; first += kBlock) {
    const std::size_t last = std::min(n, first + kBlock);
    for (std::size_t c = 0; c < kPanelUnits; ++c) {
      for (std::size_t i = first; i < last; ++i) keys[c * n + i] = order_key(panel.data[i * kPanelUnits + c]);
    }
  }
}

template <class T>
void copy_rows(const OrderKey<T>* keys, PanelView<T> panel) {
  const std::size_t n = panel.n();
  for (std::size_t first = 0; first < n; first += kBlock) {
    const std::size_t last = std::min(n, first + kBlock);
    for (std::size_t c = 0; c < kPanelUnits; ++c) {
      for (std::size_t i = first; i < last; ++i)
        panel.data[i * kPanelUnits + c] = value_of_key<T>(keys[c * n + i]);
    }
  }
}

}  // namespace

template <class T>
void sort_panel(PanelView<T> panel, T* scratch) {
  if (!is_long(panel.n())) {
    sort_rows(panel.data, panel.n_target);
    sort_rows(panel.comparison(), panel.n_comparison);
    return;
  }
  const std::size_t n = panel.n();
  // Whole numbers: of floats with many zeros Highway 1.0.3 leaves some out of order.
  auto* const keys = reinterpret_cast<OrderKey<T>*>(scratch);
  hwy::Sorter sorter;
  copy_columns(panel, keys);
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    sorter(keys + c * n, panel.n_target, hwy::SortAscending());
    sorter(keys + c * n + panel.n_target, panel.n_comparison, hwy::SortAscending());
  }
  copy_rows(keys, panel);
}

template void sort_panel<float>(PanelView<float>, float*);
template void sort_panel<double>(PanelView<double>, double*);

}  // namespace penfield::association
#endif
