// Families as GGUF files that the package gguf wrote (tools/make_gguf_family_goldens.py), against
// transformers' activations of the same checkpoints.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/model/golden_for_tests.h"
#include "penfield/model/model.h"
#include "penfield/model/sites.h"

namespace penfield::model {
namespace {

constexpr double kContract = 1e-5;

class GgufFamily : public testing::TestWithParam<const char*> {};

TEST_P(GgufFamily, EverySiteOfEveryLayerKeepsTheContract) {
  const auto model = Model::open(fmt::format("tests/golden/gguf/{}.gguf", GetParam()));
  ASSERT_TRUE(model.has_value()) << model.error().message;
  const Expected expected = read_expected(fmt::format("tests/golden/families/{}", GetParam()));
  const auto found = errors_of(*model, expected);
  EXPECT_EQ(found.size(), sites_of(model->architecture()).size() * model->architecture().n_layers());
  for (const auto& [where, error] : found)
    EXPECT_LE(error, kContract) << site_name(where.first) << " of layer " << where.second;
  auto buffers = model->make_buffers(expected.tokens.size());
  const auto losses = model->next_token_losses(expected.tokens, buffers);
  ASSERT_TRUE(losses.has_value()) << losses.error().message;
  const double tolerance = 1e-5 * *std::ranges::max_element(expected.losses);
  EXPECT_THAT(*losses, testing::Pointwise(testing::DoubleNear(tolerance), expected.losses));
}

INSTANTIATE_TEST_SUITE_P(Families, GgufFamily,
                         testing::Values("gpt2", "gpt_neox", "gpt_neox-sequential", "llama", "llama-linear",
                                         "mistral", "gemma2", "gemma3_text", "olmo2", "phi3"));

}  // namespace
}  // namespace penfield::model
