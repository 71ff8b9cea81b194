#include "penfield/findings/judge.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/findings/corrected_family.h"
#include "penfield/findings/names.h"

namespace penfield::findings {
namespace {

using association::FitNote;
using association::FitStatus;
using association::UnitFit;

int sign_of(double beta) {
  return std::isnan(beta) ? 0 : (beta > 0) - (beta < 0);
}

std::vector<const LayerFits*> in_order(std::span<const LayerFits> layers) {
  std::vector<const LayerFits*> ordered;
  ordered.reserve(layers.size());
  for (const LayerFits& layer : layers) ordered.push_back(&layer);
  const auto before = [](const LayerFits* a, const LayerFits* b) {
    return a->site != b->site ? a->site < b->site : a->layer < b->layer;
  };
  std::sort(ordered.begin(), ordered.end(), before);
  for (std::size_t i = 1; i < ordered.size(); ++i) PENFIELD_CHECK(before(ordered[i - 1], ordered[i]));
  return ordered;
}

// Of one unit in one sample; `words` may be empty.
double p_of(const UnitFit& fit, std::span<const permutation::ItemTest> words, std::size_t index, Test test) {
  if (test != Test::kWords) return neglog10_p_of(fit, test);
  return words.empty() ? UnitFit::kNone : words[index].neglog10_p;
}

void set_area(std::span<const association::ClusteredAuc> areas, std::size_t index, double& auc, double& lo,
              double& hi) {
  if (areas.empty()) return;
  auc = areas[index].auc;
  lo = areas[index].lo;
  hi = areas[index].hi;
}

Ladder ladder_of(const LadderFits& fits, std::size_t index) {
  Ladder out;
  set_area(fits.all, index, out.all, out.all_lo, out.all_hi);
  set_area(fits.matched, index, out.matched, out.matched_lo, out.matched_hi);
  set_area(fits.near_miss, index, out.near_miss, out.near_miss_lo, out.near_miss_hi);
  set_area(fits.carrier, index, out.carrier, out.carrier_lo, out.carrier_hi);
  return out;
}

// An outlying sample of held-out text can take a grade away, and is noted as one of discovery is.
void note_outlier(const UnitFit& held_out, Finding& finding) {
  if (has_note(held_out.note, FitNote::kOutlier)) set_note(finding.fit.note, FitNote::kOutlier, true);
}

Finding finding_of(const LayerFits& fits, std::size_t index, Test test) {
  const UnitFit& fit = fits.discovery.rows[index];
  Finding finding;
  finding.unit = {fits.site, fits.layer, static_cast<std::uint32_t>(index)};
  finding.n_target = fits.discovery.n_target;
  finding.n_comparison = fits.discovery.n_comparison;
  finding.fit = fit;
  finding.neglog10_p = p_of(fit, fits.words.discovery, index, test);
  if (!fits.words.discovery.empty()) {
    finding.neglog10_p_words = fits.words.discovery[index].neglog10_p;
    finding.direction_words = sign_of(fits.words.discovery[index].difference);
  }
  if (!fits.documents.discovery.empty())
    finding.neglog10_p_document = fits.documents.discovery[index].neglog10_p;
  finding.direction = sign_of(fit.beta);
  finding.ladder = ladder_of(fits.ladder, index);
  if (!fits.ladder.near_miss.empty()) {
    finding.specific =
        judge_specificity(finding.direction, fits.ladder.near_miss[index], fits.ladder.carrier[index]);
  }
  if (fits.held_out.rows.empty()) return finding;
  const UnitFit& again = fits.held_out.rows[index];
  finding.held_out = {.n_target = fits.held_out.n_target,
                      .n_comparison = fits.held_out.n_comparison,
                      .beta = again.beta,
                      .neglog10_p = p_of(again, fits.words.held_out, index, test),
                      .auc = again.auc,
                      .auc_lo = again.auc_lo,
                      .auc_hi = again.auc_hi};
  if (!fits.predictions.empty()) finding.held_out.prediction = fits.predictions[index];
  note_outlier(again, finding);
  if (fits.unseen.rows.empty()) return finding;
  const UnitFit& unseen = fits.unseen.rows[index];
  note_outlier(unseen, finding);
  finding.held_out.unseen_n_target = fits.unseen.n_target;
  finding.held_out.unseen_n_comparison = fits.unseen.n_comparison;
  finding.held_out.unseen_neglog10_p = p_of(unseen, fits.words.unseen, index, test);
  if (!fits.words.unseen.empty())
    finding.held_out.unseen_neglog10_p_words = fits.words.unseen[index].neglog10_p;
  if (!fits.documents.unseen.empty())
    finding.held_out.unseen_neglog10_p_document = fits.documents.unseen[index].neglog10_p;
  double auc_of_clusters = UnitFit::kNone;  // unseen_auc again
  set_area(fits.words.unseen_auc, index, auc_of_clusters, finding.held_out.unseen_auc_words_lo,
           finding.held_out.unseen_auc_words_hi);
  finding.held_out.unseen_auc = unseen.auc;
  finding.held_out.unseen_auc_lo = unseen.auc_lo;
  finding.held_out.unseen_auc_hi = unseen.auc_hi;
  return finding;
}

// In blocks, because one unit is less work than handing it to a thread.
void for_each_unit(std::size_t n, const std::function<void(std::size_t i)>& body) {
  constexpr std::size_t kBlock = 256;
  parallel_for((n + kBlock - 1) / kBlock, [&](std::size_t block, int) {
    for (std::size_t i = block * kBlock; i < std::min(n, (block + 1) * kBlock); ++i) body(i);
  });
}

// Corrects one family in place. `family` is not empty.
FamilyThreshold correct_family(std::span<Finding> family, std::string name, const FindingOptions& options,
                               const Permuted& permuted, std::uint64_t& n_found_by_words) {
  std::vector<double> p(family.size());
  std::transform(family.begin(), family.end(), p.begin(), [](const Finding& f) { return f.neglog10_p; });
  const CorrectedFamily corrected(std::move(name), p, options, permuted);
  for_each_unit(family.size(), [&](std::size_t i) { corrected.judge(i, family[i]); });
  n_found_by_words += corrected.n_found_by_words();
  return corrected.threshold();
}

bool same_sign_held_out(const Finding& finding) {
  return finding.direction != 0 && finding.direction == sign_of(finding.held_out.beta);
}

// The test of documents at the border; true where there is none.
bool holds_in_documents(std::span<const permutation::ItemTest> tests, std::size_t index, int direction,
                        double border) {
  return tests.empty() ||
         (direction == sign_of(tests[index].difference) && is_below_alpha(tests[index].neglog10_p, border));
}

// How significant units are tested again.
struct Again {
  double border = 0;  // −log10 p
  bool by_words = false, by_documents = false;
};

// Did words, where they are the test, find the unit with another sign than β's?
bool words_disagree(const Finding& unit, const Again& again) {
  return again.by_words && unit.direction_words != unit.direction;
}

// Sets replicated, and the note of units whose words disagree.
void mark_replicated(const LayerFits& fits, std::span<Finding> units, const Again& again) {
  const std::span<const permutation::ItemTest> documents =
      again.by_documents ? std::span(fits.documents.held_out) : std::span<const permutation::ItemTest>();
  for (std::size_t i = 0; i < units.size(); ++i) {
    Finding& unit = units[i];
    if (unit.significant && words_disagree(unit, again) && unit.direction != 0)
      set_note(unit.fit.note, FitNote::kDiscordant, true);
    unit.replicated = unit.significant && same_sign_held_out(unit) && !words_disagree(unit, again) &&
                      is_below_alpha(unit.held_out.neglog10_p, again.border) &&
                      holds_in_documents(documents, i, unit.direction, again.border);
    if (unit.replicated && again.by_words)
      unit.replicated = sign_of(fits.words.held_out[i].difference) == unit.direction;
  }
}

// Sets replicated_words and effect of the units of a layer, once it is known which are significant.
void grade_words(const LayerFits& fits, std::span<Finding> units, const Again& again) {
  const WordFits& words = fits.words;
  if (words.unseen.empty() || std::min(words.n_unseen.n_target, words.n_unseen.n_comparison) < kFewestWords)
    return;
  const std::span<const permutation::ItemTest> documents =
      again.by_documents ? std::span(fits.documents.unseen) : std::span<const permutation::ItemTest>();
  for (std::size_t i = 0; i < units.size(); ++i) {
    Finding& unit = units[i];
    const bool holds = unit.significant && unit.direction != 0 && !words_disagree(unit, again) &&
                       unit.direction == sign_of(words.unseen[i].difference) &&
                       is_below_alpha(words.unseen[i].neglog10_p, again.border) &&
                       holds_in_documents(documents, i, unit.direction, again.border);
    unit.replicated_words = holds ? Answer::kYes : Answer::kNo;
    unit.effect = judge_effect(unit.direction, unit.replicated_words, words.unseen_auc[i]);
  }
}

void sum_words(std::span<const LayerFits* const> layers, FindingTable& table) {
  if (layers.empty()) return;
  table.n_discovery_words = layers.front()->words.n_discovery;
  WordReplication& out = table.words;
  out.n_words = layers.front()->words.n_unseen;
  for (const Finding& unit : table.units) {
    out.n_replicated += unit.replicated_words == Answer::kYes;
    const bool has_effect = unit.effect >= Effect::kModerate;
    out.n_moderate += has_effect;
    out.n_strong += unit.effect == Effect::kStrong;
    out.n_specific += has_effect && unit.specific == Specificity::kSpecific;
    out.n_carrier += has_effect && unit.specific == Specificity::kCarrier;
  }
}

Replication replication_of(std::span<const Finding> units) {
  Replication out;
  bool has_held_out = false;
  for (const Finding& f : units) {
    out.n_significant += f.significant;
    out.n_replicated += f.replicated;
    out.n_concordant += f.significant && same_sign_held_out(f);
    has_held_out = has_held_out || f.held_out.n_target > 0;
  }
  if (!has_held_out) return out;
  out.replicated = share_of(out.n_replicated, out.n_significant);
  out.concordant = share_of(out.n_concordant, out.n_significant);
  return out;
}

LayerSummary summarise(const LayerFits& fits, std::span<const Finding> units) {
  LayerSummary out;
  out.site = fits.site;
  out.layer = fits.layer;
  out.n_units = units.size();
  for (const Finding& f : units) {
    out.n_ok += f.fit.status == FitStatus::kOk;
    out.n_separated += f.fit.status == FitStatus::kSeparated || f.fit.status == FitStatus::kQuasiSeparated;
    out.n_significant_positive += f.significant && f.direction > 0;
    out.n_significant_negative += f.significant && f.direction < 0;
    out.n_replicated_positive += f.replicated && f.direction > 0;
    out.n_replicated_negative += f.replicated && f.direction < 0;
    if (!std::isnan(f.neglog10_p) && !(f.neglog10_p <= out.best_neglog10_p)) {
      out.best_index = f.unit.index;
      out.best_neglog10_p = f.neglog10_p;
      out.best_held_out_auc = f.held_out.auc;
    }
  }
  out.replication = replication_of(units);
  out.sign_concordance = out.replication.concordant.share;
  return out;
}

}  // namespace

Result<void> check_options(const FindingOptions& options) {
  if (options.alpha > 0 && options.alpha < 1) return {};
  return usage_error("--alpha {}: must be greater than 0 and less than 1; 0.05 is usual", options.alpha);
}

double neglog10_p_of(const UnitFit& fit, Test test) {
  const bool separated = fit.status == FitStatus::kSeparated || fit.status == FitStatus::kQuasiSeparated;
  const bool converged = fit.status == FitStatus::kOk;
  switch (test) {
    case Test::kLrt:
      return converged || separated ? fit.neglog10_p_lrt : UnitFit::kNone;
    case Test::kWald:
      return converged ? fit.neglog10_p_wald : UnitFit::kNone;
    case Test::kScore:
      return fit.neglog10_p_score;
    case Test::kWords:
      break;  // of no fit
    case Test::kRank:
      return fit.neglog10_p_rank;
  }
  PENFIELD_CHECK(false);
}

FindingTable judge(std::span<const LayerFits> layers, const FindingOptions& options,
                   std::span<const permutation::PermutationTable> permutations,
                   std::span<const permutation::PermutationTable> documents) {
  PENFIELD_CHECK(check_options(options).has_value());
  FindingTable table;
  const std::vector<const LayerFits*> ordered = in_order(layers);
  std::size_t n_all = 0;
  for (const LayerFits* fits : ordered) n_all += fits->discovery.rows.size();
  table.units.reserve(n_all);
  std::vector<std::size_t> first_of_layer = {0};
  for (const LayerFits* fits : ordered) {
    const std::size_t n_units = fits->discovery.rows.size();
    PENFIELD_CHECK(fits->held_out.rows.empty() || fits->held_out.rows.size() == n_units);
    for (std::size_t i = 0; i < n_units; ++i) table.units.push_back(finding_of(*fits, i, options.test));
    first_of_layer.push_back(table.units.size());
  }
  const std::span<Finding> units = table.units;
  const auto units_of = [&](std::size_t k) {
    return units.subspan(first_of_layer[k], first_of_layer[k + 1] - first_of_layer[k]);
  };

  PENFIELD_CHECK(documents.empty() || documents.size() == permutations.size());
  const auto permuted = [&](std::size_t family) {
    return Permuted{.chosen = permutations.empty() ? nullptr : &permutations[family],
                    .documents = documents.empty() ? nullptr : &documents[family]};
  };
  if (options.family == Family::kModel) {
    PENFIELD_CHECK(permutations.empty() || permutations.size() == 1);
    if (!units.empty())
      table.families.push_back(correct_family(units, "model", options, permuted(0), table.n_found_by_words));
  } else {
    PENFIELD_CHECK(permutations.empty() || permutations.size() == ordered.size());
    for (std::size_t k = 0; k < ordered.size(); ++k) {
      if (units_of(k).empty()) continue;
      table.families.push_back(correct_family(units_of(k), layer_name(ordered[k]->site, ordered[k]->layer),
                                              options, permuted(k), table.n_found_by_words));
    }
  }

  for (const Finding& f : units) table.n_significant += f.significant;
  const Again again = {
      .border = std::log10(static_cast<double>(table.n_significant)) - std::log10(options.alpha),
      .by_words = options.test == Test::kWords,
      .by_documents = !documents.empty()};
  for (std::size_t k = 0; k < ordered.size(); ++k) {
    mark_replicated(*ordered[k], units_of(k), again);
    grade_words(*ordered[k], units_of(k), again);
  }
  for (const Finding& f : units) table.n_replicated += f.replicated;
  sum_words(ordered, table);
  for (std::size_t k = 0; k < ordered.size(); ++k)
    table.layers.push_back(summarise(*ordered[k], units_of(k)));
  table.replication = replication_of(units);
  return table;
}

JudgedColumns::JudgedColumns(association::FitTable fits, const FindingOptions& options,
                             const permutation::PermutationTable* permutations)
    : fits_{.site = Site::kColumn, .discovery = std::move(fits)},
      test_(options.test),
      corrected_("model", p_of_all(), options, {.chosen = permutations}) {}

std::vector<double> JudgedColumns::p_of_all() const {
  std::vector<double> p(size());
  for_each_unit(size(), [&](std::size_t i) { p[i] = neglog10_p_of(fits_.discovery.rows[i], test_); });
  return p;
}

void JudgedColumns::copy(std::size_t first, std::span<Finding> out) const {
  for_each_unit(out.size(), [&](std::size_t i) {
    out[i] = finding_of(fits_, first + i, test_);
    corrected_.judge(first + i, out[i]);
  });
}

std::vector<Finding> JudgedColumns::all() const {
  std::vector<Finding> out(size());
  copy(0, out);
  return out;
}

}  // namespace penfield::findings
