// Which files of a repository a model is read from, so that nothing else is downloaded.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"

namespace penfield::hub {

// What a command reads of a model.
enum class Needs : std::uint8_t {
  kModel,      // configuration, tokenizer and weights
  kTokenizer,  // the tokenizer
};

inline constexpr std::string_view kConfigFile = "config.json";
inline constexpr std::string_view kWeightsFile = "model.safetensors";
inline constexpr std::string_view kWeightsIndexFile = "model.safetensors.index.json";

// Whether a file of that name is there.
using HasFile = std::function<bool(std::string_view path)>;

// tokenizer.json, or vocab.json and merges.txt.
[[nodiscard]] bool has_tokenizer(const HasFile& has_file);

// Those of the tokenizer and configuration files that are there, without config.json.
[[nodiscard]] std::vector<std::string> small_files(const HasFile& has_file);

// The files that an index (its "weight_map") spreads the tensors over, each once, sorted. kBadInput: `name`
// is no such index, or names a file that no repository can have or that is no .safetensors.
[[nodiscard]] Result<std::vector<std::string>> shards_of(const nlohmann::json& index, std::string_view name);

[[nodiscard]] bool is_gguf(std::string_view path);

// The files that belong with a GGUF file: "m-00002-of-00003.gguf" gives all three, another name itself alone.
[[nodiscard]] std::vector<std::string> gguf_series(std::string_view path);

}  // namespace penfield::hub
