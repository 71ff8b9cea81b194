#include "fit_flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "choice_flag.h"
#include "flags.h"
#include "penfield/sample/token_traits.h"

namespace penfield::app {
namespace {

void add_firth_and_intervals(CLI::App& command, association::Firth& firth,
                             association::Intervals& intervals) {
  start_group(command, "Statistics");
  using association::Firth;
  using association::Intervals;
  add_choice<Firth>(
      command, "--firth", firth,
      {{"auto", Firth::kAuto},
       {"separated", Firth::kSeparated},
       {"always", Firth::kAlways},
       {"never", Firth::kNever}},
      "units that get Firth's penalised estimate: those that separate the groups, all, or none; default auto: all where a "
      "group has fewer than 60 samples, else separated");
  add_choice<Intervals>(
      command, "--intervals", intervals,
      {{"none", Intervals::kNone}, {"wald", Intervals::kWald}, {"profile", Intervals::kProfile}},
      "95% intervals of beta: none (default), Wald, or profile likelihood");
}

}  // namespace

void add_fit_flags(CLI::App& command, FitFlags& flags) {
  add_firth_and_intervals(command, flags.firth, flags.intervals);
}

void add_regression_flags(CLI::App& command, study::RegressionOptions& options) {
  add_firth_and_intervals(command, options.firth, options.intervals);
  command
      .add_option_function<std::string>(
          "--adjust",
          [&options](const std::string& list) {
            options.adjust = value_or_refuse(sample::parse_traits(list, "--adjust"));
          },
          fmt::format("adjust every regression for these token traits: {}, separated by commas",
                      fmt::join(sample::kTraitNames, ", ")))
      ->type_name("TRAITS");
  add_choice<study::Cluster>(
      command, "--cluster", options.cluster,
      {{"none", study::Cluster::kNone},
       {"word", study::Cluster::kWord},
       {"document", study::Cluster::kDocument}},
      "also report standard errors that allow for dependence between the uses of a word, or within a document; "
      "default none");
}

}  // namespace penfield::app
