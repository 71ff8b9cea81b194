#include "control_flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "penfield/sample/token_traits.h"

namespace penfield::app {

void add_control_flags(CLI::App& command, study::ControlOptions& options) {
  start_group(command, "Comparison");
  command
      .add_option("--against", options.against,
                  "compare with the tokens of this concept, such as sentence-initial-capital or upos:NOUN; "
                  "default: with all tokens that are not targets")
      ->check(not_empty("CONCEPT"));
  command
      .add_option_function<std::string>(
          "--match",
          [&options](const std::string& list) {
            options.match = list == "none" ? std::vector<sample::Trait>{}
                                           : value_or_refuse(sample::parse_traits(list, "--match"));
          },
          fmt::format(
              "compare with tokens that are equal in these traits, separated by commas, or none; default "
              "the first four of {}; with --against none",
              fmt::join(sample::kTraitNames, ", ")))
      ->type_name("TRAITS");
  command
      .add_option(
          "--near-miss", options.near_miss,
          "compare also with this concept, whose tokens share a cue with the targets, such as a capital; "
          "default auto: the concept's own, if it has one; or none")
      ->check(not_empty("CONCEPT"));
  command
      .add_option("--cap-per-type", options.cap_per_type,
                  "at most N samples of one token type in each group and split; default all")
      ->check(whole_number(1));
  command
      .add_option("--draws", options.n_draws,
                  "draw the comparison group N times and report how stable each unit's result is; default 1")
      ->check(whole_number(1));
  start_group(command, "Permutations and nulls");
  command
      .add_option_function<std::string>(
          "--null",
          [&options](const std::string& list) { options.nulls = value_or_refuse(study::parse_nulls(list)); },
          "also run scans in which there is nothing to find: labels (permuted labels), types (one random "
          "label a word type), lists (random words of the same frequency), weights (shuffled "
          "weights), init (weights before training), rotation (another basis of each layer), separated by commas, or none; default lists where they are cheap")
      ->type_name("NULLS");
  command.add_option("--null-runs", options.n_null_runs, "runs of each null; default 20")
      ->check(whole_number(1));
}

}  // namespace penfield::app
