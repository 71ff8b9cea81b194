#include "penfield/study/rows/permutation_options.h"

#include "penfield/base/check.h"
#include "penfield/findings/names.h"

namespace penfield::study {

std::string_view permute_within_name(PermuteWithin within) {
  switch (within) {
    case PermuteWithin::kNone:
      return "none";
    case PermuteWithin::kTokenType:
      return "token-type";
    case PermuteWithin::kDocument:
      return "document";
    case PermuteWithin::kTokenTypeAndDocument:
      return "token-type+document";
  }
  PENFIELD_CHECK(false);
}

Result<void> resolve(PermutationOptions& options, findings::Correction correction) {
  constexpr std::uint64_t kDefaultPermutations = 1000;
  const bool is_max_t = correction == findings::Correction::kMaxT;
  if (options.max_t && !is_max_t) {
    return usage_error(
        "--maxt {}: applies only to --correction maxt, and the correction is {}; omit one of them",
        findings::max_t_name(*options.max_t), findings::correction_name(correction));
  }
  if (!options.n_permutations) options.n_permutations = is_max_t ? kDefaultPermutations : 0;
  if (options.within && options.n_permutations == 0) {
    return usage_error(
        "--permute-within {}: no labels are permuted; give --correction maxt or --permutations too",
        permute_within_name(*options.within));
  }
  if (!options.max_t) options.max_t = findings::MaxT::kStepDown;
  if (!options.within) options.within = PermuteWithin::kNone;
  return {};
}

std::vector<std::pair<std::string, std::string>> describe(const PermutationOptions& options) {
  return {{"permutations", std::to_string(*options.n_permutations)},
          {"maxt", std::string(findings::max_t_name(*options.max_t))},
          {"permute-within", std::string(permute_within_name(*options.within))}};
}

}  // namespace penfield::study
