#include "penfield/findings/corrected_family.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "penfield/base/check.h"
#include "penfield/findings/correct.h"
#include "penfield/findings/judge.h"
#include "penfield/findings/max_t.h"
#include "penfield/findings/names.h"
#include "penfield/findings/winners_curse.h"
#include "penfield/numeric/normal_tail.h"

namespace penfield::findings {
namespace {

using association::FitNote;
using association::UnitFit;

std::vector<double> adjust_family(const std::vector<double>& neglog10_p, const FindingOptions& options,
                                  const Permuted& permuted) {
  if (options.correction != Correction::kMaxT) return adjust(neglog10_p, options.correction);
  PENFIELD_CHECK(permuted.chosen != nullptr && permuted.chosen->statistic.size() == neglog10_p.size());
  std::vector<double> p = adjust_by_permutation(*permuted.chosen, options.max_t);
  if (permuted.documents == nullptr) return p;
  const std::vector<double> of_documents = adjust_by_permutation(*permuted.documents, options.max_t);
  for (std::size_t i = 0; i < p.size(); ++i)
    p[i] = std::isnan(of_documents[i]) ? of_documents[i] : std::min(p[i], of_documents[i]);
  return p;
}

std::vector<bool> found_in_family(const std::vector<double>& neglog10_p_adj, const FindingOptions& options,
                                  const Permuted& permuted, std::uint64_t& n_found_by_words) {
  if (options.correction == Correction::kMaxT) {
    std::vector<bool> found = found_by_permutation(*permuted.chosen, options.max_t, options.alpha);
    if (permuted.documents == nullptr) return found;
    n_found_by_words = static_cast<std::uint64_t>(std::ranges::count(found, true));
    const std::vector<bool> in_documents =
        found_by_permutation(*permuted.documents, options.max_t, options.alpha);
    for (std::size_t i = 0; i < found.size(); ++i) found[i] = found[i] && in_documents[i];
    return found;
  }
  const double border = -std::log10(options.alpha);
  std::vector<bool> found;
  found.reserve(neglog10_p_adj.size());
  for (const double p : neglog10_p_adj) found.push_back(is_below_alpha(p, border));
  return found;
}

double threshold_of(const std::vector<double>& neglog10_p, const std::vector<bool>& found,
                    const FindingOptions& options) {
  const CorrectionSpec& correction = spec_of(options.correction);
  if (correction.border != nullptr) return correction.border(neglog10_p.size(), options.alpha);
  double smallest = UnitFit::kNone;
  for (std::size_t i = 0; i < neglog10_p.size(); ++i) {
    // By permutation a unit may be significant whose own test has no p.
    if (!found[i] || std::isnan(neglog10_p[i])) continue;
    if (!(neglog10_p[i] >= smallest)) smallest = neglog10_p[i];
  }
  return smallest;
}

// Takes the winner's curse from β. The signed root of a test's χ² is the |z| of its p.
double corrected_beta(const Finding& finding, double z_border) {
  if (!finding.significant || std::isnan(finding.neglog10_p)) return UnitFit::kNone;
  const double z = numeric::normal_z_of_neglog10_p(finding.neglog10_p);
  if (!(z > 0)) return UnitFit::kNone;
  return finding.fit.beta * mean_given_passed(z, std::min(z_border, z)) / z;
}

// Do the likelihood ratio and the rank test decide differently at the border?
bool tests_disagree(const UnitFit& fit, double border) {
  const double likelihood = neglog10_p_of(fit, Test::kLrt);
  const double rank = neglog10_p_of(fit, Test::kRank);
  if (std::isnan(likelihood) || std::isnan(rank)) return false;
  return (likelihood > border) != (rank > border);
}

}  // namespace

bool is_below_alpha(double neglog10_p, double border) {
  constexpr double kRounding = 1e-13;
  return neglog10_p > border + kRounding * (1.0 + border);  // false for NaN
}

CorrectedFamily::CorrectedFamily(std::string name, const std::vector<double>& neglog10_p,
                                 const FindingOptions& options, const Permuted& permuted)
    : adjusted_(adjust_family(neglog10_p, options, permuted)),
      found_(found_in_family(adjusted_, options, permuted, n_found_by_words_)) {
  const double threshold = threshold_of(neglog10_p, found_, options);
  threshold_ = {.name = std::move(name),
                .n_tests = neglog10_p.size(),
                .neglog10_p_threshold = threshold,
                .permutation = permuted.chosen == nullptr
                                   ? PermutationSummary{}
                                   : summarise_permutations(*permuted.chosen, options.test, options.alpha)};
  z_border_ = numeric::normal_z_of_neglog10_p(threshold);
  // Where nothing is significant there is no threshold, and Bonferroni's serves.
  note_border_ = std::isnan(threshold) ? bonferroni_border(neglog10_p.size(), options.alpha) : threshold;
}

void CorrectedFamily::judge(std::size_t i, Finding& finding) const {
  finding.neglog10_p_adj = adjusted_[i];
  finding.significant = found_[i];
  finding.beta_corrected = corrected_beta(finding, z_border_);
  if (tests_disagree(finding.fit, note_border_)) set_note(finding.fit.note, FitNote::kDiscordant, true);
}

}  // namespace penfield::findings
