// --permutations, --maxt, and which samples may exchange labels: --permute-within (scan), --strata
// (associate).
#pragma once

#include <string>

#include "command.h"
#include "penfield/study/rows/permutation_options.h"

namespace penfield::app {

void add_permutation_flags(CLI::App& command, study::PermutationOptions& options);
void add_permute_within_flag(CLI::App& command, study::PermutationOptions& options);
void add_strata_flag(CLI::App& command, std::string& path);

}  // namespace penfield::app
