// tokenizer_config.json and special_tokens_map.json: which tokens are special, and whether a sequence begins
// with one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/tokens/spec.h"

namespace penfield::tokens {

struct TokenizerConfig {
  std::vector<AddedToken> special;       // named as bos, eos, unknown, padding, …; their ids are not set
  std::optional<std::string> bos_token;  // its text
  std::optional<bool> add_bos_token;
  std::optional<bool> add_prefix_space;
};

// folder: of either file, or neither. kIo; kBadInput: a file is no JSON object, a field is of another type.
[[nodiscard]] Result<TokenizerConfig> read_tokenizer_config(const std::string& folder);

// The token that a sequence begins with: the one of that name where the Spec has none yet, and whether it is
// added, where the configuration says. kBadInput: it is to be added, and there is none.
[[nodiscard]] Result<void> set_bos(const TokenizerConfig& config, std::string_view file_name, Spec& spec);

}  // namespace penfield::tokens
