// What readers make of configurations that are right, and what they say of those that are not.
#include "penfield/model/families/families.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace penfield::model {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

Json llama() {
  return {{"hidden_size", 64},        {"intermediate_size", 96},  {"num_hidden_layers", 4},
          {"num_attention_heads", 8}, {"num_key_value_heads", 2}, {"max_position_embeddings", 512},
          {"vocab_size", 100},        {"rms_norm_eps", 1e-5},     {"hidden_act", "silu"}};
}

Json with(Json config, const std::string& field, const Json& value) {
  config[field] = value;
  return config;
}
Json without(Json config, const std::string& field) {
  config.erase(field);
  return config;
}

Result<ModelSpec> read(std::string_view family, const Json& config) {
  return find_family(family)(
      ConfigReader(Json::parse(config.dump()), "config.json"));  // numbers as a file has them
}
Architecture architecture(std::string_view family, const Json& config) {
  auto spec = read(family, config);
  EXPECT_TRUE(spec.has_value()) << spec.error().message;
  return spec ? spec->architecture : Architecture();
}
void expect_refused(std::string_view family, const Json& config, const std::vector<std::string>& parts) {
  const auto spec = read(family, config);
  ASSERT_FALSE(spec.has_value()) << config;
  EXPECT_EQ(spec.error().kind, ErrorKind::kBadInput);
  for (const std::string& part : parts) EXPECT_THAT(spec.error().message, HasSubstr(part));
  EXPECT_THAT(spec.error().message, HasSubstr("config.json"));
  EXPECT_EQ(spec.error().message.find('\n'), std::string::npos);
}

TEST(Families, AreKnownByName) {
  EXPECT_EQ(
      known_families(),
      "gpt2, gpt_neo, gpt_neox, opt, llama, mistral, qwen2, qwen3, gemma2, gemma3_text, gemma3, olmo2, smollm3, "
      "phi3");
  EXPECT_EQ(find_family("mamba"), nullptr);
  EXPECT_EQ(find_family(""), nullptr);
}

TEST(Llama, ShapesAndDefaults) {
  const Architecture plain = architecture("llama", llama());
  EXPECT_EQ(plain.attention.n_heads, 8u);
  EXPECT_EQ(plain.attention.n_kv_heads, 2u);
  EXPECT_EQ(plain.attention.d_head, 8u);
  EXPECT_FALSE(plain.tied);
  EXPECT_TRUE(plain.mlp.gated);
  EXPECT_EQ(plain.mlp.activation, numeric::Activation::kSilu);
  EXPECT_FALSE(plain.norm.gain_plus_one);
  EXPECT_EQ(plain.layers[3].rotary, 0u);
  EXPECT_FLOAT_EQ(plain.layers[0].score_scale, 1 / std::sqrt(8.0f));
  EXPECT_EQ(architecture("llama", with(llama(), "num_key_value_heads", nullptr)).attention.n_kv_heads, 8u);
  EXPECT_EQ(architecture("llama", with(llama(), "head_dim", 32)).attention.d_head, 32u);
  EXPECT_EQ(architecture("llama", with(llama(), "head_dim", nullptr)).attention.d_head, 8u);
  expect_refused("llama", with(llama(), "num_key_value_heads", 3), {"num_key_value_heads", "3", "8"});
  expect_refused("llama", with(llama(), "num_attention_heads", 6), {"num_attention_heads", "64"});
  expect_refused("llama", with(with(llama(), "head_dim", 60000), "num_attention_heads", 60000), {"wider"});
  for (const char* field : {"hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
                            "max_position_embeddings", "vocab_size"}) {
    expect_refused("llama", without(llama(), field), {field});
    expect_refused("llama", with(llama(), field, 0), {field, "0"});
  }
  expect_refused("llama", with(llama(), "hidden_act", "gelu_10"), {"hidden_act", "gelu_10", "silu"});
}

// θ^(−2j/n) for 2j = 0, 2, 4, 6 of 8: 1, 0.1, 0.01, 0.001 of base 10000.
TEST(Rotary, FrequenciesOfEveryType) {
  const auto frequencies = [](const Json& config) {
    return architecture("llama", config).rotary.at(0).frequencies;
  };
  const std::vector<float> plain = frequencies(llama());
  ASSERT_EQ(plain.size(), 4u);
  const float expected[] = {1, 0.1f, 0.01f, 0.001f};
  for (std::size_t j = 0; j < 4; ++j) EXPECT_FLOAT_EQ(plain[j], expected[j]);
  EXPECT_EQ(frequencies(with(llama(), "rope_scaling", nullptr)), plain);
  EXPECT_EQ(frequencies(with(llama(), "rope_scaling", {{"type", "dynamic"}, {"factor", 2.0}})), plain);
  EXPECT_EQ(frequencies(with(llama(), "rope_parameters", {{"rope_theta", 10000.0}})), plain);
  EXPECT_FLOAT_EQ(frequencies(with(llama(), "rope_theta", 16.0))[1], 0.5f);
  EXPECT_FLOAT_EQ(frequencies(with(llama(), "rope_parameters", {{"rope_theta", 16.0}}))[1], 0.5f);
  EXPECT_FLOAT_EQ(frequencies(with(llama(), "rope_scaling", {{"type", "linear"}, {"factor", 4.0}}))[1],
                  0.025f);
  const Json llama3 = {{"rope_type", "llama3"},
                       {"factor", 8.0},
                       {"low_freq_factor", 1.0},
                       {"high_freq_factor", 4.0},
                       {"original_max_position_embeddings", 512}};
  const std::vector<float> scaled = frequencies(with(llama(), "rope_scaling", llama3));
  EXPECT_EQ(scaled[0], plain[0]);            // 81 turns in 512 positions
  EXPECT_EQ(scaled[1], plain[1]);            // 8.1
  EXPECT_FLOAT_EQ(scaled[2], plain[2] / 8);  // 0.81
  EXPECT_FLOAT_EQ(scaled[3], plain[3] / 8);
}

TEST(Rotary, RefusesWhatIsNotComputed) {
  const auto scaling = [](const Json& value) { return with(llama(), "rope_scaling", value); };
  expect_refused("llama", scaling({{"type", "ntk"}}), {"rope_type", "ntk", "yarn"});
  expect_refused("llama", scaling({{"type", "linear"}}), {"factor"});
  expect_refused("llama", scaling({{"type", "linear"}, {"factor", 0}}), {"factor"});
  expect_refused("llama", scaling({{"type", "llama3"}, {"factor", 8.0}}), {"low_freq_factor"});
  expect_refused("llama", scaling({{"type", "longrope"}, {"short_factor", {1.0}}}),
                 {"short_factor", "1", "4"});
  expect_refused("llama", scaling("linear"), {"rope_scaling"});
  expect_refused("llama", with(llama(), "rope_theta", 1.0), {"base"});
  expect_refused("llama", with(llama(), "rope_theta", -1), {"rope_theta"});
  expect_refused("llama", with(llama(), "partial_rotary_factor", 1.5), {"turn"});
  expect_refused("llama", with(llama(), "partial_rotary_factor", 0.1), {"turn"});
}

// LongRoPE has frequencies for texts within the original context; the context is then that.
TEST(Rotary, LongRopeKeepsToTheOriginalContext) {
  Json config = with(llama(), "max_position_embeddings", 4096);
  config["original_max_position_embeddings"] = 512;
  config["rope_scaling"] = {
      {"type", "su"}, {"short_factor", {1.0, 1.0, 2.0, 2.0}}, {"long_factor", {9, 9, 9, 9}}};
  const Architecture phi = architecture("phi3", config);
  EXPECT_EQ(phi.n_positions, 512u);
  EXPECT_FLOAT_EQ(phi.rotary[0].frequencies[2], 0.005f);
  EXPECT_FLOAT_EQ(phi.rotary[0].amplitude, std::sqrt(1 + std::log(8.0f) / std::log(512.0f)));
}

TEST(Windows, ByFamily) {
  EXPECT_EQ(architecture("mistral", llama()).layers[2].window, 4096u);
  EXPECT_EQ(architecture("mistral", with(llama(), "sliding_window", nullptr)).layers[2].window, std::nullopt);
  EXPECT_EQ(architecture("mistral", with(llama(), "sliding_window", 7)).layers[0].window, 7u);
  EXPECT_EQ(architecture("qwen2", with(llama(), "sliding_window", 7)).layers[3].window, std::nullopt);
  Json qwen = with(with(llama(), "sliding_window", 7), "use_sliding_window", true);
  EXPECT_EQ(architecture("qwen2", qwen).layers[3].window, std::nullopt);  // from layer 28 on
  EXPECT_EQ(architecture("qwen2", with(qwen, "max_window_layers", 3)).layers[2].window, std::nullopt);
  EXPECT_EQ(architecture("qwen2", with(qwen, "max_window_layers", 3)).layers[3].window, 7u);
  EXPECT_EQ(architecture("gemma2", with(llama(), "sliding_window", 7)).layers[0].window, 7u);
  EXPECT_EQ(architecture("gemma2", with(llama(), "sliding_window", 7)).layers[1].window, std::nullopt);
  const Json gemma3 = with(with(llama(), "sliding_window", 7), "num_hidden_layers", 7);
  EXPECT_EQ(architecture("gemma3_text", gemma3).layers[4].window, 7u);
  EXPECT_EQ(architecture("gemma3_text", gemma3).layers[5].window, std::nullopt);
  EXPECT_EQ(architecture("gemma3_text", gemma3).layers[6].rotary, 1u);
  EXPECT_EQ(architecture("gemma3_text", gemma3).layers[5].rotary, 0u);
  expect_refused("qwen2", with(qwen, "layer_types", {"full_attention"}), {"layer_types", "1", "4"});
  expect_refused("qwen2", with(qwen, "layer_types", {"full_attention", "a", "a", "a"}),
                 {"layer_types", "'a'"});
}

TEST(Gemma, ScalesCapsAndDefaults) {
  const Architecture gemma = architecture("gemma2", llama());
  EXPECT_EQ(gemma.attention.d_head, 256u);
  EXPECT_EQ(gemma.attention.score_cap, 50.0f);
  EXPECT_EQ(gemma.logit_cap, 30.0f);
  EXPECT_FLOAT_EQ(gemma.layers[0].score_scale, 1 / 16.0f);
  EXPECT_EQ(gemma.embedding_scale, 8.0f);
  EXPECT_TRUE(gemma.norm.gain_plus_one);
  EXPECT_TRUE(gemma.tied);
  EXPECT_EQ(gemma.mlp.activation, numeric::Activation::kGeluNew);
  EXPECT_EQ(architecture("gemma2", with(llama(), "attn_logit_softcapping", nullptr)).attention.score_cap,
            std::nullopt);
  EXPECT_FLOAT_EQ(architecture("gemma2", with(llama(), "query_pre_attn_scalar", 144)).layers[0].score_scale,
                  1 / 12.0f);
  EXPECT_EQ(architecture("gemma3_text", llama()).attention.score_cap, std::nullopt);
  expect_refused("gemma3_text", with(llama(), "use_bidirectional_attention", true),
                 {"use_bidirectional_attention"});
}

// A multimodal file says of its text part only what differs from the family's defaults.
TEST(Gemma, TextWithinAMultimodalFile) {
  const Json text = {
      {"hidden_size", 64}, {"intermediate_size", 96}, {"num_hidden_layers", 6}, {"sliding_window", 9}};
  const auto spec = read("gemma3", {{"text_config", text}, {"vision_config", Json::object()}});
  ASSERT_TRUE(spec.has_value()) << spec.error().message;
  EXPECT_EQ(spec->architecture.attention.n_heads, 8u);
  EXPECT_EQ(spec->architecture.attention.n_kv_heads, 4u);
  EXPECT_EQ(spec->architecture.vocab_size, 262208u);
  EXPECT_EQ(spec->architecture.n_positions, 131072u);
  expect_refused("gemma3", {{"vision_config", Json::object()}}, {"text_config"});
  expect_refused("gemma3", {{"text_config", with(text, "hidden_size", 0)}}, {"text_config", "hidden_size"});
}

TEST(NeoX, PartialRotationAndParallelBlocks) {
  const Json neox = with(llama(), "hidden_act", "gelu");
  EXPECT_EQ(architecture("gpt_neox", neox).residual, Residual::kParallel);
  EXPECT_EQ(architecture("gpt_neox", with(neox, "use_parallel_residual", false)).residual,
            Residual::kSequential);
  EXPECT_EQ(architecture("gpt_neox", neox).rotary[0].frequencies.size(), 1u);  // a quarter of 8 dimensions
  EXPECT_EQ(architecture("gpt_neox", with(neox, "rotary_pct", 1.0)).rotary[0].frequencies.size(), 4u);
  EXPECT_EQ(architecture("gpt_neox", neox).attention.n_kv_heads, 8u);
  EXPECT_EQ(architecture("gpt_neox", neox).mlp.activation, numeric::Activation::kGeluErf);
}

TEST(GptNeo, LayersAreExpanded) {
  const Json neo = {{"hidden_size", 24}, {"num_layers", 3},
                    {"num_heads", 3},    {"max_position_embeddings", 64},
                    {"vocab_size", 61},  {"attention_types", {{{"global", "local"}, 1}, {{"local"}, 1}}},
                    {"window_size", 5}};
  const Architecture read_neo = architecture("gpt_neo", neo);
  EXPECT_EQ(read_neo.layers[0].window, std::nullopt);
  EXPECT_EQ(read_neo.layers[1].window, 5u);
  EXPECT_EQ(read_neo.layers[2].window, 5u);
  EXPECT_EQ(read_neo.layers[2].score_scale, 1.0f);
  EXPECT_EQ(read_neo.mlp.n_inner, 96u);
  expect_refused("gpt_neo", with(neo, "num_layers", 4), {"attention_types", "3", "4"});
  for (const Json& types : {Json(3), Json({3}), Json({{{"global"}, -1}}), Json({{{"other"}, 3}}),
                            Json({{{"global"}, 4000000000u}})}) {
    expect_refused("gpt_neo", with(neo, "attention_types", types), {"attention_types"});
  }
}

TEST(Opt, RefusesTheFormsItDoesNotCompute) {
  Json opt = with(llama(), "ffn_dim", 96);
  EXPECT_EQ(architecture("opt", opt).first_position, 2u);
  EXPECT_EQ(architecture("opt", opt).mlp.activation, numeric::Activation::kRelu);
  expect_refused("opt", with(opt, "do_layer_norm_before", false), {"do_layer_norm_before", "false"});
  expect_refused("opt", with(opt, "word_embed_proj_dim", 32), {"word_embed_proj_dim", "32", "64"});
  expect_refused("opt", with(opt, "_remove_final_layer_norm", true), {"_remove_final_layer_norm"});
}

TEST(SmolLm3, LayersWithoutPositions) {
  const Architecture smol = architecture("smollm3", llama());
  EXPECT_EQ(smol.layers[2].rotary, 0u);
  EXPECT_EQ(smol.layers[3].rotary, std::nullopt);
  EXPECT_EQ(architecture("smollm3", with(llama(), "no_rope_layers", {0, 1, 1, 1})).layers[0].rotary,
            std::nullopt);
  expect_refused("smollm3", with(llama(), "no_rope_layers", {0, 1}), {"no_rope_layers", "2", "4"});
  expect_refused("smollm3", with(llama(), "no_rope_layers", {0, 1, 2, 1}), {"no_rope_layers"});
}

}  // namespace
}  // namespace penfield::model
