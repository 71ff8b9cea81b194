// The product kernel of processors with AMX, Intel's tile registers: tdpbf16ps multiplies 16 x 32 by 32 x 16.
#include "penfield/numeric/matmul_bf16.h"
#include "penfield/numeric/matmul_bf16_kernels.h"

#if defined(__x86_64__) && defined(__linux__)

#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace penfield::numeric {
namespace {

#define PENFIELD_TILES __attribute__((target("amx-tile,amx-bf16,avx512f")))

constexpr std::size_t kRegisterRows = 16;  // of a register, of 64 bytes each
constexpr std::size_t kRegisterPairs = kBf16TileTerms / 2;
// Two registers of rows times two of columns: as many loads as products.
constexpr std::size_t kBlockRows = 2 * kRegisterRows;
constexpr std::size_t kRightStride = kBf16PanelCols * sizeof(std::uint32_t);
static_assert(kBf16PanelCols == 2 * kRegisterRows && kRegisterPairs == kRegisterRows);

// What ldtilecfg reads (Intel SDM, vol. 1, 18.3): all eight registers are whole.
struct alignas(64) TileShapes {
  std::uint8_t palette = 1, start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(TileShapes) == 64);
constexpr TileShapes kWholeTiles;

// left [32, 2 · n_pairs] times one panel -> sums [32][32].
PENFIELD_TILES inline void multiply_tiles(const std::uint16_t* left, std::size_t left_stride,
                                          const std::uint32_t* panel, std::size_t n_pairs, float* sums) {
  const std::size_t stride = left_stride * sizeof(std::uint16_t);
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (std::size_t pair = 0; pair < n_pairs; pair += kRegisterPairs) {
    _tile_loadd(4, left + 2 * pair, stride);
    _tile_loadd(5, left + kRegisterRows * left_stride + 2 * pair, stride);
    _tile_loadd(6, panel + pair * kBf16PanelCols, kRightStride);
    _tile_loadd(7, panel + pair * kBf16PanelCols + kRegisterRows, kRightStride);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
  }
  constexpr std::size_t kSumsStride = kBf16PanelCols * sizeof(float);
  _tile_stored(0, sums, kSumsStride);
  _tile_stored(1, sums + kRegisterRows, kSumsStride);
  _tile_stored(2, sums + kRegisterRows * kBf16PanelCols, kSumsStride);
  _tile_stored(3, sums + kRegisterRows * kBf16PanelCols + kRegisterRows, kSumsStride);
}

PENFIELD_TILES inline void store_sums(const Bf16Block& block, const float* sums, std::size_t row,
                                      std::size_t rows, std::size_t col) {
  const std::size_t cols = std::min(kBf16PanelCols, block.n - col);
  const float* bias = block.bias != nullptr ? block.bias + col : nullptr;
  for (std::size_t i = 0; i < rows; ++i) {
    float* out = block.out + (row + i) * block.out_stride + col;
    for (std::size_t c = 0; c < cols; ++c) {
      float value = sums[i * kBf16PanelCols + c];
      if (bias != nullptr) value += bias[c];
      out[c] = block.onto_out ? out[c] + value : value;
    }
  }
}

bool ask_for_tiles() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) return false;
  constexpr unsigned kAmxBf16 = 1u << 22, kAmxTile = 1u << 24;
  if ((edx & kAmxBf16) == 0 || (edx & kAmxTile) == 0 || !has_bf16_products()) return false;
  // The registers are 8 KB a thread: Linux gives them to a process that asks
  // (arch/x86/include/uapi/asm/prctl.h).
  constexpr int kRequestPermission = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

}  // namespace

PENFIELD_TILES void multiply_block_tiles(const Bf16Block& block) {
  alignas(64) std::uint16_t rest[kBlockRows * kBf16SumBlock];
  alignas(64) float sums[kBlockRows * kBf16PanelCols];
  _tile_loadconfig(&kWholeTiles);
  for (std::size_t row = 0; row < block.m; row += kBlockRows) {
    const std::size_t rows = std::min(kBlockRows, block.m - row);
    const std::uint16_t* left = block.left + row * block.left_stride;
    std::size_t left_stride = block.left_stride;
    if (rows < kBlockRows) {
      std::fill(rest, rest + kBlockRows * kBf16SumBlock, std::uint16_t{0});
      for (std::size_t i = 0; i < rows; ++i)
        std::copy_n(left + i * left_stride, 2 * block.n_pairs, rest + i * kBf16SumBlock);
      left = rest;
      left_stride = kBf16SumBlock;
    }
    // The intrinsics are assembly that does not say what memory it reads.
    __asm__ volatile("" ::: "memory");
    for (std::size_t col = 0; col < block.n; col += kBf16PanelCols) {
      multiply_tiles(left, left_stride, block.packed + col * block.n_pairs, block.n_pairs, sums);
      store_sums(block, sums, row, rows, col);
    }
  }
  _tile_release();
}

bool has_bf16_tiles() {
  static const bool kHas = ask_for_tiles();
  return kHas;
}

}  // namespace penfield::numeric

#else

namespace penfield::numeric {

void multiply_block_tiles(const Bf16Block&) {
  PENFIELD_CHECK(false);
}

bool has_bf16_tiles() {
  return false;
}

}  // namespace penfield::numeric

#endif
