#include "penfield/base/checked.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace penfield {
namespace {

TEST(Checked, SaysWhereItDoesNotFit) {
  EXPECT_EQ(checked_mul<std::uint64_t>(1u << 20, 1u << 20), std::uint64_t{1} << 40);
  EXPECT_FALSE(checked_mul<std::uint64_t>(std::uint64_t{1} << 62, 4));
  EXPECT_EQ(checked_add<std::uint64_t>(~std::uint64_t{0} - 1, 1), ~std::uint64_t{0});
  EXPECT_FALSE(checked_add<std::uint64_t>(~std::uint64_t{0}, 1));
}

}  // namespace
}  // namespace penfield
