#include "penfield/model/gguf_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "penfield/formats/gguf/gguf_for_tests.h"
#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::model {
namespace {

using formats::gguf_array;
using formats::gguf_number;
using formats::gguf_text;
using formats::gguf_u32;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

std::string f32(float value) {
  return gguf_number<std::uint32_t>(6) + gguf_number(value);
}

// A file of one tensor and the metadata of an architecture, whose keys a test changes.
class GgufConfig : public testing::Test {
 protected:
  void set(const std::string& key, const std::string& value) {
    std::erase_if(file_.pairs, [&](const auto& pair) { return pair.key == key; });
    file_.pairs.push_back({key, value});
  }
  void start(const std::string& architecture) {
    file_ = {};
    set("general.architecture", gguf_text(architecture));
    for (const auto& [name, value] :
         std::initializer_list<std::pair<const char*, std::uint32_t>>{{"embedding_length", 12},
                                                                      {"feed_forward_length", 20},
                                                                      {"block_count", 3},
                                                                      {"context_length", 64}}) {
      set(architecture + "." + name, gguf_u32(value));
    }
    set(architecture + ".attention.head_count", gguf_u32(3));
    set(architecture + ".attention.layer_norm_rms_epsilon", f32(1e-6f));
    set(architecture + ".attention.layer_norm_epsilon", f32(1e-5f));
    file_.add("token_embd.weight", {12, 7}, 0, std::string(std::size_t{12} * 7 * 4, '\0'));
  }
  Result<json> config() {
    PENFIELD_TRY(const formats::GgufFile file, formats::open_gguf(folder_.write("m.gguf", file_.bytes())));
    return gguf_config(file);
  }
  std::string refusal() {
    const auto made = config();
    if (made) return "accepted";
    EXPECT_EQ(made.error().kind, ErrorKind::kBadInput);
    return made.error().message;
  }
  formats::ScratchFolder folder_;
  formats::GgufBytes file_;
};

TEST_F(GgufConfig, OfLlama) {
  start("llama");
  set("llama.attention.head_count_kv", gguf_u32(1));
  set("llama.rope.freq_base", f32(100000));
  const auto made = config();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(*made, json({{"model_type", "llama"},
                         {"vocab_size", 7},
                         {"tie_word_embeddings", true},
                         {"hidden_size", 12},
                         {"intermediate_size", 20},
                         {"num_hidden_layers", 3},
                         {"max_position_embeddings", 64},
                         {"num_attention_heads", 3},
                         {"num_key_value_heads", 1},
                         {"head_dim", 4},
                         {"rms_norm_eps", 1e-6f},
                         {"hidden_act", "silu"},
                         {"rope_theta", 100000.0},
                         {"attention_bias", false},
                         {"mlp_bias", false}}));
  file_.add("output.weight", {12, 7}, 0, std::string(std::size_t{12} * 7 * 4, '\0'));
  EXPECT_EQ((*config())["tie_word_embeddings"], false);
  set("llama.attention.sliding_window", gguf_u32(8));
  EXPECT_EQ((*config())["model_type"], "mistral");
  EXPECT_EQ((*config())["sliding_window"], 8);
}

TEST_F(GgufConfig, OfGemmaHasWhatTheFileLeavesOut) {
  start("gemma2");
  set("gemma2.attention.key_length", gguf_u32(8));
  json made = *config();
  EXPECT_EQ(made["query_pre_attn_scalar"], 8);
  EXPECT_EQ(made["attn_logit_softcapping"], 50);
  EXPECT_EQ(made["final_logit_softcapping"], 30);
  EXPECT_EQ(made["sliding_window"], 4096);
  EXPECT_EQ(made["hidden_activation"], "gelu_pytorch_tanh");
  set("gemma2.attention.scale", f32(0.25f));
  EXPECT_EQ((*config())["query_pre_attn_scalar"], 16);
  set("gemma2.attention.scale", f32(0));
  set("gemma2.block_count", gguf_u32(46));
  EXPECT_EQ((*config())["query_pre_attn_scalar"], 4);  // 12 / 3

  start("gemma3");
  set("gemma3.attention.sliding_window", gguf_u32(16));
  set("gemma3.rope.scaling.type", gguf_text("linear"));
  set("gemma3.rope.scaling.factor", f32(8));
  made = *config();
  EXPECT_EQ(made["model_type"], "gemma3_text");
  EXPECT_EQ(made["rope_theta"], 1e6);
  EXPECT_EQ(made["rope_local_base_freq"], 10000);
  EXPECT_EQ(made["sliding_window_pattern"], 6);
  EXPECT_EQ(made["rope_scaling"], json({{"rope_type", "linear"}, {"factor", 8}}));
  set("gemma3.attention.sliding_window_pattern", gguf_array(7, 3, std::string("\1\0\1", 3)));
  EXPECT_EQ((*config())["layer_types"], json({"sliding_attention", "full_attention", "sliding_attention"}));
}

TEST_F(GgufConfig, OfTheOthers) {
  start("gptneox");
  set("gptneox.rope.dimension_count", gguf_u32(2));
  json made = *config();
  EXPECT_EQ(made["model_type"], "gpt_neox");
  EXPECT_EQ(made["rotary_pct"], 0.5);
  EXPECT_EQ(made["hidden_act"], "gelu");
  EXPECT_EQ(made["use_parallel_residual"], true);
  EXPECT_EQ(made["layer_norm_eps"], 1e-5f);
  start("gpt2");
  made = *config();
  EXPECT_EQ(made["n_inner"], 20);
  EXPECT_EQ(made["n_positions"], 64);
  start("phi3");
  set("phi3.rope.dimension_count", gguf_u32(4));
  EXPECT_EQ((*config())["partial_rotary_factor"], 1.0);
  for (const char* name : {"qwen2", "qwen3", "olmo2", "smollm3"}) {
    start(name);
    EXPECT_EQ((*config())["model_type"], name);
    EXPECT_EQ((*config())["rope_theta"], 10000);
  }
}

TEST_F(GgufConfig, OfLayersThatAreAlikeOnly) {
  start("llama");
  const auto u32s = [](std::uint32_t a, std::uint32_t b) {
    return gguf_array(4, 2, gguf_number(a) + gguf_number(b));
  };
  set("llama.feed_forward_length", u32s(20, 20));
  EXPECT_EQ((*config())["intermediate_size"], 20);
  set("llama.feed_forward_length", u32s(20, 24));
  EXPECT_THAT(refusal(), HasSubstr("key 'llama.feed_forward_length': layers differ in it"));
}

TEST_F(GgufConfig, ImpossibleHeadsAreRefusedByTheirKey) {
  start("llama");
  set("llama.attention.head_count", gguf_u32(0));
  EXPECT_THAT(refusal(), HasSubstr("key 'llama.attention.head_count': a model needs at least one head"));
  set("llama.attention.head_count", gguf_u32(5));
  EXPECT_THAT(refusal(), HasSubstr("5 does not divide the width 12"));
  start("llama");
  for (const std::uint32_t n : {0u, 2u, 4u}) {
    set("llama.attention.head_count_kv", gguf_u32(n));
    EXPECT_THAT(refusal(), HasSubstr("key 'llama.attention.head_count_kv'")) << n;
  }
  start("llama");
  for (const std::uint32_t n : {0u, 3u, 6u, 2u}) {
    set("llama.rope.dimension_count", gguf_u32(n));
    EXPECT_THAT(refusal(), HasSubstr("key 'llama.rope.dimension_count'")) << n;
  }
  start("llama");
  set("llama.attention.value_length", gguf_u32(8));
  EXPECT_THAT(refusal(), HasSubstr("key 'llama.attention.value_length'"));
}

TEST_F(GgufConfig, WhatNoFamilyComputesIsRefusedByItsKey) {
  start("llama");
  set("llama.expert_count", gguf_u32(8));
  EXPECT_THAT(refusal(), HasSubstr("key 'llama.expert_count'"));
  set("llama.expert_count", gguf_u32(0));
  EXPECT_EQ(refusal(), "accepted");
  set("llama.attention.scale", f32(1));
  EXPECT_THAT(refusal(), HasSubstr("key 'llama.attention.scale'"));
  start("qwen2");
  set("qwen2.attention.sliding_window", gguf_u32(8));
  EXPECT_THAT(refusal(), HasSubstr("key 'qwen2.attention.sliding_window'"));
  start("llama");
  set("llama.rope.scaling.type", gguf_text("longrope"));
  set("llama.rope.scaling.factor", f32(4));
  EXPECT_THAT(refusal(), HasSubstr("'longrope' is not known"));
  set("llama.rope.scaling.type", gguf_text("yarn"));
  EXPECT_THAT(refusal(), HasSubstr("the key 'llama.rope.scaling.original_context_length' is missing"));
  set("llama.rope.scaling.original_context_length", gguf_u32(16));
  EXPECT_EQ((*config())["rope_scaling"]["beta_fast"], 32);
  set("llama.attention.causal", gguf_number<std::uint32_t>(7) + std::string(1, '\0'));
  EXPECT_THAT(refusal(), HasSubstr("key 'llama.attention.causal'"));
  start("falcon");
  EXPECT_THAT(refusal(),
              HasSubstr("key 'general.architecture': 'falcon'; Penfield runs GGUF models of gemma2, gemma3"));
  start("llama");
  set("llama.block_count", gguf_text("3"));
  EXPECT_THAT(refusal(), HasSubstr("its type is string"));
  std::erase_if(file_.pairs, [](const auto& pair) { return pair.key == "llama.block_count"; });
  EXPECT_THAT(refusal(), HasSubstr("the key 'llama.block_count' is missing"));
}

TEST_F(GgufConfig, DivisorsOfFrequenciesAreChecked) {
  const auto divisors = [&](std::initializer_list<float> values) {
    start("llama");
    std::string bytes;
    for (const float value : values) bytes += gguf_number(value);
    file_.add("rope_freqs.weight", {values.size()}, 0, bytes);
    const auto file = formats::open_gguf(folder_.write("m.gguf", file_.bytes()));
    return gguf_frequency_divisors(*file, 2);
  };
  EXPECT_THAT(*divisors({1, 8}), ElementsAre(1, 8));
  EXPECT_THAT(divisors({1}).error().message, HasSubstr("it has 1 values, but 2 frequencies"));
  EXPECT_THAT(divisors({1, 0}).error().message, HasSubstr("value 1 is 0"));
  EXPECT_THAT(divisors({-1, 1}).error().message, HasSubstr("value 0 is -1"));
  EXPECT_FALSE(divisors({1, std::numeric_limits<float>::infinity()}));
  start("llama");
  const auto file = formats::open_gguf(folder_.write("m.gguf", file_.bytes()));
  EXPECT_TRUE(gguf_frequency_divisors(*file, 2)->empty());
}

}  // namespace
}  // namespace penfield::model
