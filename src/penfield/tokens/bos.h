// Whether the model sees a BOS token (beginning of sequence) before every window of text.
//
// BOS belongs to the forward pass, not to the text: a TokenStream never holds one that the text does not
// spell, so it is no sample, has no label, and no row or column of a result file.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/tokens/spec.h"

namespace penfield::tokens {

enum class BosPolicy : std::uint8_t {
  kAuto,    // where the tokenizer's files say that the model was trained with it
  kAlways,  // wherever the tokenizer has such a token
  kNever,
};

// Words of the command line.
[[nodiscard]] std::string_view bos_policy_name(BosPolicy policy);  // "auto", "always", "never"
[[nodiscard]] std::optional<BosPolicy> parse_bos_policy(std::string_view name);

// The token that stands before every window; none: windows begin with their text.
// kUsage: kAlways, and the tokenizer has no such token. kBadInput: it is none of the model's vocab_size.
// model: what messages call it.
[[nodiscard]] Result<std::optional<TokenId>> find_bos(const Spec& spec, BosPolicy policy,
                                                      std::uint32_t vocab_size, const std::string& model);

// What the model is given: `bos`, where there is one, and the text.
[[nodiscard]] std::vector<TokenId> with_bos(std::optional<TokenId> bos, std::span<const TokenId> text);

}  // namespace penfield::tokens
