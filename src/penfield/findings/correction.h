// The corrections for multiple tests: one row each, from which flags, files, report and page take name and
// words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace penfield::findings {

enum class Correction : std::uint8_t {
  kBonferroni,
  kHolm,
  kBenjaminiHochberg,
  kBenjaminiYekutieli,
  kHochberg,
  kMaxT,
  kNone
};

struct CorrectionSpec {
  std::string_view name;   // of --correction and in result files, so it must not change
  std::string_view label;  // in sentences
  // Replaces −log10 p of the tests of one family, of which there is at least one, by that of the corrected p;
  // see adjust() in correct.h. Null: the corrected p comes from permutations (max_t.h).
  void (*adjust)(std::vector<double>& neglog10_p);
  // −log10 of the uncorrected p that equals alpha after correction; null if it depends on more than n_tests.
  double (*border)(std::size_t n_tests, double alpha) = nullptr;
  std::string_view border_formula{};  // of that p, with {alpha} and {n}; empty: it is alpha
};

// correct.cc
void adjust_bonferroni(std::vector<double>& neglog10_p);
void adjust_holm(std::vector<double>& neglog10_p);
void adjust_benjamini_hochberg(std::vector<double>& neglog10_p);
void adjust_benjamini_yekutieli(std::vector<double>& neglog10_p);
void adjust_hochberg(std::vector<double>& neglog10_p);
void adjust_nothing(std::vector<double>& neglog10_p);
[[nodiscard]] double bonferroni_border(std::size_t n_tests, double alpha);
[[nodiscard]] double alpha_border(std::size_t n_tests, double alpha);

// In the order of the enumerators.
inline constexpr std::array<CorrectionSpec, 7> kCorrections = {{
    {"bonferroni", "Bonferroni", adjust_bonferroni, bonferroni_border, "{alpha} / {n}"},
    {"holm", "Holm", adjust_holm},
    {"bh", "Benjamini–Hochberg", adjust_benjamini_hochberg},
    {"by", "Benjamini–Yekutieli", adjust_benjamini_yekutieli},
    {"hochberg", "Hochberg", adjust_hochberg},
    {"maxt", "max-statistic permutation", nullptr},
    {"none", "no correction", adjust_nothing, alpha_border},
}};

[[nodiscard]] constexpr const CorrectionSpec& spec_of(Correction correction) {
  return kCorrections.at(static_cast<std::size_t>(correction));
}

}  // namespace penfield::findings
