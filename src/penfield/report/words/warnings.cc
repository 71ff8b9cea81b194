#include "penfield/report/words/warnings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "penfield/report/words/visible_text.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

using sample::Split;

// Below so many, a held-out AUC of .7 has a 95% interval wider than .2.
constexpr std::uint64_t kFewTargets = 50;
// Mean uses of one token type among the targets from which "the concept" may be "these words".
constexpr double kManyRepeats = 4;
// Share of significant units from which a scan says more about the comparison than about the concept.
constexpr double kEasyShare = 0.2;

const char* split_words(Split split) {
  return split == Split::kDiscovery ? "discovery" : "held-out";
}

// Share of what the scan finds from which a null that should find nothing says that the scan is easy.
constexpr double kMuchOfIt = 0.5;

// n_null: significant units of a run of the null; n: of the scan.
std::string much_of_it(store::NullKind kind, const std::string& n_null, const std::string& n) {
  if (kind == store::NullKind::kTypes || kind == store::NullKind::kLists) {
    return fmt::format(
        "{} {} units significant, the concept {}: many of the significant units distinguish individual words "
        "rather than the concept.",
        kind == store::NullKind::kTypes ? "One random label per word type makes"
                                        : "Random words of the same frequency make",
        n_null, n);
  }
  if (kind == store::NullKind::kRotation) {
    return fmt::format(
        "In random bases of the layers {} units are significant, in the model's own {}: much of what units "
        "show is encoded in their layer as a whole, not in single neurons.",
        n_null, n);
  }
  return fmt::format(
      "{} {} units are significant, in the model itself {}: many of the significant units need no "
      "training, because the words alone distinguish the groups.",
      kind == store::NullKind::kInit ? "Before training" : "With shuffled weights", n_null, n);
}

void warn_about_null(const store::RunRecord& run, const store::NullRecord& null,
                     std::vector<std::string>& out) {
  if (null.band && null.most_runs_of_a_family > *null.band) {
    out.push_back(
        fmt::format("{}, {} of {} runs have a significant unit; at most {} are expected. The "
                    "test does not hold its level on this text: p-values are too small.",
                    null.kind == store::NullKind::kLists ? "With random words of the same frequency"
                                                         : "With permuted labels",
                    null.most_runs_of_a_family, null.n_runs, *null.band));
  }
  const double a_run = static_cast<double>(null.n_significant) / static_cast<double>(null.n_runs);
  if (null.band || null.kind == store::NullKind::kLabels || run.n_significant == 0 ||
      a_run < kMuchOfIt * static_cast<double>(run.n_significant)) {
    return;
  }
  out.push_back(much_of_it(null.kind, count_text(static_cast<std::uint64_t>(std::llround(a_run))),
                           count_text(run.n_significant)));
}

constexpr double kUnbalanced = 0.1;  // Austin 2009

void warn_about_balance(const store::RunRecord& run, std::vector<std::string>& out) {
  double largest = 0;
  for (const auto& split : run.controls.balance) {
    for (const sample::TraitBalance& balance : split) {
      const auto& match = run.controls.match;
      if (std::find(match.begin(), match.end(), balance.trait) == match.end()) continue;
      largest = std::max(largest, std::abs(balance.after));
    }
  }
  if (largest > kUnbalanced) {
    out.push_back(
        fmt::format("After matching, the groups still differ by {:.2f} standard deviations in a matched "
                    "trait; see \"balance\" in run.json.",
                    largest));
  }
}

bool words_are_observations(const store::RunRecord& run) {
  return run.correction == findings::Correction::kMaxT && run.permutation.within.starts_with("token-type");
}

// What still distinguishes targets from comparison tokens, and the scan that compares more closely. With
// words as observations, matched, and a near miss, the headline itself says what is left.
void warn_about_easy_comparison(const store::RunRecord& run, std::vector<std::string>& out) {
  std::uint64_t n_units = 0;
  for (const findings::LayerSummary& layer : run.layer_summaries) n_units += layer.n_units;
  if (static_cast<double>(run.n_significant) <= kEasyShare * static_cast<double>(n_units)) return;
  const store::ControlRecord& controls = run.controls;
  const bool words = words_are_observations(run);
  const bool has_null = std::ranges::any_of(
      controls.nulls, [](const store::NullRecord& null) { return null.kind != store::NullKind::kLabels; });
  std::string left, flags;
  if (controls.against.empty() && controls.match.empty()) {
    left =
        "The comparison tokens are all other tokens, which differ from targets in more than the concept "
        "(punctuation, case, length, frequency). ";
    flags = "--match leading-space,length,log-frequency,punctuation";
  } else if (controls.match.empty()) {
    left = fmt::format("The tokens of {} may differ from targets in length and frequency too. ",
                       visible(controls.against));
    flags = "--match length,log-frequency";
  } else if (controls.against.empty() && controls.near_miss.empty()) {
    left = "The comparison tokens are matched, but of any kind (part of speech, case, punctuation). ";
    flags = words ? "--near-miss CONCEPT" : "--against CONCEPT";
  }
  if (!words && controls.cap_per_type == 0) {
    left += "Words repeat. ";
    flags += std::string(flags.empty() ? "" : " ") + "--cap-per-type 4";
  }
  if (flags.empty() && (words || has_null)) return;
  if (flags.empty()) {
    left = "The comparison tokens are matched, of one kind, and capped. ";
    flags = "--null types";
  }
  out.push_back(fmt::format("{} of {} units are significant. {}For a closer comparison: penfield scan … {}",
                            count_text(run.n_significant), count_text(n_units), left, flags));
}

void warn_about_split(const store::RunRecord& run, Split split, std::vector<std::string>& out) {
  const sample::SplitCounts& counts = run.counts[static_cast<std::size_t>(split)];
  if (counts.n_windows < counts.n_windows_wanted) {
    out.push_back(fmt::format("{} of the {} {} windows were found: the text has no more.",
                              count_text(counts.n_windows), count_text(counts.n_windows_wanted),
                              split_words(split)));
  }
  if (counts.n_windows > 0 && counts.n_documents == 1) {
    out.push_back(
        fmt::format("All {} tokens come from one document: findings may be specific to it. "
                    "Use more windows, from more documents.",
                    split_words(split)));
  }
  if (counts.n_target > 0 && counts.n_target < kFewTargets) {
    out.push_back(fmt::format("Only {} {} targets: intervals are wide.", count_text(counts.n_target),
                              split_words(split)));
  }
  if (counts.n_target < counts.n_target_available && counts.n_target == counts.n_comparison) {
    out.push_back(fmt::format(
        "{} of {} {} targets were used; the others had no match, exceeded a cap or lacked comparison tokens.",
        count_text(counts.n_target), count_text(counts.n_target_available), split_words(split)));
  }
}

// Share of the units that tell words apart below which documents explain most of them.
constexpr double kFewInDocuments = 0.5;

// Words are compared; do the findings hold with documents as the observations?
void warn_about_documents(const store::RunRecord& run, std::vector<std::string>& out) {
  const store::DocumentRecord& documents = run.documents;
  if (run.permutation.within != "token-type+document" || run.counts[0].n_documents < 2) return;
  if (documents.statistic == "none") {
    out.push_back(fmt::format(
        "{} of discovery are too few to be the observations: words are, and what the tokens of a document share may "
        "explain what is found. Give more documents.",
        counted(documents.n_discovery, "document")));
  } else if (documents.n_found_by_words > 0 &&
             static_cast<double>(run.n_significant) <
                 kFewInDocuments * static_cast<double>(documents.n_found_by_words)) {
    out.push_back(fmt::format(
        "{} tell the words apart, and {} of them with documents as the observations: the label goes with documents, or "
        "they are few ({}), and what the tokens of a document share may explain the others.",
        counted(documents.n_found_by_words, "unit"), count_text(run.n_significant),
        count_text(documents.n_discovery)));
  }
}

// Where the permuted means are of fewer items (words, documents), the family-wise error was up to .08 at a
// nominal .05 in simulation.
constexpr std::uint64_t kFewItems = 20;

void warn_about_items(const store::RunRecord& run, std::vector<std::string>& out) {
  const store::PermutationRecord& design = run.permutation;
  if (run.correction != findings::Correction::kMaxT || design.statistic != "studentised-means") return;
  if (std::min(design.n_target_items, design.n_comparison_items) >= kFewItems) return;
  const char* const items = words_are_observations(run) ? "words" : "documents";
  out.push_back(fmt::format(
      "The means of {} {} of the targets and {} of the comparison are compared: with fewer than {} in a group, p-values "
      "may be too small.",
      count_text(design.n_target_items), items, count_text(design.n_comparison_items), kFewItems));
}

// Fewer clusters than this say little of each other (association::kFewestClusters: with fewer there is no
// error at all).
constexpr std::uint64_t kFewClusters = 30, kTooFewClusters = 5;

void warn_about_clusters(const store::RunRecord& run, Split split, std::vector<std::string>& out) {
  const store::ClusterCounts& clusters = run.clusters[static_cast<std::size_t>(split)];
  const std::uint64_t fewest = std::min(clusters.n_with_target, clusters.n_with_comparison);
  if (clusters.n == 0 || fewest >= kFewClusters) return;
  const std::string counts =
      fmt::format("The {} targets come from {} clusters, the comparison tokens from {}", split_words(split),
                  count_text(clusters.n_with_target), count_text(clusters.n_with_comparison));
  out.push_back(
      fewest < kTooFewClusters
          ? fmt::format("{}: too few for cluster-robust errors, which need {} in each group.", counts,
                        kTooFewClusters)
          : fmt::format("{}: few, so cluster-robust errors are themselves uncertain; see df_cluster.",
                        counts));
}

}  // namespace

std::vector<std::string> find_warnings(const store::RunRecord& run) {
  std::vector<std::string> out;
  warn_about_split(run, Split::kDiscovery, out);
  warn_about_split(run, Split::kHeldOut, out);
  if (run.counts[1].n_windows == 0)
    out.emplace_back("No held-out text: nothing here has been tested on other text.");
  const auto n_target = static_cast<double>(run.counts[0].n_target);
  if (run.n_target_types > 0 && !words_are_observations(run) &&
      n_target / static_cast<double>(run.n_target_types) > kManyRepeats) {
    out.push_back(fmt::format(
        "The {} discovery targets are only {} different tokens: repeated words are not independent, "
        "and p-values are too small. --correction maxt --permute-within token-type takes that into account.",
        count_text(run.counts[0].n_target), count_text(run.n_target_types)));
  }
  warn_about_items(run, out);
  warn_about_documents(run, out);
  warn_about_easy_comparison(run, out);
  if (run.product_kernel.find("emulated") != std::string::npos) {
    out.emplace_back(
        "This processor has no bfloat16 instructions: they were emulated, which is slower than "
        "--precision f32.");
  }
  std::uint64_t n_separated = 0;
  for (const findings::LayerSummary& layer : run.layer_summaries) n_separated += layer.n_separated;
  if (n_separated > 0 && run.test == findings::Test::kWald) {
    out.push_back(
        fmt::format("{} units separate the groups perfectly; the Wald test is undefined for them, "
                    "--test lrt is not.",
                    count_text(n_separated)));
  }
  warn_about_balance(run, out);
  for (const Split split : {Split::kDiscovery, Split::kHeldOut}) warn_about_clusters(run, split, out);
  for (const store::NullRecord& null : run.controls.nulls) warn_about_null(run, null, out);
  return out;
}

std::string gated_sign_warning(const store::RunRecord& run) {
  for (const Site site : run.sites) {
    if (site != Site::kMlpUp && site != Site::kMlpPost) continue;
    return fmt::format(
        "The MLP is gated, so the sign of {} is arbitrary: negating a unit's up and down weights together changes "
        "nothing in the model. Excited and suppressed (+ and −) give the sign of the association with the concept and "
        "no more.",
        site_name(site));
  }
  return "";
}

}  // namespace penfield::report
