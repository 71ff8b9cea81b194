// The product kernel of processors with AVX-512 BF16. By a target attribute of its own, since Highway 1.0
// has no target with these instructions.
#include "penfield/numeric/matmul_bf16.h"
#include "penfield/numeric/matmul_bf16_kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <cstring>

namespace penfield::numeric {
namespace {

#if defined(__clang__)
#define PENFIELD_UNROLL _Pragma("unroll")
#else
#define PENFIELD_UNROLL _Pragma("GCC unroll 16")
#endif
#define PENFIELD_BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))

// 24 sums, two vectors of the panel and a broadcast, of 32 registers.
constexpr std::size_t kTileRows = 12;
constexpr std::size_t kTileVectors = 2;
constexpr std::size_t kLanes = 16;
static_assert(kBf16PanelCols == kTileVectors * kLanes);

// Two values of a row of the left matrix, for every lane.
PENFIELD_BF16 inline __m512i broadcast_pair(const std::uint16_t* pair) {
  std::int32_t both = 0;
  std::memcpy(&both, pair, sizeof both);
  return _mm512_set1_epi32(both);
}

// rows (1 … kTileRows) of left times one panel; out: the first of kBf16PanelCols columns. Rows beyond `rows`
// repeat the last one and are not stored.
PENFIELD_BF16 inline void multiply_tile(const Bf16Block& block, std::size_t row, std::size_t rows,
                                        const std::uint32_t* panel, const float* bias, float* out,
                                        std::size_t out_stride) {
  const std::uint16_t* left_row[kTileRows];
  __m512 sum[kTileRows][kTileVectors];
  PENFIELD_UNROLL
  for (std::size_t i = 0; i < kTileRows; ++i) {
    left_row[i] = block.left + (row + std::min(i, rows - 1)) * block.left_stride;
    PENFIELD_UNROLL
    for (std::size_t v = 0; v < kTileVectors; ++v) sum[i][v] = _mm512_setzero_ps();
  }
  for (std::size_t pair = 0; pair < block.n_pairs; ++pair) {
    __m512bh right[kTileVectors];
    PENFIELD_UNROLL
    for (std::size_t v = 0; v < kTileVectors; ++v) {
      right[v] = reinterpret_cast<__m512bh>(_mm512_load_si512(panel + (pair * kTileVectors + v) * kLanes));
    }
    PENFIELD_UNROLL
    for (std::size_t i = 0; i < kTileRows; ++i) {
      const auto factor = reinterpret_cast<__m512bh>(broadcast_pair(left_row[i] + 2 * pair));
      PENFIELD_UNROLL
      for (std::size_t v = 0; v < kTileVectors; ++v) {
        sum[i][v] = _mm512_dpbf16_ps(sum[i][v], factor, right[v]);
      }
    }
  }
  PENFIELD_UNROLL
  for (std::size_t i = 0; i < kTileRows; ++i) {
    PENFIELD_UNROLL
    for (std::size_t v = 0; v < kTileVectors; ++v) {
      if (i >= rows) continue;
      float* to = out + i * out_stride + v * kLanes;
      __m512 value = sum[i][v];
      if (bias != nullptr) value = _mm512_add_ps(value, _mm512_loadu_ps(bias + v * kLanes));
      if (block.onto_out) value = _mm512_add_ps(_mm512_loadu_ps(to), value);
      _mm512_storeu_ps(to, value);
    }
  }
}

// The last panel where it is not whole: by way of a whole tile. cols < kBf16PanelCols.
PENFIELD_BF16 __attribute__((noinline)) void multiply_edge_tile(const Bf16Block& block, std::size_t row,
                                                                std::size_t rows, const std::uint32_t* panel,
                                                                const float* bias, float* out,
                                                                std::size_t cols) {
  alignas(64) float tile[kTileRows * kBf16PanelCols] = {};
  alignas(64) float whole_bias[kBf16PanelCols] = {};
  for (std::size_t i = 0; block.onto_out && i < rows; ++i) {
    std::copy_n(out + i * block.out_stride, cols, tile + i * kBf16PanelCols);
  }
  if (bias != nullptr) std::copy_n(bias, cols, whole_bias);
  multiply_tile(block, row, rows, panel, bias != nullptr ? whole_bias : nullptr, tile, kBf16PanelCols);
  for (std::size_t i = 0; i < rows; ++i) {
    std::copy_n(tile + i * kBf16PanelCols, cols, out + i * block.out_stride);
  }
}

}  // namespace

PENFIELD_BF16 void multiply_block_avx512_bf16(const Bf16Block& block) {
  for (std::size_t row = 0; row < block.m; row += kTileRows) {
    const std::size_t rows = std::min(kTileRows, block.m - row);
    for (std::size_t col = 0; col < block.n; col += kBf16PanelCols) {
      const std::uint32_t* panel = block.packed + col * block.n_pairs;
      const float* bias = block.bias != nullptr ? block.bias + col : nullptr;
      float* out = block.out + row * block.out_stride + col;
      if (block.n - col >= kBf16PanelCols) {
        multiply_tile(block, row, rows, panel, bias, out, block.out_stride);
      } else {
        multiply_edge_tile(block, row, rows, panel, bias, out, block.n - col);
      }
    }
  }
}

bool has_bf16_products() {
  return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

}  // namespace penfield::numeric

#else

namespace penfield::numeric {

void multiply_block_avx512_bf16(const Bf16Block&) {
  PENFIELD_CHECK(false);
}

bool has_bf16_products() {
  return false;
}

}  // namespace penfield::numeric

#endif
