#include "penfield/report/words/headline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "penfield/report/words/lookup.h"
#include "penfield/report/words/visible_text.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

using findings::Finding;
using store::NullRecord;

std::string comparison_phrase(const store::RunRecord& run) {
  if (!run.controls.against.empty()) return fmt::format("{} tokens", visible(run.controls.against));
  return run.controls.match.empty() ? "all other tokens" : "matched tokens";
}

// ", against capitals that begin a sentence 0.980 [0.971, 0.986]"; empty without a near miss.
std::string near_miss_phrase(const Finding& unit, const store::RunRecord& run) {
  if (run.controls.near_miss.empty() || std::isnan(unit.ladder.near_miss)) return "";
  return fmt::format(", against {} {} {}", run.controls.near_miss, fixed_text(unit.ladder.near_miss, 3),
                     interval_text(unit.ladder.near_miss_lo, unit.ladder.near_miss_hi, 3));
}

std::string effect_sentence(const ReportData& data) {
  const store::RunRecord& run = data.run;
  const std::string concept_name = visible(run.concept_name.empty() ? "the target label" : run.concept_name);
  const std::vector<const Finding*> first = surviving_units(data, 1);
  if (first.empty()) {
    return fmt::format(
        "None of {} units distinguishes {} from {} on words not seen in discovery with an AUC whose 95% interval lies "
        "above {}.",
        count_text(data.units.size()), concept_name, comparison_phrase(run),
        fixed_text(findings::kModerateArea, 1));
  }
  const Finding* const best = first.front();
  return fmt::format(
      "{} of {} units {} {} from {} on words not seen in discovery with an AUC whose 95% interval lies above {} ({} "
      "above {}). The best is {}: AUC {} {}{}{}.",
      count_text(run.words.n_strong), count_text(data.units.size()),
      run.words.n_strong == 1 ? "distinguishes" : "distinguish", concept_name, comparison_phrase(run),
      fixed_text(findings::kStrongArea, 1), count_text(run.words.n_moderate),
      fixed_text(findings::kModerateArea, 1), to_string(best->unit), fixed_text(best->held_out.unseen_auc, 3),
      interval_text(best->held_out.unseen_auc_words_lo, best->held_out.unseen_auc_words_hi, 3),
      near_miss_phrase(*best, run), best->direction < 0 ? "; suppressed" : "");
}

std::string too_few_words_sentence(const store::RunRecord& run) {
  return fmt::format(
      "The held-out text has {} and {} that discovery did not sample; the test on unseen words needs {} of each. Give "
      "more text (--budget).",
      counted(run.words.n_words.n_target, "target word"),
      counted(run.words.n_words.n_comparison, "comparison word"), findings::kFewestWords);
}

// Of the runs: how many have a unit of grade moderate, and the most that one has.
std::string lists_sentence(const store::RunRecord& run) {
  const auto lists = std::ranges::find(run.controls.nulls, store::NullKind::kLists, &NullRecord::kind);
  if (lists == run.controls.nulls.end()) {
    return "No control lists were run; --null lists shows what random words of the same frequency reach.";
  }
  std::uint64_t n_reached = 0, most = 0;
  for (const store::NullRun& run_of_list : lists->runs) {
    n_reached += run_of_list.n_moderate > 0 ? 1 : 0;
    most = std::max(most, run_of_list.n_moderate);
  }
  const std::string what =
      fmt::format("{} (random words of the same frequency)", counted(lists->n_runs, "control list"));
  if (n_reached == 0)
    return fmt::format("In {}, no unit reaches {}.", what, fixed_text(findings::kModerateArea, 1));
  return fmt::format("Of {}, {} {} a unit that reaches {}, and none has more than {}.", what,
                     count_text(n_reached), n_reached == 1 ? "has" : "have",
                     fixed_text(findings::kModerateArea, 1), count_text(most));
}

std::string near_miss_sentence(const store::RunRecord& run) {
  const std::uint64_t n = run.words.n_moderate;
  if (n == 0) return "";
  if (run.controls.near_miss.empty()) {
    return "This concept has no default near miss; --near-miss CONCEPT compares it with words that share a surface "
           "cue, such as a capital letter.";
  }
  return fmt::format(
      "Of the {} above {}, {} also distinguish it from {} (95% interval of the AUC above {}), {} respond only to what "
      "both share, and {} are undecided.",
      count_text(n), fixed_text(findings::kModerateArea, 1), count_text(run.words.n_specific),
      run.controls.near_miss, fixed_text(0.5 + findings::kSpecificDelta, 1), count_text(run.words.n_carrier),
      count_text(n - run.words.n_specific - run.words.n_carrier));
}

}  // namespace

std::vector<std::string> tell_headline(const ReportData& data) {
  const store::RunRecord& run = data.run;
  if (run.counts[1].n_target == 0 || run.n_discovery_words.n_target == 0) return {};
  if (std::min(run.words.n_words.n_target, run.words.n_words.n_comparison) < findings::kFewestWords)
    return {too_few_words_sentence(run)};
  std::vector<std::string> out = {effect_sentence(data), lists_sentence(run)};
  if (std::string near = near_miss_sentence(run); !near.empty()) out.push_back(std::move(near));
  return out;
}

}  // namespace penfield::report
