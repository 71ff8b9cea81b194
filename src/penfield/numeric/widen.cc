#include "penfield/numeric/widen.h"

#include <cstdint>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/numeric/widen.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace penfield::numeric::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;

template <class Half>
HWY_INLINE void WidenHalves(const std::byte* from, std::size_t n, float* out) {
  const D d;
  const hn::Rebind<Half, D> half;
  const hn::Rebind<std::uint16_t, D> bits;
  const std::size_t lanes = hn::Lanes(d);
  // By way of memcpy, which is an unaligned load: the address may be odd.
  HWY_ALIGN std::uint16_t halves[HWY_MAX_BYTES / sizeof(float)] = {};
  const auto widened = [&](std::size_t at, std::size_t count) HWY_ATTR {
    std::memcpy(halves, from + at * sizeof(std::uint16_t), count * sizeof(std::uint16_t));
    return hn::PromoteTo(d, hn::BitCast(half, hn::Load(bits, halves)));
  };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(widened(i, lanes), d, out + i);
  if (i == n) return;
  HWY_ALIGN float rest[HWY_MAX_BYTES / sizeof(float)];
  hn::Store(widened(i, n - i), d, rest);
  std::memcpy(out + i, rest, (n - i) * sizeof(float));
}

void WidenFloat16(const std::byte* from, std::size_t n, float* out) {
  WidenHalves<hwy::float16_t>(from, n, out);
}
void WidenBfloat16(const std::byte* from, std::size_t n, float* out) {
  WidenHalves<hwy::bfloat16_t>(from, n, out);
}

}  // namespace penfield::numeric::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::numeric {
HWY_EXPORT(WidenFloat16);
HWY_EXPORT(WidenBfloat16);

void widen_float32(const std::byte* row, std::size_t first, std::size_t n, float* out) {
  if (n == 0) return;  // an empty row has no address
  std::memcpy(out, row + first * sizeof(float), n * sizeof(float));
}

void widen_float16(const std::byte* row, std::size_t first, std::size_t n, float* out) {
  HWY_DYNAMIC_DISPATCH(WidenFloat16)(row + first * sizeof(std::uint16_t), n, out);
}

void widen_bfloat16(const std::byte* row, std::size_t first, std::size_t n, float* out) {
  HWY_DYNAMIC_DISPATCH(WidenBfloat16)(row + first * sizeof(std::uint16_t), n, out);
}

}  // namespace penfield::numeric
#endif
