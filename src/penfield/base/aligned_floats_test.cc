#include "penfield/base/aligned_floats.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace penfield {
namespace {

TEST(AlignedFloats, BeginAtACacheLine) {
  for (const std::size_t n : {1u, 15u, 16u, 17u, 1000u}) {
    const AlignedFloats floats = allocate_aligned(n);
    ASSERT_NE(floats, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(floats.get()) % kAlignment_bytes, 0u);
    floats[n - 1] = 1;
  }
}

TEST(AlignedFloats, TooLittleMemoryIsAnExceptionAsElsewhere) {
  // Prints the address, because clang drops an allocation whose address is never used.
  EXPECT_THROW(ADD_FAILURE() << allocate_aligned(std::numeric_limits<std::size_t>::max() / 16).get(),
               std::bad_alloc);
}

}  // namespace
}  // namespace penfield
