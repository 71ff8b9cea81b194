#include "permutation_flags.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "choice_flag.h"
#include "flags.h"
#include "penfield/formats/npy.h"

namespace penfield::app {

// Their labels are held in memory, a bit a sample.
constexpr std::uint64_t kMostPermutations = 1'000'000;

void add_permutation_flags(CLI::App& command, study::PermutationRequest& request) {
  command
      .add_option(
          "--permutations", request.n_permutations,
          "permutations of the labels; default 1000 with --correction maxt, else none; at most 1000000")
      ->check(whole_number(1, kMostPermutations));
  add_choice<findings::MaxT>(
      command, "--maxt", request.max_t,
      {{"step-down", findings::MaxT::kStepDown}, {"single-step", findings::MaxT::kSingleStep}},
      "how --correction maxt goes down the units; default step-down");
}

void add_permute_within_flag(CLI::App& command, study::PermutationRequest& request) {
  add_choice<study::PermuteWithin>(
      command, "--permute-within", request.within,
      {{"document", study::PermuteWithin::kDocument},
       {"token-type", study::PermuteWithin::kTokenType},
       {"none", study::PermuteWithin::kNone}},
      "labels are shuffled within these, and those of one label exchanged whole; "
      "default none");
}

void add_strata_flag(CLI::App& command, std::string& path) {
  command.add_option(
      "--strata", path,
      "blocks.npy: [samples], whole numbers; labels are permuted within equal ones, and blocks "
      "of one label exchanged whole");
}

Result<association::Exchange> read_exchange(const std::string& strata_path,
                                            std::span<const std::uint8_t> labels) {
  if (strata_path.empty()) return association::exchange_freely(labels);
  PENFIELD_TRY(const formats::NpyFile file, formats::NpyFile::open(strata_path));
  if (file.shape().size() != 1 || file.n_values() != labels.size()) {
    return bad_input(
        "{}: {} blocks with {} axes, but there are {} samples; strata are one axis with a number a sample",
        strata_path, file.n_values(), file.shape().size(), labels.size());
  }
  const std::vector<double> values = file.to_doubles();
  std::vector<double> distinct = values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::fabs(values[i]) > 0x1p53 || values[i] != std::floor(values[i]))
      return bad_input("{}: block {} is {}; blocks are whole numbers", strata_path, i, values[i]);
  }
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<std::uint32_t> block_of_sample;
  block_of_sample.reserve(values.size());
  for (const double value : values) {
    block_of_sample.push_back(static_cast<std::uint32_t>(
        std::lower_bound(distinct.begin(), distinct.end(), value) - distinct.begin()));
  }
  association::Exchange exchange = association::exchange_within(labels, block_of_sample);
  if (exchange.n_items() > 0) return exchange;
  return bad_input("{}: no label can be exchanged: no block has both labels, and all blocks have the same",
                   strata_path);
}

}  // namespace penfield::app
