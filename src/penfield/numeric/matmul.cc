#include "penfield/numeric/matmul.h"

#include <algorithm>
#include <utility>

#include "penfield/numeric/pack_weights.h"
#include "penfield/numeric/unroll.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/numeric/matmul.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "penfield/numeric/transpose-inl.h"

HWY_BEFORE_NAMESPACE();
namespace penfield::numeric::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// The tile that stays in registers: kTileRows × (kTileVectors vectors). 32 registers hold 12 × 2 sums, 2
// vectors of the panel and a broadcast; 16 registers hold 6 × 2. Measured on AVX-512: 12 × 2 and 14 × 2
// within 1% of each other.
#if HWY_ARCH_X86 && HWY_TARGET > HWY_AVX3  // the better target has the smaller number
constexpr std::size_t kTileRows = 6;
#else
constexpr std::size_t kTileRows = 12;
#endif
constexpr std::size_t kTileVectors = 2;

std::size_t PanelCols() {
  return kTileVectors * hn::Lanes(D());
}

// Where one tile's sums go.
struct TileOut {
  float* out;
  std::size_t stride;
  const float* bias;  // nullptr: none
  bool onto_out;
};

// rows (1 … kTileRows) of left times one panel of k <= kSumBlock rows. Rows beyond `rows` repeat the last one
// and are not stored.
HWY_INLINE void MultiplyTile(std::size_t k, const float* HWY_RESTRICT left, std::size_t left_stride,
                             std::size_t rows, const float* HWY_RESTRICT panel, const TileOut& to) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  const float* left_row[kTileRows];
  V sum[kTileRows][kTileVectors];
  PENFIELD_UNROLL
  for (std::size_t i = 0; i < kTileRows; ++i) {
    left_row[i] = left + std::min(i, rows - 1) * left_stride;
    PENFIELD_UNROLL
    for (std::size_t v = 0; v < kTileVectors; ++v) sum[i][v] = hn::Zero(d);
  }
  for (std::size_t at = 0; at < k; ++at) {
    V right[kTileVectors];
    PENFIELD_UNROLL
    for (std::size_t v = 0; v < kTileVectors; ++v)
      right[v] = hn::Load(d, panel + (at * kTileVectors + v) * lanes);
    PENFIELD_UNROLL
    for (std::size_t i = 0; i < kTileRows; ++i) {
      const V factor = hn::Set(d, left_row[i][at]);
      PENFIELD_UNROLL
      for (std::size_t v = 0; v < kTileVectors; ++v) sum[i][v] = hn::MulAdd(factor, right[v], sum[i][v]);
    }
  }
  PENFIELD_UNROLL
  for (std::size_t i = 0; i < kTileRows; ++i) {
    if (i >= rows) break;
    PENFIELD_UNROLL
    for (std::size_t v = 0; v < kTileVectors; ++v) {
      float* out = to.out + i * to.stride + v * lanes;
      V value = sum[i][v];
      if (to.bias != nullptr) value = hn::Add(value, hn::LoadU(d, to.bias + v * lanes));
      if (to.onto_out) value = hn::Add(hn::LoadU(d, out), value);
      hn::StoreU(value, d, out);
    }
  }
}

// The last panel where it is not whole: by way of a whole tile. cols < PanelCols().
HWY_NOINLINE void MultiplyEdgeTile(std::size_t k, const float* left, std::size_t left_stride,
                                   std::size_t rows, const float* panel, const TileOut& to,
                                   std::size_t cols) {
  HWY_ALIGN float tile[kTileRows * kTileVectors * HWY_MAX_BYTES / sizeof(float)];
  HWY_ALIGN float bias[kTileVectors * HWY_MAX_BYTES / sizeof(float)] = {};
  const std::size_t stride = PanelCols();
  for (std::size_t i = 0; to.onto_out && i < rows; ++i)
    std::copy_n(to.out + i * to.stride, cols, tile + i * stride);
  if (to.bias != nullptr) std::copy_n(to.bias, cols, bias);
  MultiplyTile(k, left, left_stride, rows, panel,
               {tile, stride, to.bias != nullptr ? bias : nullptr, to.onto_out});
  for (std::size_t i = 0; i < rows; ++i) std::copy_n(tile + i * stride, cols, to.out + i * to.stride);
}

void MultiplyPacked(const MatrixView<const float>& left, const float* packed, std::size_t packed_rows,
                    const float* bias, bool onto_out, const MatrixView<float>& out) {
  const std::size_t width = PanelCols();
  for (std::size_t k0 = 0; k0 < left.cols; k0 += kSumBlock) {
    const std::size_t k = std::min(kSumBlock, left.cols - k0);
    const bool first = k0 == 0;
    for (std::size_t row = 0; row < left.rows; row += kTileRows) {
      const std::size_t rows = std::min(kTileRows, left.rows - row);
      const float* left_rows = left.data + row * left.stride + k0;
      for (std::size_t col = 0; col < out.cols; col += width) {
        const float* panel = packed + col * packed_rows + k0 * width;
        const TileOut to{out.data + row * out.stride + col, out.stride,
                         first && bias != nullptr ? bias + col : nullptr, onto_out || !first};
        const std::size_t cols = out.cols - col;
        if (cols >= width) {
          MultiplyTile(k, left_rows, left.stride, rows, panel, to);
        } else {
          MultiplyEdgeTile(k, left_rows, left.stride, rows, panel, to, cols);
        }
      }
    }
  }
}

// Rows of right become rows of every panel; packed_rows: of a panel.
// Tried without gain: asking for rows ahead (15.0 GB/s against 14.5), wider parts of the matrix (15.3).
void Pack(const MatrixView<const float>& right, std::size_t packed_rows, float* HWY_RESTRICT packed) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t width = PanelCols();
  for (std::size_t k = 0; k < right.rows; ++k) {
    const float* row = right.data + k * right.stride;
    std::size_t col = 0;
    for (; col + width <= right.cols; col += width) {
      float* to = packed + col * packed_rows + k * width;
      PENFIELD_UNROLL
      for (std::size_t v = 0; v < kTileVectors; ++v) {
        hn::Store(hn::LoadU(d, row + col + v * lanes), d, to + v * lanes);
      }
    }
    if (col < right.cols) {
      float* to = packed + col * packed_rows + k * width;
      std::fill(std::copy(row + col, row + right.cols, to), to + width, 0.0f);
    }
  }
}

// k values of each of n_rows rows become columns of one panel of k rows; the panel's other columns are zero.
// By squares: four rows of four are read, and four columns of four written, whatever the vectors' width.
void PackPanelTransposed(const float* const* rows, std::size_t n_rows, std::size_t k,
                         float* HWY_RESTRICT panel) {
  const std::size_t width = PanelCols();
  std::size_t whole_rows = 0, at = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::CappedTag<float, kSquare> d;
  whole_rows = n_rows / kSquare * kSquare;
  for (; at + kSquare <= k; at += kSquare) {
    for (std::size_t r = 0; r < whole_rows; r += kSquare) {
      StoreTransposed(d, hn::LoadU(d, rows[r] + at), hn::LoadU(d, rows[r + 1] + at),
                      hn::LoadU(d, rows[r + 2] + at), hn::LoadU(d, rows[r + 3] + at), panel + at * width + r,
                      width);
    }
  }
#endif
  for (std::size_t r = whole_rows; r < n_rows; ++r) {
    for (std::size_t i = 0; i < at; ++i) panel[i * width + r] = rows[r][i];
  }
  for (; at < k; ++at) {
    for (std::size_t r = 0; r < n_rows; ++r) panel[at * width + r] = rows[r][at];
  }
  if (n_rows == width) return;
  for (at = 0; at < k; ++at) std::fill(panel + at * width + n_rows, panel + (at + 1) * width, 0.0f);
}

}  // namespace penfield::numeric::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::numeric {
HWY_EXPORT(PanelCols);
HWY_EXPORT(MultiplyPacked);
HWY_EXPORT(Pack);
HWY_EXPORT(PackPanelTransposed);

std::size_t panel_cols() {
  return HWY_DYNAMIC_DISPATCH(PanelCols)();
}

std::size_t packed_floats(std::size_t rows, std::size_t cols) {
  const std::size_t width = panel_cols();
  return (cols + width - 1) / width * width * rows;
}

namespace {

// Rows first … first + k − 1 of right -> packed.
void pack_weights(const WeightView& right, std::size_t first, std::size_t k, float* packed, float* wide) {
  const std::size_t width = panel_cols();
  if (right.order == WeightView::Order::kInOut) {
    pack_in_out(right, first, k, wide, [&](const MatrixView<const float>& rows, std::size_t at) {
      HWY_DYNAMIC_DISPATCH(Pack)(rows, k, packed + at * width);
    });
    return;
  }
  pack_out_in(
      right, first, k, width, wide,
      [&](const float* const* rows, std::size_t n, std::size_t n_values, std::size_t output, std::size_t at) {
        HWY_DYNAMIC_DISPATCH(PackPanelTransposed)(rows, n, n_values, packed + output * k + at * width);
      });
}

}  // namespace

void pack(MatrixView<const float> right, float* packed) {
  HWY_DYNAMIC_DISPATCH(Pack)(right, right.rows, packed);
}

void pack_transposed(MatrixView<const float> transposed, float* packed) {
  WeightView view{MatrixView<const float>(transposed)};
  view.order = WeightView::Order::kOutIn;
  std::swap(view.n_in, view.n_out);
  pack_weights(view, 0, transposed.cols, packed, nullptr);
}

void multiply_packed(MatrixView<const float> left, const float* packed, std::size_t packed_rows,
                     std::span<const float> bias, Onto onto, MatrixView<float> out) {
  PENFIELD_CHECK(left.cols > 0 && left.cols <= packed_rows && left.rows == out.rows);
  PENFIELD_CHECK(bias.empty() || bias.size() == out.cols);
  HWY_DYNAMIC_DISPATCH(MultiplyPacked)
  (left, packed, packed_rows, bias.empty() ? nullptr : bias.data(), onto == Onto::kOut, out);
}

std::size_t multiply_scratch_floats(std::size_t n) {
  return packed_floats(kSumBlock, n) + wide_floats(n, panel_cols());
}

void multiply(MatrixView<const float> left, const WeightView& right, std::span<const float> bias, Onto onto,
              MatrixView<float> out, float* scratch) {
  PENFIELD_CHECK(left.cols == right.n_in && right.n_out == out.cols);
  float* wide = scratch + packed_floats(kSumBlock, right.n_out);
  for (std::size_t k0 = 0; k0 < right.n_in; k0 += kSumBlock) {
    const std::size_t k = std::min(kSumBlock, right.n_in - k0);
    pack_weights(right, k0, k, scratch, wide);
    multiply_packed(left.block(0, left.rows, k0, k), scratch, k, k0 == 0 ? bias : std::span<const float>{},
                    k0 == 0 ? onto : Onto::kOut, out);
  }
}

}  // namespace penfield::numeric
#endif
