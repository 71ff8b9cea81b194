// GPT-Neo: windows in every other layer, scores not scaled. Source: Black et al. 2021; transformers,
// models/gpt_neo.
#include "penfield/formats/json.h"
#include "penfield/formats/message_text.h"
#include "penfield/model/families/attention_parts.h"
#include "penfield/model/families/families.h"

namespace penfield::model {
namespace {

// "attention_types": [[["global", "local"], 6]] is global, local, global, … in twelve layers.
Result<std::vector<std::string>> expand_types(const ConfigReader& config) {
  std::vector<std::string> out;
  const auto wrong = [&] {
    return bad_input("{}: \"attention_types\" must be a list of pairs of a list (global, local) and a number",
                     config.name());
  };
  PENFIELD_TRY(const nlohmann::json* groups,
               formats::get_array(config.object(), "attention_types", config.name()));
  for (const nlohmann::json& group : *groups) {
    if (!group.is_array() || group.size() != 2 || !group[0].is_array() || !group[1].is_number_unsigned())
      return wrong();
    const auto n_times = group[1].get<std::uint64_t>();
    if (n_times > kMaxLayers || group[0].size() > kMaxLayers || out.size() > kMaxLayers) return wrong();
    for (std::uint64_t i = 0; i < n_times && out.size() <= kMaxLayers; ++i) {
      for (const nlohmann::json& type : group[0]) {
        if (type != "global" && type != "local") return wrong();
        out.push_back(type.get<std::string>());
      }
    }
  }
  return out;
}

Result<std::vector<LayerSpec>> read_gpt_neo_layers(const ConfigReader& config) {
  PENFIELD_TRY(const std::uint32_t n_layers, config.size("num_layers", kMaxLayers));
  PENFIELD_TRY(const std::uint32_t window, config.size_or("window_size", kMaxPositions, 256));
  PENFIELD_TRY(const std::vector<std::string> types, expand_types(config));
  if (types.size() != n_layers) {
    return bad_input("{}: \"attention_types\" describes {} layers, \"num_layers\" is {}", config.name(),
                     types.size(), n_layers);
  }
  std::vector<LayerSpec> layers(n_layers);
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    if (types[layer] == "local") layers[layer].window = window;
  }
  return layers;
}

TensorRules gpt_neo_rules() {
  return {.prefixes = {"transformer.", ""},
          .token_embedding = "wte",
          .position_embedding = "wpe",
          .final_norm = {.name = "ln_f", .has_shift = true},
          .logits = {"lm_head.weight"},
          .blocks = "h",
          .block = {NormRule{"ln_1", &Block::before_attention, true},
                    LinearRule{"attn.attention.q_proj", {&Block::query}},
                    LinearRule{"attn.attention.k_proj", {&Block::key}},
                    LinearRule{"attn.attention.v_proj", {&Block::value}},
                    LinearRule{"attn.attention.out_proj", {&Block::attention_out}, true},
                    NormRule{"ln_2", &Block::before_mlp, true}, LinearRule{"mlp.c_fc", {&Block::up}, true},
                    LinearRule{"mlp.c_proj", {&Block::down}, true}},
          .ignored = {"attn.attention.bias", "attn.attention.masked_bias"}};
}

}  // namespace

Result<ModelSpec> read_gpt_neo(const ConfigReader& config) {
  ModelSpec out{.architecture = {}, .rules = gpt_neo_rules()};
  Architecture& architecture = out.architecture;
  constexpr AttentionKeys kAttention = {.heads = "num_heads", .kv_heads = "", .d_head = ""};
  PENFIELD_TRY(architecture.width, config.size("hidden_size", kMaxWidth));
  PENFIELD_TRY(architecture.attention, read_attention(config, kAttention, architecture.width));
  PENFIELD_TRY(architecture.n_positions, config.size("max_position_embeddings", kMaxPositions));
  PENFIELD_TRY(architecture.vocab_size, config.size("vocab_size", kMaxVocab));
  PENFIELD_TRY(architecture.layers, read_gpt_neo_layers(config));
  PENFIELD_TRY(architecture.mlp.n_inner,
               config.size_or("intermediate_size", kMaxInner, 4 * architecture.width));
  PENFIELD_TRY(architecture.mlp.activation,
               config.activation("activation_function", numeric::Activation::kGeluNew));
  PENFIELD_TRY(architecture.norm.epsilon, config.positive_or("layer_norm_epsilon", 1e-5f));
  PENFIELD_TRY(architecture.tied, config.flag("tie_word_embeddings", true));
  architecture.learned_positions = true;
  return out;
}

}  // namespace penfield::model
