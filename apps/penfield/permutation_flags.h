// --permutations, --maxt, and which samples may exchange labels: --permute-within (scan), --strata
// (associate).
#pragma once

#include <string>

#include "command.h"
#include "penfield/base/result.h"
#include "penfield/permutation/exchange.h"
#include "penfield/study/permutation_options.h"

namespace penfield::app {

void add_permutation_flags(CLI::App& command, study::PermutationOptions& options);
void add_permute_within_flag(CLI::App& command, study::PermutationOptions& options);
void add_strata_flag(CLI::App& command, std::string& path);

// How samples with these labels are exchanged by the strata file; an empty path: freely. kBadInput: the file
// is no axis of whole numbers, one a sample, or leaves nothing to exchange.
[[nodiscard]] Result<permutation::Exchange> read_exchange(const std::string& strata_path,
                                                          std::span<const std::uint8_t> labels);

}  // namespace penfield::app
