// The options of a study's permutations: how many, and which tokens may exchange their labels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/findings/finding.h"

namespace penfield::study {

// Tokens whose labels are shuffled among themselves, or exchanged as one (permutation/exchange.h).
enum class PermuteWithin : std::uint8_t {
  kNone,       // every token on its own
  kTokenType,  // uses of one token
  kDocument,   // tokens of one document
  // As kTokenType, and a unit must also be found where documents are the observations (rows/by_document.h).
  kTokenTypeAndDocument,
};

// Are the means of words exchanged?
[[nodiscard]] constexpr bool is_of_words(PermuteWithin within) {
  return within == PermuteWithin::kTokenType || within == PermuteWithin::kTokenTypeAndDocument;
}

// "none", "token-type", "document", "token-type+document"
[[nodiscard]] std::string_view permute_within_name(PermuteWithin within);

// What was not given is empty until resolve fills it in.
struct PermutationOptions {
  std::optional<std::uint64_t> n_permutations = {};  // 1000 if the correction needs them, else 0
  std::optional<findings::MaxT> max_t = {};          // step-down
  std::optional<PermuteWithin> within = {};          // none
};

// Fills in what was not given. kUsage: something given that the correction, or the lack of permutations,
// would leave without effect.
[[nodiscard]] Result<void> resolve(PermutationOptions& options, findings::Correction correction);

// The options with their resolved values, for run.json.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> describe(const PermutationOptions& options);

}  // namespace penfield::study
