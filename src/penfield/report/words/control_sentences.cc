#include "penfield/report/words/control_sentences.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "penfield/report/words/visible_text.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

using store::NullKind;

constexpr const char* kSplitNames[] = {"discovery", "held-out"};

// "log frequency"
std::string trait_words(sample::Trait trait) {
  std::string words(sample::kTraitNames.at(static_cast<std::size_t>(trait)));
  std::ranges::replace(words, '-', ' ');
  return words;
}

std::string balance_sentence(const store::RunRecord& run) {
  std::string traits;
  for (const sample::TraitBalance& balance : run.controls.balance[0]) {
    const auto& match = run.controls.match;
    if (std::find(match.begin(), match.end(), balance.trait) == match.end()) continue;
    traits += fmt::format("{}{} {} → {}", traits.empty() ? "" : ", ", trait_words(balance.trait),
                          fixed_text(balance.before, 2), fixed_text(balance.after, 2));
  }
  return fmt::format("Matched (standardised mean difference in discovery, before → after): {}.", traits);
}

std::string left_out_sentence(const sample::SplitCounts& counts, const char* split) {
  return fmt::format("Of {} {} targets, {} had no match and {} exceeded the cap on uses of a token type.",
                     count_text(counts.n_target_available), split, count_text(counts.n_target_unmatched),
                     count_text(counts.n_target_capped));
}

std::string per_run(std::uint64_t n, const store::NullRecord& null) {
  const double mean = static_cast<double>(n) / static_cast<double>(std::max<std::uint64_t>(null.n_runs, 1));
  return null.n_runs == 1 ? count_text(n) : fixed_text(mean, 1);
}

std::string runs_words(const store::NullRecord& null) {
  return null.n_runs == 1 ? "" : fmt::format(" ({} runs)", count_text(null.n_runs));
}

// By the family-wise maximum over the runs; empty where that is not known.
std::string beyond_sentence(const store::NullRecord& null) {
  double largest = std::numeric_limits<double>::quiet_NaN();
  for (const store::NullRun& run : null.runs) {
    if (!(run.largest_auc <= largest)) largest = run.largest_auc;
  }
  if (std::isnan(largest)) return "";
  return fmt::format(" {} of the scan {} the largest held-out AUC there, {} (family-wise p = {}).",
                     counted(null.n_units_beyond, "unit"), null.n_units_beyond == 1 ? "exceeds" : "exceed",
                     fixed_text(largest, 3), significant_text(1.0 / static_cast<double>(null.n_runs + 1), 2));
}

std::string null_sentence(const store::NullRecord& null) {
  const std::string found = fmt::format("{} significant, {} replicated{}", per_run(null.n_significant, null),
                                        per_run(null.n_replicated, null), null.n_runs == 1 ? "" : " per run");
  const std::string best = fmt::format("largest −log10 p {}", fixed_text(null.best_neglog10_p, 1));
  switch (null.kind) {
    case NullKind::kLabels:
      return fmt::format("Null, permuted labels: {} of {} runs have a significant unit{} ({}; {}).",
                         null.n_runs_with_finding, null.n_runs,
                         null.band ? fmt::format("; at most {} expected per family", *null.band) : "", found,
                         best);
    case NullKind::kTypes:
      return fmt::format("Null, one random label per word type ({} runs): {} ({}).", null.n_runs, found,
                         best);
    case NullKind::kLists:
      return fmt::format(
          "Control lists (random words of the same frequency): {} of {} have a significant unit{} ({}; {}).",
          null.n_runs_with_finding, null.n_runs,
          null.band ? fmt::format("; at most {} expected", *null.band) : "", found, best);
    case NullKind::kWeights:
      return fmt::format("Null, shuffled weights{}: {} ({}).{}", runs_words(null), found, best,
                         beyond_sentence(null));
    case NullKind::kInit:
      return fmt::format("Null, untrained model{}: {} ({}).{}", runs_words(null), found, best,
                         beyond_sentence(null));
    case NullKind::kRotation:
      return fmt::format("Null, random basis of each layer{}: {} ({}).{}", runs_words(null), found, best,
                         beyond_sentence(null));
  }
  return "";
}

}  // namespace

std::vector<std::string> comparison_sentences(const store::RunRecord& run) {
  const store::ControlRecord& controls = run.controls;
  std::vector<std::string> out;
  if (!controls.against.empty()) {
    out.push_back(fmt::format(
        "The comparison tokens are those of {}; {} tokens belong to both concepts and count as targets.",
        visible(controls.against), count_text(controls.n_both)));
  }
  if (!controls.match.empty()) out.push_back(balance_sentence(run));
  if (controls.match.empty() && controls.cap_per_type == 0) return out;
  for (const std::size_t split : {0u, 1u}) {
    if (run.counts[split].n_target > 0)
      out.push_back(left_out_sentence(run.counts[split], kSplitNames[split]));
  }
  return out;
}

std::vector<std::string> null_sentences(const store::RunRecord& run) {
  const store::ControlRecord& controls = run.controls;
  std::vector<std::string> out;
  if (controls.n_draws > 1) {
    out.push_back(fmt::format("{} units are significant in all {} draws of the comparison group.",
                              count_text(controls.n_stable), controls.n_draws));
  }
  for (const store::NullRecord& null : controls.nulls) out.push_back(null_sentence(null));
  return out;
}

}  // namespace penfield::report
