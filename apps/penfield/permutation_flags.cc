#include "permutation_flags.h"

#include "choice_flag.h"
#include "flags.h"
#include "penfield/findings/names.h"
#include "penfield/permutation/permutation_table.h"

namespace penfield::app {

void add_permutation_flags(CLI::App& command, study::PermutationOptions& options) {
  start_group(command, "Permutations and nulls");
  command
      .add_option(
          "--permutations", options.n_permutations,
          "permutations of the labels, at most 1000000; default 1000 with --correction maxt, else none")
      ->check(whole_number(1, permutation::kMostPermutations));
  add_choice<findings::MaxT>(
      command, "--maxt", options.max_t,
      {{std::string(findings::max_t_name(findings::MaxT::kStepDown)), findings::MaxT::kStepDown},
       {std::string(findings::max_t_name(findings::MaxT::kSingleStep)), findings::MaxT::kSingleStep}},
      "kind of --correction maxt; default step-down");
}

void add_permute_within_flag(CLI::App& command, study::PermutationOptions& options) {
  add_choice<study::PermuteWithin>(
      command, "--permute-within", options.within,
      {{"token-type+document", study::PermuteWithin::kTokenTypeAndDocument},
       {"token-type", study::PermuteWithin::kTokenType},
       {"document", study::PermuteWithin::kDocument},
       {"none", study::PermuteWithin::kNone}},
      "unit whose labels are permuted: token types or documents (by their mean activation), or single tokens; default token-type+document: a unit must be found with both");
}

void add_strata_flag(CLI::App& command, std::string& path) {
  command
      .add_option(
          "--strata", path,
          "[samples], whole numbers: permute labels within blocks of equal numbers, or, if a block has a "
          "single label, those of the blocks' means")
      ->check(not_empty("BLOCKS.npy"));
}

}  // namespace penfield::app
