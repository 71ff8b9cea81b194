#include "penfield/tokens/bos.h"

#include <algorithm>

#include "penfield/base/check.h"
#include "penfield/formats/message_text.h"

namespace penfield::tokens {

std::string_view bos_policy_name(BosPolicy policy) {
  switch (policy) {
    case BosPolicy::kAuto:
      return "auto";
    case BosPolicy::kAlways:
      return "always";
    case BosPolicy::kNever:
      return "never";
  }
  PENFIELD_CHECK(false);
}

std::optional<BosPolicy> parse_bos_policy(std::string_view name) {
  for (const BosPolicy policy : {BosPolicy::kAuto, BosPolicy::kAlways, BosPolicy::kNever}) {
    if (bos_policy_name(policy) == name) return policy;
  }
  return std::nullopt;
}

Result<std::optional<TokenId>> find_bos(const Spec& spec, BosPolicy policy, std::uint32_t vocab_size,
                                        const std::string& model) {
  if (policy == BosPolicy::kNever || (policy == BosPolicy::kAuto && !spec.adds_bos))
    return std::optional<TokenId>();
  if (!spec.bos) {
    return usage_error("--bos always: the tokenizer of {} names no BOS token; use --bos auto or never",
                       formats::message_text(model));
  }
  if (static_cast<std::uint32_t>(*spec.bos) >= vocab_size) {
    return bad_input(
        "{}: the BOS token is number {}, and the model has {} tokens; use --bos never, or the tokenizer that "
        "belongs to the model",
        formats::message_text(model), static_cast<std::uint32_t>(*spec.bos), vocab_size);
  }
  return spec.bos;
}

std::vector<TokenId> with_bos(std::optional<TokenId> bos, std::span<const TokenId> text) {
  const std::size_t n_before = bos ? 1 : 0;
  std::vector<TokenId> out(n_before + text.size(), bos.value_or(TokenId{}));
  std::ranges::copy(text, out.begin() + static_cast<std::ptrdiff_t>(n_before));
  return out;
}

}  // namespace penfield::tokens
