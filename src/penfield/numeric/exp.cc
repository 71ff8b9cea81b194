#include "penfield/numeric/exp.h"

#include <algorithm>
#include <cstddef>

#include "penfield/base/check.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/numeric/exp.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "penfield/numeric/exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace penfield::numeric::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void ExpArray(const double* x, std::size_t n, double* out) {
  const hn::ScalableTag<double> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(ExpBounded(d, hn::LoadU(d, x + i)), d, out + i);
  HWY_ALIGN double rest[HWY_MAX_BYTES / sizeof(double)] = {};
  std::copy(x + i, x + n, rest);
  hn::Store(ExpBounded(d, hn::Load(d, rest)), d, rest);
  std::copy_n(rest, n - i, out + i);
}

}  // namespace penfield::numeric::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::numeric {
HWY_EXPORT(ExpArray);

void exp_bounded(std::span<const double> x, std::span<double> out) {
  PENFIELD_CHECK(x.size() == out.size());
  HWY_DYNAMIC_DISPATCH(ExpArray)(x.data(), x.size(), out.data());
}

}  // namespace penfield::numeric
#endif
