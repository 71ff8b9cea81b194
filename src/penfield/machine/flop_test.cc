#include "penfield/machine/flop.h"

#include <gtest/gtest.h>

namespace penfield::machine {
namespace {

TEST(Flop, Gpt2MediumIsAboutTwiceItsBlockWeightsATokenPlusAttention) {
  model::Architecture architecture;
  architecture.width = 1024;
  architecture.mlp.n_inner = 4096;
  architecture.layers.resize(24);
  architecture.attention = {.n_heads = 16, .n_kv_heads = 16, .d_head = 64, .score_cap = {}};
  const double block_weights = 24 * (3.0 * 1024 * 1024 + 1024.0 * 1024 + 2 * 1024.0 * 4096);
  const double attention = 24 * 1024.0 * 1024;
  EXPECT_DOUBLE_EQ(forward_flop(architecture, 1024, 1024, 24), 2 * 1024 * (block_weights + attention));
  EXPECT_NEAR(forward_flop(architecture, 1024, 1024, 24), 0.67e12, 0.01e12);
}

}  // namespace
}  // namespace penfield::machine
