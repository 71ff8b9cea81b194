#include "penfield/model/gguf_spec.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "penfield/base/check.h"
#include "penfield/formats/gguf/gguf_file.h"
#include "penfield/formats/sha256.h"
#include "penfield/model/families/families.h"
#include "penfield/model/gguf_config.h"

namespace penfield::model {
namespace {

struct NormName {
  Norm Block::*norm;
  std::string_view name;
};
constexpr std::array<NormName, 6> kNorms = {{{&Block::before_attention, "attn_norm"},
                                             {&Block::after_attention, "post_attention_norm"},
                                             {&Block::before_mlp, "ffn_norm"},
                                             {&Block::after_mlp, "post_ffw_norm"},
                                             {&Block::query_norm, "attn_q_norm"},
                                             {&Block::key_norm, "attn_k_norm"}}};

struct LinearName {
  Linear Block::*first;  // of the parts that a tensor holds
  std::string_view alone, fused;
};
constexpr std::array<LinearName, 7> kLinears = {{{&Block::query, "attn_q", "attn_qkv"},
                                                 {&Block::key, "attn_k", ""},
                                                 {&Block::value, "attn_v", ""},
                                                 {&Block::attention_out, "attn_output", ""},
                                                 {&Block::gate, "ffn_gate", "ffn_up"},
                                                 {&Block::up, "ffn_up", ""},
                                                 {&Block::down, "ffn_down", ""}}};

// In these architectures the converter puts the two dimensions of a head that turn together side by side.
bool has_rotary_pairs(std::string_view architecture) {
  return architecture == "llama" || architecture == "smollm3";
}

NormRule in_gguf(NormRule rule) {
  const auto* const name = std::ranges::find(kNorms, rule.norm, &NormName::norm);
  PENFIELD_CHECK(name != kNorms.end());
  rule.name = name->name;
  return rule;
}

// Everything is stored an output a row, also GPT-2's matrices and GPT-NeoX's fused one, which the converter
// lays out anew.
LinearRule in_gguf(LinearRule rule, bool rotary_pairs) {
  const auto* const name = std::ranges::find(kLinears, rule.parts.front(), &LinearName::first);
  PENFIELD_CHECK(name != kLinears.end());
  rule.name = rule.parts.size() > 1 ? name->fused : name->alone;
  PENFIELD_CHECK(!rule.name.empty());
  const bool turns = rule.parts == std::vector{&Block::query} || rule.parts == std::vector{&Block::key};
  rule.stored = rotary_pairs && turns ? Stored::kRotaryPairs : Stored::kOutIn;
  return rule;
}

TensorRules in_gguf(const TensorRules& rules, bool rotary_pairs) {
  TensorRules out{.prefixes = {""},
                  .token_embedding = "token_embd",
                  .position_embedding = rules.position_embedding.empty() ? "" : "position_embd",
                  .final_norm = rules.final_norm,
                  .logits = {"output.weight"},
                  .blocks = "blk",
                  .block = {},
                  .ignored = {"attn_rot_embd"}};  // frequencies that old converters wrote down
  out.final_norm.name = "output_norm";
  for (const BlockRule& rule : rules.block) {
    if (const auto* norm = std::get_if<NormRule>(&rule)) {
      out.block.emplace_back(in_gguf(*norm));
    } else {
      out.block.emplace_back(in_gguf(std::get<LinearRule>(rule), rotary_pairs));
    }
  }
  return out;
}

// Llama 3's scaling of long contexts is in the file as divisors of the frequencies.
Result<void> divide_frequencies(const formats::GgufFile& file, Architecture& architecture) {
  for (RotarySpec& rotary : architecture.rotary) {
    PENFIELD_TRY(const std::vector<float> divisors, gguf_frequency_divisors(file, rotary.frequencies.size()));
    for (std::size_t j = 0; j < divisors.size(); ++j) rotary.frequencies[j] /= divisors[j];
  }
  return {};
}

}  // namespace

bool is_gguf(const std::string& path) {
  return path.ends_with(".gguf");
}

Result<ModelSpec> read_gguf_spec(const std::string& path) {
  PENFIELD_TRY(const formats::GgufFile file, formats::open_gguf(path));
  PENFIELD_TRY(nlohmann::json json, gguf_config(file));
  const std::string type = json["model_type"];
  const std::string config_sha256 = formats::sha256_hex(json.dump());
  ReadFamily* const read = find_family(type);
  PENFIELD_CHECK(read != nullptr);
  PENFIELD_TRY(ModelSpec spec, read(ConfigReader(std::move(json), path)));
  PENFIELD_TRY_VOID(divide_frequencies(file, spec.architecture));
  PENFIELD_TRY(const std::string_view architecture, file.metadata.string("general.architecture"));
  spec.architecture.family = type;
  spec.config_sha256 = config_sha256;
  spec.architecture.norm.gain_plus_one = false;  // the converter has added gemma's one
  spec.rules = in_gguf(spec.rules, has_rotary_pairs(architecture));
  return spec;
}

}  // namespace penfield::model
