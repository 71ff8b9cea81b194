// The values of a block are finite where its 16-bit scales are: the largest of these, 65504, times the
// largest integers of any format is far below the largest float32.
#include <algorithm>

#include "penfield/numeric/block_scales.h"
#include "penfield/numeric/widen_blocks.h"

namespace penfield::numeric {
namespace {

// Where a block's 16-bit scales are; the same place twice where there is one.
struct ScaleBytes {
  std::size_t first = 0, second = 0;
};
ScaleBytes scale_bytes(Encoding encoding) {
  switch (encoding) {
    case Encoding::kQ4_1:
    case Encoding::kQ5_1:
    case Encoding::kQ4_K:
    case Encoding::kQ5_K:
      return {0, 2};
    case Encoding::kQ2_K:
      return {80, 82};
    case Encoding::kQ3_K:
      return {108, 108};
    case Encoding::kQ6_K:
      return {208, 208};
    default:
      return {0, 0};
  }
}

template <class IsFinite>
std::optional<std::size_t> find_other(std::size_t n, const IsFinite& is_finite) {
  // In parts without a branch inside, so that they are vector instructions; a bad part is searched a second
  // time.
  constexpr std::size_t kPart = 4096;
  for (std::size_t first = 0; first < n; first += kPart) {
    const std::size_t last = std::min(n, first + kPart);
    bool all = true;
    for (std::size_t i = first; i < last; ++i) all &= is_finite(i);
    if (all) continue;
    while (is_finite(first)) ++first;
    return first;
  }
  return std::nullopt;
}

// NaN and the infinities are the values whose exponent is all ones.
template <class Bits>
bool is_finite_bits(const std::byte* bytes, Bits exponent_mask) {
  Bits bits{};
  std::memcpy(&bits, bytes, sizeof(bits));
  return (bits & exponent_mask) != exponent_mask;
}

}  // namespace

std::optional<std::size_t> find_non_finite_block(Encoding encoding, const std::byte* blocks,
                                                 std::size_t n_blocks) {
  constexpr std::uint32_t kFloat32Exponent = 0x7f800000u;
  constexpr std::uint16_t kBfloat16Exponent = 0x7f80u, kHalfExponent = 0x7c00u;
  const std::size_t n_bytes = block_of(encoding).n_bytes;
  switch (encoding) {
    case Encoding::kFloat32:
      return find_other(n_blocks,
                        [&](std::size_t i) { return is_finite_bits(blocks + i * 4, kFloat32Exponent); });
    case Encoding::kBfloat16:
      return find_other(n_blocks,
                        [&](std::size_t i) { return is_finite_bits(blocks + i * 2, kBfloat16Exponent); });
    case Encoding::kFloat16:
      return find_other(n_blocks,
                        [&](std::size_t i) { return is_finite_bits(blocks + i * 2, kHalfExponent); });
    case Encoding::kMXFP4:
      return find_other(n_blocks,
                        [&](std::size_t i) { return byte_at(blocks, i * n_bytes) <= kMaxFiniteE8m0; });
    default: {
      const ScaleBytes at = scale_bytes(encoding);
      return find_other(n_blocks, [&](std::size_t i) {
        const std::byte* block = blocks + i * n_bytes;
        return is_finite_bits(block + at.first, kHalfExponent) &&
               is_finite_bits(block + at.second, kHalfExponent);
      });
    }
  }
}

}  // namespace penfield::numeric
