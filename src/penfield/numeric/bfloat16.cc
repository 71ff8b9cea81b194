#include "penfield/numeric/bfloat16.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/numeric/bfloat16.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace penfield::numeric::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using D32 = hn::RebindToUnsigned<D>;
using D16 = hn::Rebind<std::uint16_t, D>;  // as many lanes as D

void RoundRow(const float* in, std::uint16_t* out, std::size_t n) {
  const D d;
  const D32 d32;
  const D16 d16;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto value = hn::LoadU(d, in + i);
    const auto bits = hn::BitCast(d32, value);
    const auto last = hn::And(hn::ShiftRight<16>(bits), hn::Set(d32, 1));
    const auto rounded = hn::ShiftRight<16>(hn::Add(bits, hn::Add(hn::Set(d32, 0x7fff), last)));
    const auto kept = hn::IfThenElse(hn::RebindMask(d32, hn::IsNaN(value)), hn::Set(d32, 0x7fc0), rounded);
    hn::StoreU(hn::DemoteTo(d16, hn::BitCast(hn::RebindToSigned<D32>(), kept)), d16, out + i);
  }
  for (; i < n; ++i) out[i] = to_bfloat16(in[i]).bits;
}

void WidenRow(const std::uint16_t* in, float* out, std::size_t n) {
  const D d;
  const D32 d32;
  const D16 d16;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    hn::StoreU(hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(d32, hn::LoadU(d16, in + i)))), d, out + i);
  }
  for (; i < n; ++i) out[i] = to_float({in[i]});
}

}  // namespace penfield::numeric::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::numeric {
HWY_EXPORT(RoundRow);
HWY_EXPORT(WidenRow);

static_assert(sizeof(Bfloat16) == sizeof(std::uint16_t));

void round_to_bfloat16(std::span<const float> in, Bfloat16* out) {
  HWY_DYNAMIC_DISPATCH(RoundRow)(in.data(), &out->bits, in.size());
  if (in.size() % 2 != 0) out[in.size()] = {};
}

void widen(const Bfloat16* rounded, std::span<float> out) {
  HWY_DYNAMIC_DISPATCH(WidenRow)(&rounded->bits, out.data(), out.size());
}

}  // namespace penfield::numeric
#endif
