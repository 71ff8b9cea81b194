#include "penfield/model/architecture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "penfield/model/checkpoint_for_tests.h"

namespace penfield::model {
namespace {

using testing::HasSubstr;

Result<Architecture> read(const nlohmann::json& json) {
  const FolderForTests folder("config");
  std::ofstream(folder.path() / "config.json") << json;
  return read_architecture(folder.string());
}

nlohmann::json valid() {
  return CheckpointForTests().config;
}

// Expects bad input that names the file and the field.
void expect_refused(const nlohmann::json& json, const std::string& field, const std::string& why) {
  const auto config = read(json);
  ASSERT_FALSE(config.has_value()) << json;
  EXPECT_EQ(config.error().kind, ErrorKind::kBadInput) << json;
  EXPECT_THAT(config.error().message, HasSubstr("config.json")) << json;
  EXPECT_THAT(config.error().message, HasSubstr("\"" + field + "\"")) << json;
  EXPECT_THAT(config.error().message, HasSubstr(why)) << json;
  EXPECT_EQ(config.error().message.find('\n'), std::string::npos);
}

nlohmann::json with(const std::string& field, const nlohmann::json& value) {
  nlohmann::json json = valid();
  json[field] = value;
  return json;
}

TEST(Config, Reads) {
  const auto config = read(valid());
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->width, 24u);
  EXPECT_EQ(config->n_layers(), 3u);
  EXPECT_EQ(config->attention.n_heads, 3u);
  EXPECT_EQ(config->n_positions, 32u);
  EXPECT_EQ(config->vocab_size, 50u);
  EXPECT_EQ(config->mlp.n_inner, 40u);
  EXPECT_EQ(config->attention.d_head, 8u);
  EXPECT_EQ(config->norm.epsilon, 1e-5f);
  EXPECT_EQ(config->mlp.activation, numeric::Activation::kGeluNew);
  EXPECT_FLOAT_EQ(config->layers[2].score_scale, 1 / std::sqrt(8.0f));
  EXPECT_TRUE(config->tied);
  EXPECT_EQ(config->n_units(Site::kMlpPost), 40u);
  EXPECT_EQ(config->n_units(Site::kAttnK), 24u);
}

TEST(Config, InnerWidthDefaultsToFourTimesTheWidth) {
  nlohmann::json json = valid();
  json.erase("n_inner");
  EXPECT_EQ(read(json)->mlp.n_inner, 96u);
  EXPECT_EQ(read(with("n_inner", nullptr))->mlp.n_inner, 96u);
}

TEST(Config, WindowsAreNoLongerThanTheContext) {
  EXPECT_EQ(read(valid())->default_window(), 32u);
  EXPECT_EQ(read(with("n_positions", 131072))->default_window(), 1024u);
}

TEST(Config, Activations) {
  using Activation = numeric::Activation;
  EXPECT_EQ(read(with("activation_function", "gelu_new"))->mlp.activation, Activation::kGeluNew);
  EXPECT_EQ(read(with("activation_function", "gelu_pytorch_tanh"))->mlp.activation, Activation::kGeluNew);
  EXPECT_EQ(read(with("activation_function", "gelu"))->mlp.activation, Activation::kGeluErf);
  EXPECT_EQ(read(with("activation_function", "relu"))->mlp.activation, Activation::kRelu);
  expect_refused(with("activation_function", "gelu_10"), "activation_function", "gelu_10");
  EXPECT_EQ(read(with("activation_function", "silu"))->mlp.activation, Activation::kSilu);
  expect_refused(with("activation_function", 1), "activation_function", "config.json");
}

TEST(Config, AttentionScales) {
  EXPECT_FLOAT_EQ(read(with("scale_attn_weights", false))->layers[1].score_scale, 1.0f);
  const auto by_layer = read(with("scale_attn_by_inverse_layer_idx", true));
  EXPECT_FLOAT_EQ(by_layer->layers[0].score_scale, 1 / std::sqrt(8.0f));
  EXPECT_FLOAT_EQ(by_layer->layers[2].score_scale, 1 / std::sqrt(8.0f) / 3);
  expect_refused(with("scale_attn_weights", "no"), "scale_attn_weights", "config.json");
}

TEST(Config, RefusesSizes) {
  for (const char* field : {"n_embd", "n_layer", "n_head", "n_positions", "vocab_size", "n_inner"}) {
    expect_refused(with(field, 0), field, "0");
    expect_refused(with(field, -1), field, "config.json");
    expect_refused(with(field, 1.5), field, "config.json");
    expect_refused(with(field, "12"), field, "config.json");
    expect_refused(with(field, 2147483648u), field, "2147483648");
    expect_refused(with(field, 18446744073709551615u), field, "18446744073709551615");
  }
}

TEST(Config, RefusesMissingFields) {
  for (const char* field : {"model_type", "n_embd", "n_layer", "n_head", "n_positions", "vocab_size"}) {
    nlohmann::json json = valid();
    json.erase(field);
    expect_refused(json, field, "config.json");
  }
}

TEST(Config, RefusesHeadsThatDoNotDivideTheWidth) {
  expect_refused(with("n_head", 5), "n_head", "24");
  expect_refused(with("n_head", 48), "n_head", "24");
}

TEST(Config, RefusesOtherModels) {
  expect_refused(with("model_type", "mamba"), "model_type", "mamba");
  expect_refused(with("model_type", "mamba"), "model_type", "gpt2");  // what is known
  expect_refused(with("model_type", 2), "model_type", "config.json");
  expect_refused(with("add_cross_attention", true), "add_cross_attention", "true");
  EXPECT_TRUE(read(with("add_cross_attention", false)).has_value());
}

TEST(Config, RefusesEpsilons) {
  EXPECT_EQ(read(with("layer_norm_epsilon", 1e-3))->norm.epsilon, 1e-3f);
  for (const nlohmann::json& epsilon : {nlohmann::json(0), nlohmann::json(-1e-5), nlohmann::json(1e-300),
                                        nlohmann::json(1e300), nlohmann::json("1e-5")}) {
    expect_refused(with("layer_norm_epsilon", epsilon), "layer_norm_epsilon", "config.json");
  }
}

TEST(Config, RefusesWhatIsNoObjectOrNoFile) {
  for (const char* text : {"", "[]", "3", "{", "{} {}"}) {
    const FolderForTests folder("config");
    std::ofstream(folder.path() / "config.json") << text;
    const auto config = read_architecture(folder.string());
    ASSERT_FALSE(config.has_value()) << text;
    EXPECT_EQ(config.error().kind, ErrorKind::kBadInput) << text;
  }
  const FolderForTests empty("config");
  const auto config = read_architecture(empty.string());
  ASSERT_FALSE(config.has_value());
  EXPECT_THAT(config.error().message, HasSubstr("config.json"));
}

}  // namespace
}  // namespace penfield::model
