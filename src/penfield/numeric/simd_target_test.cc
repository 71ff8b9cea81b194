#include "penfield/numeric/simd_target.h"

#include <gtest/gtest.h>

namespace penfield::numeric {
namespace {

TEST(SimdTarget, HasAName) {
  EXPECT_FALSE(simd_target().empty());
  EXPECT_NE(simd_target(), "Unknown");
}

}  // namespace
}  // namespace penfield::numeric
