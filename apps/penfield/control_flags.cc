#include "control_flags.h"

namespace penfield::app {

void add_control_flags(CLI::App& command, study::ControlOptions& options) {
  command.add_option(
      "--against", options.against,
      "concept of the comparison tokens (sentence-initial-capital, upos:NOUN); default all others");
  command.add_option_function<std::string>(
      "--match",
      [&options](const std::string& list) {
        options.match = value_or_refuse(sample::parse_traits(list, "--match"));
      },
      "compare with tokens of equal leading-space,length,log-frequency,position, or some of them");
  command
      .add_option("--cap-per-type", options.cap_per_type,
                  "at most so many samples of one token type in a group of a split; default all")
      ->check(whole_number(1));
  command
      .add_option("--draws", options.n_draws,
                  "draws of the comparison group, for each unit's stability; default 1")
      ->check(whole_number(1));
  command.add_option_function<std::string>(
      "--null",
      [&options](const std::string& list) { options.nulls = value_or_refuse(study::parse_nulls(list)); },
      "beside it the scan of nothing: labels (permuted), types (a label a word), weights (shuffled)");
  command.add_option("--null-runs", options.n_null_runs, "runs of --null labels and types; default 20")
      ->check(whole_number(1));
}

}  // namespace penfield::app
