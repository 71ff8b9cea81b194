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

findings::MaxT max_t_of(const PermutationRequest& request) {
  return request.max_t.value_or(findings::MaxT::kStepDown);
}

PermuteWithin within_of(const PermutationRequest& request) {
  return request.within.value_or(PermuteWithin::kNone);
}

Result<void> check_permutation_request(const PermutationRequest& request, findings::Correction correction) {
  if (request.max_t && correction != findings::Correction::kMaxT) {
    return usage_error("--maxt {}: it is a way of --correction maxt, and the correction is {}; leave one out",
                       findings::max_t_name(*request.max_t), findings::correction_name(correction));
  }
  if (request.within && n_permutations_of(request, correction) == 0) {
    return usage_error(
        "--permute-within {}: no labels are permuted; give --correction maxt or --permutations too",
        permute_within_name(*request.within));
  }
  return {};
}

std::vector<std::pair<std::string, std::string>> describe_permutation(const PermutationRequest& request,
                                                                      findings::Correction correction) {
  return {{"permutations", std::to_string(n_permutations_of(request, correction))},
          {"maxt", std::string(findings::max_t_name(max_t_of(request)))},
          {"permute-within", std::string(permute_within_name(within_of(request)))}};
}

}  // namespace penfield::study
