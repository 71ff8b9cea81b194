#include "penfield/numeric/matmul_bf16.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "penfield/numeric/matmul_bf16_kernels.h"
#include "penfield/numeric/pack_weights.h"
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "penfield/numeric/unroll.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/numeric/matmul_bf16.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "penfield/numeric/transpose-inl.h"

HWY_BEFORE_NAMESPACE();
namespace penfield::numeric::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
// At most half a panel, so that a panel is whole pairs of vectors.
using D = hn::CappedTag<float, kBf16PanelCols / 2>;
using D32 = hn::RebindToUnsigned<D>;
using V = hn::Vec<D>;

constexpr std::size_t kTileRows = 4;
constexpr std::size_t kTileVectors = 2;

// The two halves of pairs: index 0 stands in the lower bits.
HWY_INLINE V First(hn::Vec<D32> pairs) {
  return hn::BitCast(D(), hn::ShiftLeft<16>(pairs));
}
HWY_INLINE V Second(hn::Vec<D32> pairs) {
  return hn::BitCast(D(), hn::And(pairs, hn::Set(D32(), 0xffff0000u)));
}

// kTileRows rows of left times two vectors of a panel's columns -> sums [kTileRows][2 · lanes].
HWY_INLINE void EmulateTile(const std::uint16_t* const* left_row, std::size_t n_pairs,
                            const std::uint32_t* panel, float* sums) {
  const D d;
  const D32 d32;
  const std::size_t lanes = hn::Lanes(d);
  V sum[kTileRows][kTileVectors];
  PENFIELD_UNROLL
  for (auto& row : sum) {
    PENFIELD_UNROLL
    for (V& value : row) value = hn::Zero(d);
  }
  for (std::size_t pair = 0; pair < n_pairs; ++pair) {
    V first[kTileVectors], second[kTileVectors];
    PENFIELD_UNROLL
    for (std::size_t v = 0; v < kTileVectors; ++v) {
      const auto pairs = hn::LoadU(d32, panel + pair * kBf16PanelCols + v * lanes);
      first[v] = First(pairs);
      second[v] = Second(pairs);
    }
    PENFIELD_UNROLL
    for (std::size_t i = 0; i < kTileRows; ++i) {
      std::uint32_t both = 0;
      std::memcpy(&both, left_row[i] + 2 * pair, sizeof both);
      const V left_first = hn::Set(d, std::bit_cast<float>(both << 16));
      const V left_second = hn::Set(d, std::bit_cast<float>(both & 0xffff0000u));
      PENFIELD_UNROLL
      for (std::size_t v = 0; v < kTileVectors; ++v) {
        sum[i][v] = hn::MulAdd(left_first, first[v], hn::MulAdd(left_second, second[v], sum[i][v]));
      }
    }
  }
  PENFIELD_UNROLL
  for (std::size_t i = 0; i < kTileRows; ++i) {
    PENFIELD_UNROLL
    for (std::size_t v = 0; v < kTileVectors; ++v)
      hn::StoreU(sum[i][v], d, sums + (i * kTileVectors + v) * lanes);
  }
}

void EmulateBlock(const Bf16Block& block) {
  const std::size_t width = kTileVectors * hn::Lanes(D());
  HWY_ALIGN float sums[kTileRows * kBf16PanelCols];
  for (std::size_t row = 0; row < block.m; row += kTileRows) {
    const std::size_t rows = std::min(kTileRows, block.m - row);
    const std::uint16_t* left_row[kTileRows];
    for (std::size_t i = 0; i < kTileRows; ++i)
      left_row[i] = block.left + (row + std::min(i, rows - 1)) * block.left_stride;
    for (std::size_t col = 0; col < block.n; col += width) {
      const std::size_t in_panel = col % kBf16PanelCols;
      const std::uint32_t* panel = block.packed + (col - in_panel) * block.n_pairs + in_panel;
      EmulateTile(left_row, block.n_pairs, panel, sums);
      for (std::size_t i = 0; i < rows; ++i) {
        float* out = block.out + (row + i) * block.out_stride + col;
        for (std::size_t c = 0; c < std::min(width, block.n - col); ++c) {
          float value = sums[i * width + c];
          if (block.bias != nullptr) value += block.bias[col + c];
          out[c] = block.onto_out ? out[c] + value : value;
        }
      }
    }
  }
}

// A float32's bits, rounded to bfloat16 in the upper half.
template <class V32>
HWY_INLINE V32 Rounded(V32 bits) {
  const hn::DFromV<V32> d;
  return hn::Add(bits, hn::Add(hn::Set(d, 0x7fff), hn::And(hn::ShiftRight<16>(bits), hn::Set(d, 1))));
}

// Rows 2p and 2p + 1 of right become row p of every panel; n_pairs: rows of a panel.
void PackBf16(const MatrixView<const float>& right, std::size_t n_pairs, std::uint32_t* HWY_RESTRICT packed) {
  const D d;
  const D32 d32;
  const std::size_t lanes = hn::Lanes(d);
  const auto rounded = [&](const float* at) HWY_ATTR { return Rounded(hn::BitCast(d32, hn::LoadU(d, at))); };
  HWY_ALIGN const float zeros[kBf16PanelCols] = {};
  HWY_ALIGN float rest[2][kBf16PanelCols];
  for (std::size_t pair = 0; 2 * pair < right.rows; ++pair) {
    const float* first = right.data + 2 * pair * right.stride;
    const float* second = 2 * pair + 1 < right.rows ? first + right.stride : nullptr;
    for (std::size_t col = 0; col < right.cols; col += kBf16PanelCols) {
      const float* from[2] = {first + col, second != nullptr ? second + col : zeros};
      const std::size_t cols = std::min(kBf16PanelCols, right.cols - col);
      if (cols < kBf16PanelCols) {
        for (std::size_t half = 0; half < 2; ++half) {
          std::fill(std::copy_n(from[half], cols, rest[half]), rest[half] + kBf16PanelCols, 0.0f);
          from[half] = rest[half];
        }
      }
      std::uint32_t* to = packed + col * n_pairs + pair * kBf16PanelCols;
      for (std::size_t c = 0; c < kBf16PanelCols; c += lanes) {
        const auto upper = hn::And(rounded(from[1] + c), hn::Set(d32, 0xffff0000u));
        hn::StoreU(hn::Or(upper, hn::ShiftRight<16>(rounded(from[0] + c))), d32, to + c);
      }
    }
  }
}

std::uint32_t PairOf(float first, float second) {
  return std::uint32_t{to_bfloat16(first).bits} | std::uint32_t{to_bfloat16(second).bits} << 16;
}

// k values of each of n_rows rows become, in pairs, columns of one panel; its other columns are zero. By
// squares, as PackPanelTransposed of matmul.cc.
void PackBf16PanelTransposed(const float* const* rows, std::size_t n_rows, std::size_t k,
                             std::uint32_t* HWY_RESTRICT panel) {
  std::size_t whole_rows = 0, at = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::CappedTag<float, kSquare> d;
  const hn::RebindToUnsigned<decltype(d)> d32;
  const auto pairs = [&](const float* from) HWY_ATTR {
    const auto low = Rounded(hn::BitCast(d32, hn::LoadU(d, from)));
    const auto high = Rounded(hn::BitCast(d32, hn::LoadU(d, from + kSquare)));
    return hn::Or(hn::ShiftRight<16>(hn::ConcatEven(d32, high, low)),
                  hn::And(hn::ConcatOdd(d32, high, low), hn::Set(d32, 0xffff0000u)));
  };
  whole_rows = n_rows / kSquare * kSquare;
  for (; at + 2 * kSquare <= k; at += 2 * kSquare) {
    for (std::size_t r = 0; r < whole_rows; r += kSquare) {
      StoreTransposed(d32, pairs(rows[r] + at), pairs(rows[r + 1] + at), pairs(rows[r + 2] + at),
                      pairs(rows[r + 3] + at), panel + at / 2 * kBf16PanelCols + r, kBf16PanelCols);
    }
  }
#endif
  const auto pair_of = [&](std::size_t r, std::size_t i) {
    const std::uint32_t second = i + 1 < k ? to_bfloat16(rows[r][i + 1]).bits : 0;
    return std::uint32_t{to_bfloat16(rows[r][i]).bits} | second << 16;
  };
  for (std::size_t r = whole_rows; r < n_rows; ++r) {
    for (std::size_t i = 0; i < at; i += 2) panel[i / 2 * kBf16PanelCols + r] = pair_of(r, i);
  }
  for (; at < k; at += 2) {
    for (std::size_t r = 0; r < n_rows; ++r) panel[at / 2 * kBf16PanelCols + r] = pair_of(r, at);
  }
  if (n_rows == kBf16PanelCols) return;
  for (std::size_t pair = 0; 2 * pair < k; ++pair)
    std::fill(panel + pair * kBf16PanelCols + n_rows, panel + (pair + 1) * kBf16PanelCols, 0u);
}

}  // namespace penfield::numeric::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::numeric {
HWY_EXPORT(EmulateBlock);
HWY_EXPORT(PackBf16);
HWY_EXPORT(PackBf16PanelTransposed);

namespace {

// Subnormal numbers are zero while this lives, as they are in vdpbf16ps whatever the thread's mode.
class SubnormalsAreZero {
 public:
#if defined(__x86_64__)
  SubnormalsAreZero() : mode_(_mm_getcsr()) {
    _mm_setcsr(mode_ | 0x8040u);
  }
  ~SubnormalsAreZero() {
    _mm_setcsr(mode_);
  }

 private:
  unsigned mode_;
#else
  SubnormalsAreZero() = default;
  ~SubnormalsAreZero() {}  // NOLINT: a destructor, so that the object is not unused
#endif
 public:
  SubnormalsAreZero(const SubnormalsAreZero&) = delete;
  SubnormalsAreZero& operator=(const SubnormalsAreZero&) = delete;
};

// All of a product's blocks go one way.
auto block_kernel(Bf16Kernel kernel, std::size_t n_terms) -> void (*)(const Bf16Block&) {
  if (kernel == Bf16Kernel::kBest) {
    kernel = has_bf16_tiles() && n_terms % kBf16TileTerms == 0 ? Bf16Kernel::kTiles
             : has_bf16_products()                             ? Bf16Kernel::kPairs
                                                               : Bf16Kernel::kEmulated;
  }
  if (kernel == Bf16Kernel::kTiles) {
    PENFIELD_CHECK(n_terms % kBf16TileTerms == 0);
    return multiply_block_tiles;
  }
  return kernel == Bf16Kernel::kPairs ? multiply_block_avx512_bf16 : multiply_block_emulated;
}

// Rows first … first + k − 1 of right, rounded -> packed.
void pack_weights(const WeightView& right, std::size_t first, std::size_t k, std::uint32_t* packed,
                  float* wide) {
  const std::size_t n_pairs = even_size(k) / 2;
  if (right.order == WeightView::Order::kInOut) {
    pack_in_out(right, first, k, wide, [&](const MatrixView<const float>& rows, std::size_t at) {
      HWY_DYNAMIC_DISPATCH(PackBf16)(rows, n_pairs, packed + at / 2 * kBf16PanelCols);
    });
    return;
  }
  pack_out_in(
      right, first, k, kBf16PanelCols, wide,
      [&](const float* const* rows, std::size_t n, std::size_t n_values, std::size_t output, std::size_t at) {
        HWY_DYNAMIC_DISPATCH(PackBf16PanelTransposed)
        (rows, n, n_values, packed + output * n_pairs + at / 2 * kBf16PanelCols);
      });
}

}  // namespace

void multiply_block_emulated(const Bf16Block& block) {
  const SubnormalsAreZero guard;
  HWY_DYNAMIC_DISPATCH(EmulateBlock)(block);
}

std::size_t packed_bf16_pairs(std::size_t rows, std::size_t cols) {
  return (cols + kBf16PanelCols - 1) / kBf16PanelCols * kBf16PanelCols * (even_size(rows) / 2);
}

std::size_t multiply_bf16_scratch_pairs(std::size_t n) {
  return packed_bf16_pairs(kBf16SumBlock, n) + wide_floats(n, kBf16PanelCols);
}

void multiply_bf16(MatrixView<const Bfloat16> left, const WeightView& right, std::span<const float> bias,
                   Onto onto, MatrixView<float> out, std::uint32_t* scratch, Bf16Kernel kernel) {
  PENFIELD_CHECK(left.cols == right.n_in && right.n_out == out.cols && left.rows == out.rows);
  PENFIELD_CHECK(left.cols > 0 && left.stride % 2 == 0 && left.stride >= even_size(left.cols));
  PENFIELD_CHECK(bias.empty() || bias.size() == out.cols);
  const auto multiply_block = block_kernel(kernel, left.cols);
  auto* wide = reinterpret_cast<float*>(scratch + packed_bf16_pairs(kBf16SumBlock, right.n_out));
  for (std::size_t k0 = 0; k0 < right.n_in; k0 += kBf16SumBlock) {
    const std::size_t k = std::min(kBf16SumBlock, right.n_in - k0);
    pack_weights(right, k0, k, scratch, wide);
    multiply_block({.left = &left.data[k0].bits,
                    .left_stride = left.stride,
                    .packed = scratch,
                    .bias = k0 == 0 && !bias.empty() ? bias.data() : nullptr,
                    .onto_out = k0 != 0 || onto == Onto::kOut,
                    .out = out.data,
                    .out_stride = out.stride,
                    .m = out.rows,
                    .n_pairs = even_size(k) / 2,
                    .n = out.cols});
  }
}

}  // namespace penfield::numeric
#endif
