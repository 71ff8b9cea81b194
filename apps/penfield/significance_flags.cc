#include "significance_flags.h"

#include "flags.h"
#include "penfield/findings/names.h"

namespace penfield::app {

findings::FindingOptions SignificanceFlags::options(findings::FindingOptions defaults) const {
  defaults.test = test.value_or(defaults.test);
  defaults.correction = correction.value_or(defaults.correction);
  defaults.family = family.value_or(defaults.family);
  defaults.alpha = alpha;
  return defaults;
}

void add_significance_flags(CLI::App& command, SignificanceFlags& flags, bool with_family) {
  start_group(command, "Statistics");
  const auto add = [&](const char* name, const char* words, auto& out, auto parse, const auto& choices) {
    command
        .add_option_function<std::string>(
            name, [&out, parse](const std::string& word) { out = parse(word); }, words)
        ->check(one_of({choices.begin(), choices.end()}));
  };
  if (with_family) {
    add("--test", "test that decides significance; default words (Welch's t of the means of words)",
        flags.test, findings::parse_test,
        std::vector<std::string>{"words", "lrt", "wald", "score", "rank", "maxt"});
  } else {
    add("--test",
        "test that decides significance; default lrt (likelihood ratio), with --correction maxt score",
        flags.test, findings::parse_test, std::vector<std::string>{"lrt", "wald", "score", "rank"});
  }
  add("--correction",
      with_family
          ? "correction for multiple tests; default maxt (permutation) with --test words, else bonferroni"
          : "correction for multiple tests; default bonferroni",
      flags.correction, findings::parse_correction, findings::kCorrectionNames);
  if (with_family) {
    add("--family", "tests that are corrected together: of each layer, or of the model (default)",
        flags.family, findings::parse_family, findings::kFamilyNames);
  }
  command.add_option("--alpha", flags.alpha, "significance level; default 0.05")->check(positive_number());
}

}  // namespace penfield::app
