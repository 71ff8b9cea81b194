// Floats aligned to a cache line, for vector loads and packed matrix panels.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

namespace penfield {

inline constexpr std::size_t kAlignment_bytes = 64;

struct FreeAligned {
  void operator()(float* floats) const { std::free(floats); }
};
using AlignedFloats = std::unique_ptr<float[], FreeAligned>;

// Uninitialised. Throws std::bad_alloc, like the standard containers.
[[nodiscard]] inline AlignedFloats allocate_aligned(std::size_t n_floats) {
  const std::size_t n_bytes =
      (n_floats * sizeof(float) + kAlignment_bytes - 1) / kAlignment_bytes * kAlignment_bytes;
  auto* const floats = static_cast<float*>(std::aligned_alloc(kAlignment_bytes, n_bytes));
  if (floats == nullptr && n_bytes > 0) throw std::bad_alloc();
  return AlignedFloats(floats);
}

}  // namespace penfield
