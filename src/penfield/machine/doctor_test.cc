#include "penfield/machine/doctor.h"

#include <gtest/gtest.h>

namespace penfield::machine {
namespace {

TEST(Doctor, MeasuresARateAndExpectsLargerModelsToTakeLonger) {
  const MachineReport machine = examine_machine();
  EXPECT_GE(machine.n_threads, 1);
  EXPECT_FALSE(machine.simd_target.empty());
  EXPECT_GT(machine.product_flop_per_s, 1e8);
  EXPECT_GT(machine.bf16_product_flop_per_s, 1e8);
  EXPECT_NE(machine.bf16_kernel.find("bfloat16"), std::string::npos);
  ASSERT_EQ(machine.expected.size(), 4u);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_GT(machine.expected[i].seconds, machine.expected[i - 1].seconds);
    EXPECT_GT(machine.expected[i].bf16_seconds, machine.expected[i - 1].bf16_seconds);
  }
}

}  // namespace
}  // namespace penfield::machine
