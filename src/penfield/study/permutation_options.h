// What is asked of permutations in a study: how many, and which tokens may exchange their labels.
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
};

[[nodiscard]] std::string_view permute_within_name(PermuteWithin within);  // "none", "token-type", "document"

// As given on the command line; what was not given is empty.
struct PermutationRequest {
  std::optional<std::uint64_t> n_permutations = {};
  std::optional<findings::MaxT> max_t = {};
  std::optional<PermuteWithin> within = {};
};

inline constexpr std::uint64_t kDefaultPermutations = 1000;

// Labels are permuted where the correction needs it, or where it is asked for.
[[nodiscard]] std::uint64_t n_permutations_of(const PermutationRequest& request,
                                              findings::Correction correction);

[[nodiscard]] findings::MaxT max_t_of(const PermutationRequest& request);  // default step down
[[nodiscard]] PermuteWithin within_of(const PermutationRequest& request);  // default none

// kUsage: something given that the correction, or the lack of permutations, would leave without effect.
[[nodiscard]] Result<void> check_permutation_request(const PermutationRequest& request,
                                                     findings::Correction correction);

// The flags with their resolved values, for run.json.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> describe_permutation(
    const PermutationRequest& request, findings::Correction correction);

}  // namespace penfield::study
