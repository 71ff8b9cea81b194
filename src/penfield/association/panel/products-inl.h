// Sums of products between the columns of a panel and columns that all units share: acc[j] += Σ
// source[i]·shared[i, j]. The shared value is one broadcast for all lanes; four columns at a time keep the
// chains of additions apart.
//
// Included once a target, after foreach_target.h.
#if defined(PENFIELD_ASSOCIATION_PANEL_PRODUCTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PENFIELD_ASSOCIATION_PANEL_PRODUCTS_INL_H_
#undef PENFIELD_ASSOCIATION_PANEL_PRODUCTS_INL_H_
#else
#define PENFIELD_ASSOCIATION_PANEL_PRODUCTS_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>

#include "penfield/association/panel/load-inl.h"
#include "penfield/association/panel/panel.h"

HWY_BEFORE_NAMESPACE();
namespace penfield::association::HWY_NAMESPACE {

using PanelTag = hwy::HWY_NAMESPACE::CappedTag<double, kPanelUnits>;

//   source  one vector of columns, rows `source_stride` apart; shared [count, columns], rows `stride` apart
//   acc     one vector a shared column, kPanelUnits apart
HWY_INLINE void AddProducts(const double* source, std::size_t source_stride, const double* shared,
                            std::size_t stride, std::size_t count, std::size_t columns, double* acc) {
  namespace hn = hwy::HWY_NAMESPACE;
  const PanelTag d;
  std::size_t j = 0;
  for (; j + 4 <= columns; j += 4) {
    double* out = acc + j * kPanelUnits;
    auto s0 = hn::Load(d, out), s1 = hn::Load(d, out + kPanelUnits);
    auto s2 = hn::Load(d, out + 2 * kPanelUnits), s3 = hn::Load(d, out + 3 * kPanelUnits);
    for (std::size_t i = 0; i < count; ++i) {
      const auto value = hn::Load(d, source + i * source_stride);
      const double* row = shared + i * stride + j;
      s0 = hn::MulAdd(value, hn::Set(d, row[0]), s0);
      s1 = hn::MulAdd(value, hn::Set(d, row[1]), s1);
      s2 = hn::MulAdd(value, hn::Set(d, row[2]), s2);
      s3 = hn::MulAdd(value, hn::Set(d, row[3]), s3);
    }
    hn::Store(s0, d, out);
    hn::Store(s1, d, out + kPanelUnits);
    hn::Store(s2, d, out + 2 * kPanelUnits);
    hn::Store(s3, d, out + 3 * kPanelUnits);
  }
  for (; j < columns; ++j) {
    auto sum = hn::Load(d, acc + j * kPanelUnits);
    for (std::size_t i = 0; i < count; ++i)
      sum = hn::MulAdd(hn::Load(d, source + i * source_stride), hn::Set(d, shared[i * stride + j]), sum);
    hn::Store(sum, d, acc + j * kPanelUnits);
  }
}

}  // namespace penfield::association::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // PENFIELD_ASSOCIATION_PANEL_PRODUCTS_INL_H_
