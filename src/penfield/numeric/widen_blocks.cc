#include "penfield/numeric/widen_blocks.h"

#include <algorithm>
#include <array>
#include <utility>

#include "penfield/base/check.h"
#include "penfield/numeric/block_scales.h"
#include "penfield/numeric/widen.h"
#include "penfield/numeric/widen_scalar.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/numeric/widen_blocks.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

// Kernels work on 16 integers at a time: unpacked in one vector of bytes, then widened to float32 in as many
// vectors as the processor needs. The layouts are those that widen_scalar.cc describes, a function of the
// same name each.
HWY_BEFORE_NAMESPACE();
namespace penfield::numeric::HWY_NAMESPACE {
#if HWY_TARGET == HWY_SCALAR  // has no vector of 16 bytes

void WidenBlocks(Encoding encoding, const std::byte* blocks, std::size_t n_blocks, float* out) {
  widen_blocks_scalar(encoding, blocks, n_blocks, out);
}

#else
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<float, 16>;
using D32 = hn::RebindToSigned<D>;
using DSmall = hn::Rebind<std::int8_t, D>;  // as many bytes as D has floats
using D8 = hn::FixedTag<std::uint8_t, 16>;
using V8 = hn::Vec<D8>;

HWY_INLINE V8 Load(const std::byte* bytes) {
  return hn::LoadU(D8(), reinterpret_cast<const std::uint8_t*>(bytes));
}
HWY_INLINE V8 Fill(int value) {
  return hn::Set(D8(), static_cast<std::uint8_t>(value));
}
HWY_INLINE V8 Low(V8 v) {
  return hn::And(v, Fill(15));
}
HWY_INLINE V8 High(V8 v) {
  return hn::ShiftRight<4>(v);
}
// Bits 2 · kPair and 2 · kPair + 1.
template <int kPair>
HWY_INLINE V8 Pair(V8 v) {
  return hn::And(hn::ShiftRight<2 * kPair>(v), Fill(3));
}
// `value` where bit `bit` is set, else 0.
HWY_INLINE V8 ValueOfBit(V8 v, int bit, int value) {
  return hn::IfThenElseZero(hn::TestBit(v, Fill(1 << bit)), Fill(value));
}

// 16 signed bytes q -> q · scale.
HWY_INLINE void Scale(V8 q, float scale, float* HWY_RESTRICT out) {
  const D d;
  HWY_ALIGN std::int8_t bytes[16];
  hn::Store(q, D8(), reinterpret_cast<std::uint8_t*>(bytes));
  const auto factor = hn::Set(d, scale);
  for (std::size_t i = 0; i < 16; i += hn::Lanes(d)) {
    const auto value = hn::ConvertTo(d, hn::PromoteTo(D32(), hn::LoadU(DSmall(), bytes + i)));
    hn::StoreU(hn::Mul(value, factor), d, out + i);
  }
}
// 16 signed bytes q -> q · scale + offset, rounded twice.
HWY_INLINE void ScaleAndAdd(V8 q, float scale, float offset, float* HWY_RESTRICT out) {
  const D d;
  HWY_ALIGN std::int8_t bytes[16];
  hn::Store(q, D8(), reinterpret_cast<std::uint8_t*>(bytes));
  const auto factor = hn::Set(d, scale), addend = hn::Set(d, offset);
  for (std::size_t i = 0; i < 16; i += hn::Lanes(d)) {
    const auto value = hn::ConvertTo(d, hn::PromoteTo(D32(), hn::LoadU(DSmall(), bytes + i)));
    hn::StoreU(hn::Add(hn::Mul(value, factor), addend), d, out + i);
  }
}

HWY_INLINE void q4_0(const std::byte* block, float* out) {
  const float d = half_at(block);
  const V8 q = Load(block + 2);
  Scale(hn::Sub(Low(q), Fill(8)), d, out);
  Scale(hn::Sub(High(q), Fill(8)), d, out + 16);
}

HWY_INLINE void q4_1(const std::byte* block, float* out) {
  const float d = half_at(block), m = half_at(block + 2);
  const V8 q = Load(block + 4);
  ScaleAndAdd(Low(q), d, m, out);
  ScaleAndAdd(High(q), d, m, out + 16);
}

// 16 where bit i of the two bytes is set, i = 0 … 15.
HWY_INLINE V8 FifthBits(const std::byte* two_bytes) {
  HWY_ALIGN static constexpr std::uint8_t kByteOfLane[16] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
  HWY_ALIGN static constexpr std::uint8_t kBitOfLane[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                                            1, 2, 4, 8, 16, 32, 64, 128};
  std::uint16_t bits = 0;
  std::memcpy(&bits, two_bytes, sizeof(bits));
  const V8 both = hn::BitCast(D8(), hn::Set(hn::Repartition<std::uint16_t, D8>(), bits));
  const V8 spread = hn::TableLookupBytes(both, hn::Load(D8(), kByteOfLane));
  return hn::IfThenElseZero(hn::TestBit(spread, hn::Load(D8(), kBitOfLane)), Fill(16));
}

HWY_INLINE void q5_0(const std::byte* block, float* out) {
  const float d = half_at(block);
  const V8 q = Load(block + 6);
  Scale(hn::Sub(hn::Or(Low(q), FifthBits(block + 2)), Fill(16)), d, out);
  Scale(hn::Sub(hn::Or(High(q), FifthBits(block + 4)), Fill(16)), d, out + 16);
}

HWY_INLINE void q5_1(const std::byte* block, float* out) {
  const float d = half_at(block), m = half_at(block + 2);
  const V8 q = Load(block + 8);
  ScaleAndAdd(hn::Or(Low(q), FifthBits(block + 4)), d, m, out);
  ScaleAndAdd(hn::Or(High(q), FifthBits(block + 6)), d, m, out + 16);
}

HWY_INLINE void q8_0(const std::byte* block, float* out) {
  const float d = half_at(block);
  Scale(Load(block + 2), d, out);
  Scale(Load(block + 18), d, out + 16);
}

template <std::size_t kPair>
HWY_INLINE void Q2KQuarter(const std::byte* block, std::size_t half, float d, float dmin, float* out) {
  for (std::size_t b = 0; b < 2; ++b) {
    const unsigned scales = byte_at(block, half * 8 + kPair * 2 + b);
    ScaleAndAdd(Pair<kPair>(Load(block + 16 + half * 32 + b * 16)), d * static_cast<float>(scales & 15),
                -(dmin * static_cast<float>(scales >> 4)), out + half * 128 + kPair * 32 + b * 16);
  }
}
HWY_INLINE void q2_k(const std::byte* block, float* out) {
  const float d = half_at(block + 80), dmin = half_at(block + 82);
  for (std::size_t half = 0; half < 2; ++half) {
    Q2KQuarter<0>(block, half, d, dmin, out);
    Q2KQuarter<1>(block, half, d, dmin, out);
    Q2KQuarter<2>(block, half, d, dmin, out);
    Q2KQuarter<3>(block, half, d, dmin, out);
  }
}

template <std::size_t kPair>
HWY_INLINE void Q3KQuarter(const std::byte* block, std::size_t half, float d, float* out) {
  const int bit = static_cast<int>(half * 4 + kPair);
  for (std::size_t b = 0; b < 2; ++b) {
    const V8 low = Pair<kPair>(Load(block + 32 + half * 32 + b * 16));
    const V8 q = hn::Sub(hn::Or(low, ValueOfBit(Load(block + b * 16), bit, 4)), Fill(4));
    Scale(q, d * static_cast<float>(q3_k_scale(block, half * 8 + kPair * 2 + b)),
          out + half * 128 + kPair * 32 + b * 16);
  }
}
HWY_INLINE void q3_k(const std::byte* block, float* out) {
  const float d = half_at(block + 108);
  for (std::size_t half = 0; half < 2; ++half) {
    Q3KQuarter<0>(block, half, d, out);
    Q3KQuarter<1>(block, half, d, out);
    Q3KQuarter<2>(block, half, d, out);
    Q3KQuarter<3>(block, half, d, out);
  }
}

HWY_INLINE void q4_k(const std::byte* block, float* out) {
  const float d = half_at(block), dmin = half_at(block + 2);
  const SubScales sub = unpack_sub_scales(block + 4);
  for (std::size_t b = 0; b < 8; b += 2) {
    const float low_scale = d * sub.scale[b], low_offset = -(dmin * sub.minimum[b]);
    const float high_scale = d * sub.scale[b + 1], high_offset = -(dmin * sub.minimum[b + 1]);
    for (std::size_t i = 0; i < 32; i += 16) {
      const V8 q = Load(block + 16 + b * 16 + i);
      ScaleAndAdd(Low(q), low_scale, low_offset, out + b * 32 + i);
      ScaleAndAdd(High(q), high_scale, high_offset, out + b * 32 + 32 + i);
    }
  }
}

HWY_INLINE void q5_k(const std::byte* block, float* out) {
  const float d = half_at(block), dmin = half_at(block + 2);
  const SubScales sub = unpack_sub_scales(block + 4);
  for (std::size_t b = 0; b < 8; b += 2) {
    const float low_scale = d * sub.scale[b], low_offset = -(dmin * sub.minimum[b]);
    const float high_scale = d * sub.scale[b + 1], high_offset = -(dmin * sub.minimum[b + 1]);
    for (std::size_t i = 0; i < 32; i += 16) {
      const V8 q = Load(block + 48 + b * 16 + i), fifth = Load(block + 16 + i);
      ScaleAndAdd(hn::Or(Low(q), ValueOfBit(fifth, static_cast<int>(b), 16)), low_scale, low_offset,
                  out + b * 32 + i);
      ScaleAndAdd(hn::Or(High(q), ValueOfBit(fifth, static_cast<int>(b) + 1, 16)), high_scale, high_offset,
                  out + b * 32 + 32 + i);
    }
  }
}

// The quarter kPair of a half: the lower nibbles of kPair's 32 bytes where kPair < 2, else the upper ones.
template <std::size_t kPair>
HWY_INLINE void Q6KQuarter(const std::byte* block, std::size_t half, float d, float* out) {
  for (std::size_t b = 0; b < 2; ++b) {
    const V8 packed = Load(block + half * 64 + kPair % 2 * 32 + b * 16);
    const V8 low = kPair < 2 ? Low(packed) : High(packed);
    const V8 upper = hn::ShiftLeft<4>(Pair<kPair>(Load(block + 128 + half * 32 + b * 16)));
    const auto scale = static_cast<std::int8_t>(byte_at(block, 192 + half * 8 + kPair * 2 + b));
    Scale(hn::Sub(hn::Or(low, upper), Fill(32)), d * static_cast<float>(scale),
          out + half * 128 + kPair * 32 + b * 16);
  }
}
HWY_INLINE void q6_k(const std::byte* block, float* out) {
  const float d = half_at(block + 208);
  for (std::size_t half = 0; half < 2; ++half) {
    Q6KQuarter<0>(block, half, d, out);
    Q6KQuarter<1>(block, half, d, out);
    Q6KQuarter<2>(block, half, d, out);
    Q6KQuarter<3>(block, half, d, out);
  }
}

// 32 nibbles of 16 bytes, each standing for a value of `table`, times scale.
HWY_INLINE void ScaleTable(const std::array<std::int8_t, 16>& table, const std::byte* nibbles, float scale,
                           float* out) {
  const V8 values = hn::LoadU(D8(), reinterpret_cast<const std::uint8_t*>(table.data()));
  const V8 q = Load(nibbles);
  Scale(hn::TableLookupBytes(values, Low(q)), scale, out);
  Scale(hn::TableLookupBytes(values, High(q)), scale, out + 16);
}

HWY_INLINE void iq4_nl(const std::byte* block, float* out) {
  ScaleTable(kNonLinearNibbles, block + 2, half_at(block), out);
}
HWY_INLINE void iq4_xs(const std::byte* block, float* out) {
  const float d = half_at(block);
  for (std::size_t b = 0; b < 8; ++b) {
    ScaleTable(kNonLinearNibbles, block + 8 + b * 16, d * static_cast<float>(iq4_xs_scale(block, b)),
               out + b * 32);
  }
}
HWY_INLINE void mxfp4(const std::byte* block, float* out) {
  ScaleTable(kE2m1Doubled, block + 1, e8m0_half(byte_at(block, 0)), out);
}

template <void (*kWidenBlock)(const std::byte*, float*)>
void WidenAll(Encoding encoding, const std::byte* blocks, std::size_t n_blocks, float* out) {
  const EncodedBlock block = block_of(encoding);
  for (std::size_t i = 0; i < n_blocks; ++i)
    kWidenBlock(blocks + i * block.n_bytes, out + i * block.n_values);
}

void WidenBlocks(Encoding encoding, const std::byte* blocks, std::size_t n_blocks, float* out) {
  switch (encoding) {
    case Encoding::kFloat32:
    case Encoding::kFloat16:
    case Encoding::kBfloat16:
      return;  // widen_blocks gives them to widen.h
    case Encoding::kQ4_0:
      return WidenAll<q4_0>(encoding, blocks, n_blocks, out);
    case Encoding::kQ4_1:
      return WidenAll<q4_1>(encoding, blocks, n_blocks, out);
    case Encoding::kQ5_0:
      return WidenAll<q5_0>(encoding, blocks, n_blocks, out);
    case Encoding::kQ5_1:
      return WidenAll<q5_1>(encoding, blocks, n_blocks, out);
    case Encoding::kQ8_0:
      return WidenAll<q8_0>(encoding, blocks, n_blocks, out);
    case Encoding::kQ2_K:
      return WidenAll<q2_k>(encoding, blocks, n_blocks, out);
    case Encoding::kQ3_K:
      return WidenAll<q3_k>(encoding, blocks, n_blocks, out);
    case Encoding::kQ4_K:
      return WidenAll<q4_k>(encoding, blocks, n_blocks, out);
    case Encoding::kQ5_K:
      return WidenAll<q5_k>(encoding, blocks, n_blocks, out);
    case Encoding::kQ6_K:
      return WidenAll<q6_k>(encoding, blocks, n_blocks, out);
    case Encoding::kIQ4_NL:
      return WidenAll<iq4_nl>(encoding, blocks, n_blocks, out);
    case Encoding::kIQ4_XS:
      return WidenAll<iq4_xs>(encoding, blocks, n_blocks, out);
    case Encoding::kMXFP4:
      return WidenAll<mxfp4>(encoding, blocks, n_blocks, out);
  }
}

#endif
}  // namespace penfield::numeric::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::numeric {
HWY_EXPORT(WidenBlocks);

namespace {

template <std::size_t kEncoding>
void widen_row(const std::byte* row, std::size_t first, std::size_t n, float* out) {
  widen_run(static_cast<Encoding>(kEncoding), row, first, {out, n});
}

template <std::size_t... kEncoding>
constexpr std::array<WidenValues, sizeof...(kEncoding)> widen_rows(std::index_sequence<kEncoding...>) {
  return {widen_row<kEncoding>...};
}

}  // namespace

WidenValues widen_values_of(Encoding encoding) {
  static constexpr auto kWidenRows = widen_rows(std::make_index_sequence<kEncodings>());
  return kWidenRows[static_cast<std::size_t>(encoding)];
}

void widen_blocks(Encoding encoding, const std::byte* blocks, std::size_t n_blocks, float* out) {
  switch (encoding) {
    case Encoding::kFloat32:
      return widen_float32(blocks, 0, n_blocks, out);
    case Encoding::kFloat16:
      return widen_float16(blocks, 0, n_blocks, out);
    case Encoding::kBfloat16:
      return widen_bfloat16(blocks, 0, n_blocks, out);
    default:
      HWY_DYNAMIC_DISPATCH(WidenBlocks)(encoding, blocks, n_blocks, out);
  }
}

void widen_run(Encoding encoding, const std::byte* row, std::size_t first, std::span<float> out) {
  const EncodedBlock block = block_of(encoding);
  const std::byte* at = row + first / block.n_values * block.n_bytes;
  const std::size_t skipped = first % block.n_values;
  std::array<float, kMaxBlockValues> touched{};
  if (skipped != 0) {
    const std::size_t n = std::min(out.size(), block.n_values - skipped);
    widen_blocks(encoding, at, 1, touched.data());
    std::copy_n(touched.data() + skipped, n, out.data());
    out = out.subspan(n);
    at += block.n_bytes;
  }
  const std::size_t n_whole = out.size() / block.n_values;
  widen_blocks(encoding, at, n_whole, out.data());
  const std::size_t rest = out.size() % block.n_values;
  if (rest != 0) {
    widen_blocks(encoding, at + n_whole * block.n_bytes, 1, touched.data());
    std::copy_n(touched.data(), rest, out.data() + n_whole * block.n_values);
  }
}

}  // namespace penfield::numeric
#endif
