#include "penfield/model/gguf_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "penfield/formats/message_text.h"

namespace penfield::model {
namespace {

using formats::GgufFile;
using formats::GgufMetadata;
using formats::GgufType;
using formats::Tensor;
using nlohmann::json;

// A configuration being made from a file.
struct Translation {
  const GgufFile& file;
  std::string architecture;
  json config = json::object();
  std::uint32_t d_head = 0;  // once add_attention has run

  [[nodiscard]] std::string key(std::string_view name) const {
    return fmt::format("{}.{}", architecture, name);
  }
  [[nodiscard]] const GgufMetadata& metadata() const { return file.metadata; }
  [[nodiscard]] bool has_tensor(std::string_view name) const { return file.tensors.find(name) != nullptr; }

  template <class... Args>
  [[nodiscard]] tl::unexpected<Error> refuse(std::string_view name, fmt::format_string<Args...> why,
                                             Args&&... args) const {
    return bad_input("{}: key '{}': {}", metadata().path(), key(name),
                     fmt::format(why, std::forward<Args>(args)...));
  }

  // An integer that the file must have, or may; of an array (one value a layer) the value that all layers
  // share.
  [[nodiscard]] Result<std::optional<std::uint32_t>> find_size(std::string_view name) const {
    const formats::GgufValue* value = metadata().find(key(name));
    if (value == nullptr || value->type != GgufType::kArray) return metadata().find_u32(key(name));
    PENFIELD_TRY(const std::vector<std::int64_t> all, metadata().i64s(key(name)));
    if (all.empty() || std::ranges::any_of(all, [&](std::int64_t n) { return n != all.front(); })) {
      return refuse(name, "layers differ in it; Penfield runs models whose layers are alike");
    }
    if (all.front() < 0 || all.front() > 0xffffffff) return refuse(name, "{} is no size", all.front());
    return static_cast<std::uint32_t>(all.front());
  }
  [[nodiscard]] Result<std::uint32_t> size(std::string_view name) const {
    PENFIELD_TRY(const std::optional<std::uint32_t> value, find_size(name));
    if (!value) return bad_input("{}: the key '{}' is missing", metadata().path(), key(name));
    return *value;
  }
  [[nodiscard]] Result<float> number_or(std::string_view name, float otherwise) const {
    PENFIELD_TRY(const std::optional<float> value, metadata().find_f32(key(name)));
    return value.value_or(otherwise);
  }
  Result<void> copy_size(std::string_view field, std::string_view name) {
    PENFIELD_TRY(config[std::string(field)], size(name));
    return {};
  }
  Result<void> copy_number(std::string_view field, std::string_view name) {
    PENFIELD_TRY(config[std::string(field)], metadata().f32(key(name)));
    return {};
  }
};

constexpr std::string_view kScale = "attention.scale";  // of scores; gemma's alone

// Keys that change what a model computes, and that no family of Penfield has. A value of 0 asks for nothing.
constexpr std::array<std::string_view, 12> kRefused = {"expert_count",
                                                       "attention.max_alibi_bias",
                                                       "attention.clamp_kqv",
                                                       "attention.output_scale",
                                                       "attention.temperature_scale",
                                                       "attention.temperature_length",
                                                       "attention.shared_kv_layers",
                                                       "embedding_scale",
                                                       "logit_scale",
                                                       "residual_scale",
                                                       "rope.scaling.alpha",
                                                       "embedding_length_per_layer_input"};

Result<void> refuse_keys(const Translation& translation, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    const formats::GgufValue* value = translation.metadata().find(translation.key(name));
    if (value == nullptr || std::ranges::all_of(value->bytes, [](std::byte b) { return b == std::byte{0}; }))
      continue;
    return translation.refuse(name, "Penfield does not run models with it");
  }
  return {};
}

Result<void> refuse_unknown(const Translation& translation) {
  PENFIELD_TRY_VOID(refuse_keys(translation, kRefused));
  PENFIELD_TRY(const auto causal, translation.metadata().find_bool(translation.key("attention.causal")));
  if (causal.value_or(true)) return {};
  return translation.refuse("attention.causal", "Penfield runs models whose attention is causal");
}

// Heads. Fields of the Hugging Face families with `num_attention_heads`, except GPT-2's.
Result<void> add_attention(Translation& to) {
  PENFIELD_TRY(const std::uint32_t width, to.size("embedding_length"));
  PENFIELD_TRY(const std::uint32_t n_heads, to.size("attention.head_count"));
  if (n_heads == 0) return to.refuse("attention.head_count", "a model needs at least one head");
  PENFIELD_TRY(const auto found_kv_heads, to.find_size("attention.head_count_kv"));
  const std::uint32_t n_kv_heads = found_kv_heads.value_or(n_heads);
  if (n_kv_heads == 0 || n_heads % n_kv_heads != 0) {
    return to.refuse("attention.head_count_kv", "{} does not divide the {} heads", n_kv_heads, n_heads);
  }
  PENFIELD_TRY(const auto key_length, to.find_size("attention.key_length"));
  PENFIELD_TRY(const auto value_length, to.find_size("attention.value_length"));
  if (!key_length && width % n_heads != 0) {
    return to.refuse("attention.head_count", "{} does not divide the width {}", n_heads, width);
  }
  to.d_head = key_length.value_or(width / n_heads);
  if (value_length && *value_length != to.d_head) {
    return to.refuse("attention.value_length", "{} is not the length {} of a key", *value_length, to.d_head);
  }
  to.config["num_attention_heads"] = n_heads;
  to.config["num_key_value_heads"] = n_kv_heads;
  to.config["head_dim"] = to.d_head;
  return {};
}

// The vocabulary is the token embedding's rows: files differ in whether they write it down.
Result<std::uint64_t> vocab_size(const Translation& translation) {
  const Tensor* embedding = translation.file.tensors.find("token_embd.weight");
  if (embedding == nullptr || embedding->shape.size() != 2) {
    return bad_input("{}: no matrix 'token_embd.weight' is in the file", translation.metadata().path());
  }
  return embedding->shape[0];
}

Result<void> add_sizes(Translation& to) {
  PENFIELD_TRY(to.config["vocab_size"], vocab_size(to));
  to.config["tie_word_embeddings"] = !to.has_tensor("output.weight");
  PENFIELD_TRY_VOID(to.copy_size("hidden_size", "embedding_length"));
  PENFIELD_TRY_VOID(to.copy_size("intermediate_size", "feed_forward_length"));
  PENFIELD_TRY_VOID(to.copy_size("num_hidden_layers", "block_count"));
  PENFIELD_TRY_VOID(to.copy_size("max_position_embeddings", "context_length"));
  return add_attention(to);
}

// How many dimensions of a head turn; all where the file does not say.
Result<std::uint32_t> rotary_dimensions(const Translation& translation) {
  constexpr std::string_view kName = "rope.dimension_count";
  PENFIELD_TRY(const auto found, translation.find_size(kName));
  const std::uint32_t n = found.value_or(translation.d_head);
  if (n == 0 || n % 2 != 0 || n > translation.d_head) {
    return translation.refuse(kName, "{} is not an even number from 2 to the head's {}", n,
                              translation.d_head);
  }
  return n;
}

// "rope_scaling" of transformers, or null.
Result<json> rope_scaling(const Translation& translation) {
  PENFIELD_TRY(const auto type, translation.metadata().find_string(translation.key("rope.scaling.type")));
  PENFIELD_TRY(const float old_linear, translation.number_or("rope.scale_linear", 1));
  PENFIELD_TRY(const float factor, translation.number_or("rope.scaling.factor", old_linear));
  if (!(factor >= 1)) return translation.refuse("rope.scaling.factor", "{} is less than 1", factor);
  if (type == "none" || factor == 1) return json();
  if (!type || type == "linear") return json{{"rope_type", "linear"}, {"factor", factor}};
  if (type != "yarn") {
    return translation.refuse("rope.scaling.type",
                              "'{}' is not known; Penfield computes none, linear and yarn",
                              formats::message_text(*type));
  }
  json out{{"rope_type", "yarn"}, {"factor", factor}};
  PENFIELD_TRY(out["beta_fast"], translation.number_or("rope.scaling.yarn_beta_fast", 32));
  PENFIELD_TRY(out["beta_slow"], translation.number_or("rope.scaling.yarn_beta_slow", 1));
  PENFIELD_TRY(out["original_max_position_embeddings"],
               translation.size("rope.scaling.original_context_length"));
  for (const std::string_view name : {"rope.scaling.yarn_log_multiplier", "rope.scaling.attn_factor"}) {
    if (translation.metadata().find(translation.key(name)) != nullptr)
      return translation.refuse(name, "Penfield runs yarn without it");
  }
  return out;
}

// The share n / d of a head that turns, such that a reader that cuts share · d finds n again.
double rotary_share(std::uint32_t n, std::uint32_t d) {
  const double share = static_cast<double>(n) / d;
  return static_cast<std::uint32_t>(share * d) == n ? share : std::nextafter(share, 1.0);
}

// Rotary positions of the whole head, as most families have them.
Result<void> add_rotary(Translation& to) {
  PENFIELD_TRY(const std::uint32_t n, rotary_dimensions(to));
  if (n != to.d_head) {
    return to.refuse("rope.dimension_count", "{}, but in this architecture all {} dimensions of a head turn",
                     n, to.d_head);
  }
  PENFIELD_TRY(to.config["rope_theta"], to.number_or("rope.freq_base", 10000));
  PENFIELD_TRY(json scaling, rope_scaling(to));
  if (!scaling.is_null()) to.config["rope_scaling"] = std::move(scaling);
  return {};
}

// Sizes, RMS norms, a gated MLP of SiLU, rotary positions: what the descendants of Llama share.
Result<void> add_llama_parts(Translation& to) {
  PENFIELD_TRY_VOID(add_sizes(to));
  PENFIELD_TRY_VOID(to.copy_number("rms_norm_eps", "attention.layer_norm_rms_epsilon"));
  to.config["hidden_act"] = "silu";
  return add_rotary(to);
}

// In these, every query sees all keys before it, and scores are scaled by the length of a key.
Result<void> add_plain_llama_parts(Translation& to) {
  constexpr std::array<std::string_view, 2> kOthers = {"attention.sliding_window", kScale};
  PENFIELD_TRY_VOID(refuse_keys(to, kOthers));
  return add_llama_parts(to);
}

// Also Mistral's models and SmolLM2, which llama.cpp runs as this architecture.
Result<void> add_llama(Translation& to) {
  PENFIELD_TRY_VOID(refuse_keys(to, std::array{kScale}));
  PENFIELD_TRY_VOID(add_llama_parts(to));
  to.config["attention_bias"] = to.has_tensor("blk.0.attn_q.bias");
  to.config["mlp_bias"] = to.has_tensor("blk.0.ffn_up.bias");
  PENFIELD_TRY(const auto window, to.find_size("attention.sliding_window"));
  if (window.value_or(0) == 0) return {};
  to.config["model_type"] = "mistral";
  to.config["sliding_window"] = *window;
  return {};
}

// Every fourth layer has no rotary positions.
Result<void> add_smollm3(Translation& to) {
  to.config["no_rope_layer_interval"] = 4;
  return add_plain_llama_parts(to);
}

Result<void> add_gemma_parts(Translation& to, std::uint32_t n_layers_of_27b) {
  PENFIELD_TRY_VOID(add_llama_parts(to));
  to.config.erase("hidden_act");
  to.config["hidden_activation"] = "gelu_pytorch_tanh";
  PENFIELD_TRY(const std::uint32_t n_layers, to.size("block_count"));
  PENFIELD_TRY(const std::uint32_t width, to.size("embedding_length"));
  PENFIELD_TRY(const std::uint32_t n_heads, to.size("attention.head_count"));
  // Scores are scaled with 1/√ of this. It is not in most files: the 27B models alone take the width a head.
  to.config["query_pre_attn_scalar"] = n_layers == n_layers_of_27b ? width / n_heads : to.d_head;
  PENFIELD_TRY(const float scale, to.number_or(kScale, 0));
  if (scale != 0)
    to.config["query_pre_attn_scalar"] = 1 / (static_cast<double>(scale) * static_cast<double>(scale));
  return {};
}

Result<void> add_gemma2(Translation& to) {
  PENFIELD_TRY_VOID(add_gemma_parts(to, 46));
  PENFIELD_TRY(to.config["attn_logit_softcapping"], to.number_or("attn_logit_softcapping", 50));
  PENFIELD_TRY(to.config["final_logit_softcapping"], to.number_or("final_logit_softcapping", 30));
  PENFIELD_TRY(const auto window, to.find_size("attention.sliding_window"));
  to.config["sliding_window"] = window.value_or(4096);
  return {};
}

// Which layers slide: "sliding_window_pattern" n says that every n-th does not; as an array, one answer a
// layer.
Result<void> add_window_pattern(Translation& to, std::uint32_t otherwise) {
  constexpr std::string_view kName = "attention.sliding_window_pattern";
  const formats::GgufValue* value = to.metadata().find(to.key(kName));
  if (value == nullptr || value->type != GgufType::kArray) {
    PENFIELD_TRY(const auto pattern, to.metadata().find_u32(to.key(kName)));
    to.config["sliding_window_pattern"] = pattern.value_or(otherwise);
    return {};
  }
  PENFIELD_TRY(const std::vector<bool> slides, to.metadata().bools(to.key(kName)));
  json types = json::array();
  for (const bool layer_slides : slides)
    types.push_back(layer_slides ? "sliding_attention" : "full_attention");
  to.config["layer_types"] = std::move(types);
  return {};
}

Result<void> add_gemma3(Translation& to) {
  PENFIELD_TRY_VOID(add_gemma_parts(to, 62));
  PENFIELD_TRY(to.config["rope_theta"], to.number_or("rope.freq_base", 1e6f));
  PENFIELD_TRY(to.config["rope_local_base_freq"], to.number_or("rope.freq_base_swa", 10000));
  PENFIELD_TRY_VOID(to.copy_size("sliding_window", "attention.sliding_window"));
  PENFIELD_TRY(const float cap, to.number_or("final_logit_softcapping", 0));
  if (cap != 0) to.config["final_logit_softcapping"] = cap;
  return add_window_pattern(to, 6);
}

// Dimensions that turn, and the factors of long contexts, are fields of their own.
Result<void> add_phi3(Translation& to) {
  if (to.has_tensor("rope_factors_long.weight") || to.has_tensor("rope_factors_short.weight")) {
    return bad_input(
        "{}: tensor 'rope_factors_long.weight': Penfield runs models of phi3 without rotary scaling",
        to.metadata().path());
  }
  PENFIELD_TRY_VOID(add_sizes(to));
  PENFIELD_TRY_VOID(to.copy_number("rms_norm_eps", "attention.layer_norm_rms_epsilon"));
  PENFIELD_TRY(const std::uint32_t n, rotary_dimensions(to));
  to.config["partial_rotary_factor"] = rotary_share(n, to.d_head);
  PENFIELD_TRY(to.config["rope_theta"], to.number_or("rope.freq_base", 10000));
  PENFIELD_TRY(const auto window, to.find_size("attention.sliding_window"));
  if (window.value_or(0) != 0) to.config["sliding_window"] = *window;
  to.config["hidden_act"] = "silu";
  return {};
}

// GELU by the error function, with which the models were trained; llama.cpp computes the tanh form.
Result<void> add_gptneox(Translation& to) {
  PENFIELD_TRY_VOID(add_sizes(to));
  PENFIELD_TRY_VOID(to.copy_number("layer_norm_eps", "attention.layer_norm_epsilon"));
  PENFIELD_TRY(const std::uint32_t n, rotary_dimensions(to));
  to.config["rotary_pct"] = rotary_share(n, to.d_head);
  PENFIELD_TRY(to.config["rotary_emb_base"], to.number_or("rope.freq_base", 10000));
  PENFIELD_TRY(const auto parallel, to.metadata().find_bool(to.key("use_parallel_residual")));
  to.config["use_parallel_residual"] = parallel.value_or(true);
  to.config["attention_bias"] = to.has_tensor("blk.0.attn_qkv.bias");
  to.config["hidden_act"] = "gelu";
  return {};
}

Result<void> add_gpt2(Translation& to) {
  PENFIELD_TRY(to.config["vocab_size"], vocab_size(to));
  to.config["tie_word_embeddings"] = !to.has_tensor("output.weight");
  PENFIELD_TRY_VOID(to.copy_size("n_embd", "embedding_length"));
  PENFIELD_TRY_VOID(to.copy_size("n_inner", "feed_forward_length"));
  PENFIELD_TRY_VOID(to.copy_size("n_layer", "block_count"));
  PENFIELD_TRY_VOID(to.copy_size("n_positions", "context_length"));
  PENFIELD_TRY_VOID(to.copy_size("n_head", "attention.head_count"));
  PENFIELD_TRY_VOID(to.copy_number("layer_norm_epsilon", "attention.layer_norm_epsilon"));
  to.config["activation_function"] = "gelu_new";
  return {};
}

struct GgufArchitecture {
  std::string_view name;        // general.architecture
  std::string_view model_type;  // of the family that computes it
  Result<void> (*add)(Translation&);
};
constexpr std::array<GgufArchitecture, 10> kArchitectures = {{{"gemma2", "gemma2", add_gemma2},
                                                              {"gemma3", "gemma3_text", add_gemma3},
                                                              {"gpt2", "gpt2", add_gpt2},
                                                              {"gptneox", "gpt_neox", add_gptneox},
                                                              {"llama", "llama", add_llama},
                                                              {"olmo2", "olmo2", add_plain_llama_parts},
                                                              {"phi3", "phi3", add_phi3},
                                                              {"qwen2", "qwen2", add_plain_llama_parts},
                                                              {"qwen3", "qwen3", add_plain_llama_parts},
                                                              {"smollm3", "smollm3", add_smollm3}}};

}  // namespace

std::string known_gguf_architectures() {
  std::string out;
  for (const GgufArchitecture& row : kArchitectures) out.append(out.empty() ? "" : ", ").append(row.name);
  return out;
}

Result<json> gguf_config(const GgufFile& file) {
  PENFIELD_TRY(const std::string_view name, file.metadata.string("general.architecture"));
  const auto row = std::ranges::find(kArchitectures, name, &GgufArchitecture::name);
  if (row == kArchitectures.end()) {
    return bad_input("{}: key 'general.architecture': '{}'; Penfield runs GGUF models of {}",
                     file.metadata.path(), formats::message_text(name), known_gguf_architectures());
  }
  Translation translation{.file = file, .architecture = std::string(name)};
  translation.config["model_type"] = row->model_type;
  PENFIELD_TRY_VOID(refuse_unknown(translation));
  PENFIELD_TRY_VOID(row->add(translation));
  return std::move(translation.config);
}

Result<std::vector<float>> gguf_frequency_divisors(const GgufFile& file, std::size_t n_frequencies) {
  const Tensor* tensor = file.tensors.find("rope_freqs.weight");
  if (tensor == nullptr) return std::vector<float>();
  if (tensor->n_values() != n_frequencies) {
    return bad_input("{}: tensor '{}': it has {} values, but {} frequencies are divided by it", tensor->file,
                     tensor->name, tensor->n_values(), n_frequencies);
  }
  std::vector<float> out(n_frequencies);
  PENFIELD_TRY_VOID(formats::copy_to_float(*tensor, out));
  const auto bad = std::ranges::find_if(out, [](float divisor) { return !(divisor > 0); });
  if (bad != out.end()) {
    return bad_input("{}: tensor '{}': value {} is {}, but must be above 0", tensor->file, tensor->name,
                     bad - out.begin(), *bad);
  }
  return out;
}

}  // namespace penfield::model
