// One family of tests: the p-values in, what their correction says of each unit out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "penfield/findings/finding.h"
#include "penfield/permutation/permutation_table.h"

namespace penfield::findings {

// With kMaxT the corrected p is that of the permuted statistic (the score, or Welch's t of the means of
// items: permutation/exchange.h), whatever test ranks the units.
struct FindingOptions {
  Test test = Test::kLrt;
  Correction correction = Correction::kBonferroni;
  Family family = Family::kLayer;
  double alpha = 0.05;  // in (0, 1)
  MaxT max_t = MaxT::kStepDown;
};

// The permutations of a family; null where there are none.
struct Permuted {
  const permutation::PermutationTable* chosen = nullptr;
  const permutation::PermutationTable* documents = nullptr;  // only beside the first
};

// Is p below alpha, whose −log10 is the border? p is a real number known but to rounding, of which correction
// adds some: one that is alpha within it is not below.
[[nodiscard]] bool is_below_alpha(double neglog10_p, double border);

class CorrectedFamily {
 public:
  // neglog10_p: of the chosen test, a value a unit; not empty.
  CorrectedFamily(std::string name, const std::vector<double>& neglog10_p, const FindingOptions& options,
                  const Permuted& permuted);

  // Sets what the correction says of unit i, whose fit and p the finding holds: the corrected p, whether it
  // is significant, β corrected for selection, and the note of tests that disagree.
  void judge(std::size_t i, Finding& finding) const;

  [[nodiscard]] const FamilyThreshold& threshold() const { return threshold_; }
  // As FindingTable has it.
  [[nodiscard]] std::uint64_t n_found_by_words() const { return n_found_by_words_; }

 private:
  std::vector<double> adjusted_;
  std::uint64_t n_found_by_words_ = 0;
  std::vector<bool> found_;
  FamilyThreshold threshold_;
  double z_border_ = 0;     // of selection
  double note_border_ = 0;  // where tests should agree
};

}  // namespace penfield::findings
