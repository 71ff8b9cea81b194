#include "penfield/report/words/unit_card.h"

#include <fmt/format.h>

#include <cmath>

#include "penfield/numeric/constants.h"
#include "penfield/report/words/lookup.h"
#include "penfield/report/words/run_story.h"
#include "penfield/report/words/token_kinds.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

using association::FitStatus;
using association::UnitFit;
using findings::Finding;

std::string headline(const ReportData& data, const Finding& finding) {
  const std::string how = finding.direction > 0   ? "fires more"
                          : finding.direction < 0 ? "fires less"
                                                  : "fires neither more nor less";
  std::string out = fmt::format("{} {} on {} tokens than on the comparison tokens", to_string(finding.unit),
                                how, concept_phrase(data.run));
  if (!finding.significant) return out + "; the difference is not significant.";
  if (finding.replicated) return out + "; the difference is significant and replicated on held-out text.";
  if (finding.held_out.n_target == 0)
    return out + "; the difference is significant; there is no held-out text.";
  return out + "; the difference is significant but not replicated on held-out text.";
}

std::string means_sentence(const Finding& finding) {
  const UnitFit& fit = finding.fit;
  std::string out = fmt::format("{} and {}.", counted(finding.n_target, "target"),
                                counted(finding.n_comparison, "comparison token"));
  if (std::isnan(fit.mean_target)) return out;
  out += fmt::format(" Mean activation {} on targets and {} on comparison tokens",
                     significant_text(fit.mean_target, 3), significant_text(fit.mean_comparison, 3));
  if (!std::isnan(fit.sd)) out += fmt::format("; SD of all {}", significant_text(fit.sd, 3));
  return out + ".";
}

std::string odds_sentence(const UnitFit& fit, double corrected) {
  const double factor = std::exp(std::abs(fit.beta_sd));
  std::string out = fmt::format("One SD more activation {} the odds of a target by {} (β = {} per SD).",
                                fit.beta_sd < 0 ? "divides" : "multiplies", significant_text(factor, 3),
                                signed_text(fit.beta_sd, 3));
  out += fmt::format(" Per unit of activation β = {}", significant_text(fit.beta, 4));
  if (!std::isnan(fit.se)) {
    const double half = numeric::kNormal975 * fit.se;
    out += fmt::format(", 95% interval [{}, {}], standard error {}", significant_text(fit.beta - half, 4),
                       significant_text(fit.beta + half, 4), significant_text(fit.se, 3));
  }
  out += ".";
  constexpr double kLeastShift = 0.01;  // less is lost in the standard error
  if (std::isnan(corrected) || !(std::abs(corrected - fit.beta) >= kLeastShift * std::abs(fit.beta)))
    return out;
  return out + fmt::format(" Corrected for selection (winner’s curse) β = {}, {} of the estimate.",
                           significant_text(corrected, 4), percent_text(corrected / fit.beta));
}

std::string separation_sentence(const UnitFit& fit) {
  std::string out = fmt::format(
      "AUC {}: of one target and one comparison token, the target has the higher activation in {} of the "
      "pairs.",
      with_interval(fixed_text(fit.auc, 3), interval_text(fit.auc_lo, fit.auc_hi, 3)), percent_text(fit.auc));
  if (!std::isnan(fit.cohen_d)) {
    out += fmt::format(" Cohen’s d {}.", with_interval(signed_text(fit.cohen_d, 2),
                                                       interval_text(fit.cohen_d_lo, fit.cohen_d_hi, 2)));
  }
  if (!std::isnan(fit.threshold)) {
    out += fmt::format(" The threshold that separates the groups best is {} (Youden’s J = {}).",
                       significant_text(fit.threshold, 3), fixed_text(fit.youden_j, 2));
  }
  return out;
}

std::string tests_sentence(const UnitFit& fit) {
  const bool penalised = fit.status == FitStatus::kSeparated || fit.status == FitStatus::kQuasiSeparated;
  std::string out = fmt::format("{} {}", penalised ? "Penalised likelihood ratio" : "Likelihood ratio",
                                p_equation(fit.neglog10_p_lrt));
  if (!std::isnan(fit.lrt_chi2)) out += fmt::format(" (χ² = {})", fixed_text(fit.lrt_chi2, 1));
  if (!std::isnan(fit.neglog10_p_wald)) {
    out += fmt::format("; Wald {} (z = {})", p_equation(fit.neglog10_p_wald), fixed_text(fit.z, 2));
  } else {
    out += "; no Wald test";
  }
  if (!std::isnan(fit.neglog10_p_score)) out += fmt::format("; score {}", p_equation(fit.neglog10_p_score));
  if (!std::isnan(fit.neglog10_p_welch)) {
    out += fmt::format("; Welch {} (t = {}, {} degrees of freedom)", p_equation(fit.neglog10_p_welch),
                       fixed_text(fit.t_welch, 2), fixed_text(fit.df_welch, 1));
  }
  return out + ".";
}

std::string corrected_sentence(const ReportData& data, const Finding& finding) {
  const store::RunRecord& run = data.run;
  const std::string verdict = finding.significant ? "significant" : "not significant";
  if (run.correction == findings::Correction::kNone) {
    return fmt::format("{} is not corrected: {} at α = {}.", test_subject(run.test), verdict,
                       significant_text(run.alpha, 1));
  }
  if (std::isnan(finding.neglog10_p_adj))
    return fmt::format("{} has no p to correct.", test_subject(run.test));
  return fmt::format("{} after {} {}: {}; {} at α = {}.", test_subject(run.test),
                     correction_words(run.correction), family_words(run.family),
                     p_equation(finding.neglog10_p_adj), verdict, significant_text(run.alpha, 1));
}

std::string calls_sentence(const ReportData& data, const Finding& finding) {
  const association::Prediction& rule = finding.held_out.prediction;
  const bool above = finding.fit.mean_target > finding.fit.mean_comparison;
  std::string out = fmt::format(
      "Calling a token a target where the activation is {} {} finds {} of the targets (recall)",
      above ? "at least" : "at most", significant_text(finding.fit.threshold, 3), percent_text(rule.recall));
  if (std::isnan(rule.f1))
    return out + "; precision is unknown, because the comparison tokens are not a random sample of the text.";
  out += fmt::format("; at the prevalence of targets in the text ({} of the tokens), ",
                     percent_text(data.run.counts[1].prevalence()));
  out += std::isnan(rule.precision)
             ? "nothing is called"
             : fmt::format("{} of the calls are right (precision)", percent_text(rule.precision));
  out += fmt::format(", F1 = {}", fixed_text(rule.f1, 3));
  if (!std::isnan(rule.mcc)) out += fmt::format(", MCC = {}", fixed_text(rule.mcc, 3));
  return out + ".";
}

// How discovery's fit and threshold perform on held-out text, and the test on words that discovery did not
// have.
void add_prediction_lines(const ReportData& data, const Finding& finding, std::vector<CardLine>& lines) {
  const findings::HeldOut& held = finding.held_out;
  const association::Prediction& rule = held.prediction;
  if (held.unseen_n_target > 0 && !std::isnan(held.unseen_auc)) {
    const std::string interval = interval_text(held.unseen_auc_lo, held.unseen_auc_hi, 3);
    lines.push_back(
        {"New words", fmt::format("On {} and {} whose words discovery did not sample: AUC {}, {}.",
                                  counted(held.unseen_n_target, "target"),
                                  counted(held.unseen_n_comparison, "comparison token"),
                                  with_interval(fixed_text(held.unseen_auc, 3), interval),
                                  p_equation(held.unseen_neglog10_p))});
  }
  if (!std::isnan(rule.calibration_slope)) {
    lines.push_back(
        {"Calibration",
         fmt::format(
             "Slope {}, intercept {} of discovery’s log-odds on this text (perfect calibration: 1 and 0). "
             "Brier score {}, {}.",
             significant_text(rule.calibration_slope, 3), significant_text(rule.calibration_intercept, 2),
             fixed_text(rule.brier, 3),
             rule.brier_scaled > 0 ? percent_text(rule.brier_scaled) + " better than a constant"
                                   : "no better than a constant")});
  }
  if (!std::isnan(rule.recall)) lines.push_back({"Calls", calls_sentence(data, finding)});
}

std::vector<CardLine> held_out_lines(const ReportData& data, const Finding& finding) {
  const findings::HeldOut& held = finding.held_out;
  std::vector<CardLine> lines;
  if (held.n_target == 0) {
    lines.push_back({"Groups", "No held-out tokens."});
    return lines;
  }
  lines.push_back({"Groups", fmt::format("{} and {}.", counted(held.n_target, "target"),
                                         counted(held.n_comparison, "comparison token"))});
  if (!std::isnan(held.beta)) {
    const bool same = (held.beta > 0) == (finding.direction > 0) && finding.direction != 0 && held.beta != 0;
    lines.push_back(
        {"Odds", fmt::format("β = {} per unit of activation, {}.", significant_text(held.beta, 4),
                             same ? "the same sign as in discovery" : "not the same sign as in discovery")});
  }
  if (!std::isnan(held.auc)) {
    lines.push_back(
        {"Separation", fmt::format("AUC {}.", with_interval(fixed_text(held.auc, 3),
                                                            interval_text(held.auc_lo, held.auc_hi, 3)))});
  }
  std::string test = fmt::format("{} gives {}", test_subject(data.run.test), p_equation(held.neglog10_p));
  if (!finding.significant) {
    test += "; only significant units are tested for replication.";
  } else {
    test += finding.replicated ? ": replicated." : ": not replicated.";
  }
  lines.push_back({"Test", test});
  add_prediction_lines(data, finding, lines);
  return lines;
}

}  // namespace

UnitCard make_unit_card(const ReportData& data, const Finding& finding) {
  const UnitFit& fit = finding.fit;
  UnitCard card;
  card.title = to_string(finding.unit);
  card.tally =
      tally_sentence(data.heatmaps.tokens, heatmap_values(data.heatmaps, finding.unit), finding.direction);
  card.headline = headline(data, finding);
  card.discovery.push_back({"Groups", means_sentence(finding)});
  if (!std::isnan(fit.beta_sd))
    card.discovery.push_back({"Odds", odds_sentence(fit, finding.beta_corrected)});
  if (!std::isnan(fit.auc)) card.discovery.push_back({"Separation", separation_sentence(fit)});
  if (!std::isnan(fit.neglog10_p_lrt)) card.discovery.push_back({"Tests", tests_sentence(fit)});
  card.discovery.push_back({"Corrected", corrected_sentence(data, finding)});
  if (fit.status != FitStatus::kOk)
    card.discovery.push_back({"Fit", std::string(status_sentence(fit.status))});
  if (fit.note != association::FitNote::kNone) card.discovery.push_back({"Note", note_sentences(fit.note)});
  card.held_out = held_out_lines(data, finding);
  for (std::vector<CardLine>* lines : {&card.discovery, &card.held_out}) {
    for (CardLine& line : *lines) line.sentence = keep_equations_whole(std::move(line.sentence));
  }
  return card;
}

}  // namespace penfield::report
