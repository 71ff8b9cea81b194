// Memory for panels, placed as Highway likes it; where there is none this throws, as every container does.
#pragma once

#include <hwy/aligned_allocator.h>

#include <cstddef>
#include <new>

namespace penfield::association {

template <class T>
using AlignedArray = hwy::AlignedFreeUniquePtr<T[]>;

// n uninitialised elements. hwy::AllocateAligned gives a null pointer where memory ends.
template <class T>
[[nodiscard]] AlignedArray<T> allocate_panel(std::size_t n) {
  AlignedArray<T> out = hwy::AllocateAligned<T>(n);
  if (out == nullptr && n > 0) throw std::bad_alloc();
  return out;
}

}  // namespace penfield::association
