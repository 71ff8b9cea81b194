#include "penfield/report/words/permutation_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

using findings::PermutationSummary;

// Of the families that have a value; NaN where none has.
double median_of(const store::RunRecord& run, double PermutationSummary::*member) {
  std::vector<double> values;
  for (const findings::FamilyThreshold& family : run.families) {
    if (!std::isnan(family.permutation.*member)) values.push_back(family.permutation.*member);
  }
  if (values.empty()) return association::UnitFit::kNone;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::string design_phrase(const store::PermutationRecord& design) {
  if (design.within == "none") return "of the labels of all tokens";
  const std::string_view block = design.within == "document" ? "document" : "token type";
  if (design.statistic == "score")
    return fmt::format("of token labels within {}", counted(design.n_blocks_mixed, block));
  return fmt::format("of the labels of {} and {} (studentised difference of their means)",
                     counted(design.n_target_items, fmt::format("target {}", block)),
                     counted(design.n_comparison_items, fmt::format("other {}", block)));
}

// The second test; empty where it was not made.
std::string document_phrase(const store::DocumentRecord& documents) {
  if (documents.statistic == "none") return "";
  const std::string of = counted(documents.n_discovery, "document");
  const std::string how = documents.statistic == "sign-flips" ? fmt::format("signs of {} flipped", of)
                          : documents.statistic == "score"    ? fmt::format("labels permuted within {}", of)
                                                              : fmt::format("means of {} permuted", of);
  return fmt::format("; with documents as the observations, {}: a unit must pass both, and {} pass the first",
                     how, count_text(documents.n_found_by_words));
}

}  // namespace

std::optional<std::string> permutation_sentence(const store::RunRecord& run) {
  const store::PermutationRecord& design = run.permutation;
  if (design.n_permutations == 0 || run.families.empty()) return std::nullopt;
  std::string out =
      fmt::format("{} {}", counted(design.n_permutations, "permutation"), design_phrase(design));
  const char* const each = run.families.size() > 1 ? " (median of the families)" : "";
  const double n_effective = median_of(run, &PermutationSummary::n_effective);
  if (!std::isnan(n_effective)) {
    const double n_tests = static_cast<double>(run.families.front().permutation.n_tests);
    out += fmt::format(": the maxima of {} units behave like those of {} independent tests{}",
                       count_text(static_cast<std::uint64_t>(n_tests)),
                       count_text(static_cast<std::uint64_t>(std::llround(n_effective))), each);
  }
  const double inflation = median_of(run, &PermutationSummary::inflation);
  const double lo = median_of(run, &PermutationSummary::inflation_lo);
  if (!std::isnan(inflation)) {
    out += fmt::format("; inflation λ = {}", significant_text(inflation, 3));
    if (!std::isnan(lo)) {
      out += fmt::format(", under permuted labels {} to {}", significant_text(lo, 2),
                         significant_text(median_of(run, &PermutationSummary::inflation_hi), 2));
    }
  }
  return out + document_phrase(run.documents) + ".";
}

}  // namespace penfield::report
