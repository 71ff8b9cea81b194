#include "penfield/study/permutation_options.h"

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
  }
  PENFIELD_CHECK(false);
}

std::uint64_t n_permutations_of(const PermutationRequest& request, findings::Correction correction) {
  return request.n_permutations.value_or(correction == findings::Correction::kMaxT ? kDefaultPermutations
                                                                                   : 0);
}

std::vector<std::pair<std::string, std::string>> describe_permutation(const PermutationRequest& request,
                                                                      findings::Correction correction) {
  return {{"permutations", std::to_string(n_permutations_of(request, correction))},
          {"maxt", std::string(findings::max_t_name(request.max_t))},
          {"permute-within", std::string(permute_within_name(request.within))}};
}

}  // namespace penfield::study
