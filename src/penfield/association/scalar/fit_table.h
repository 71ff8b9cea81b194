// The output of the statistics room: one row for each column (unit) of the matrix.
//
// NaN means "no value". All p-values are −log10 p, two-sided, from log-survival functions:
// finite where p itself would underflow.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penfield::association {

enum class FitStatus : std::uint8_t {
  kOk,
  kConstant,        // all values equal
  kSeparated,       // complete: a threshold separates the groups without error
  kQuasiSeparated,  // the groups have only one boundary value in common
  kNotConverged,    // gradient norm per sample >= 1e-10 at the end
  kNonFinite,       // NaN or infinity in the column
  kTooFew,          // fewer than 2 samples in a group, or n < 4
};

// In the order of the values. Result files contain these words, so they must not change.
inline constexpr std::array<std::string_view, 7> kStatusNames = {
    "ok", "constant", "separated", "quasi_separated", "not_converged", "non_finite", "too_few"};
[[nodiscard]] constexpr std::string_view status_name(FitStatus status) {
  return kStatusNames.at(static_cast<std::size_t>(status));
}

// What a reader should know about a fit in addition to its status: bits, of which several may be set.
enum class FitNote : std::uint8_t {
  kNone = 0,
  // Firth's likelihood has two maxima, one that follows a single far sample and one that ignores it; the
  // higher one is reported.
  kBimodal = 1,
  kCollinear = 2,  // a linear combination of the covariates, so constant given them
  // The covariates alone separate some samples, so that the likelihood has no maximum but a limit, that of
  // the other samples; the limit is reported.
  kLimit = 4,
  kOutlier = 8,  // one sample holds more than a quarter of Σ(x − x̄)²
  // β and AUC − ½ have different signs, or the likelihood ratio and the rank test are on different sides of
  // the border of significance (which the findings room knows).
  kDiscordant = 16,
  kFirth = 32,  // the groups overlap, and β is Firth's estimate all the same
};

// In the order of the bits. Result files contain these words, so they must not change.
inline constexpr std::array<std::string_view, 6> kNoteNames = {"bimodal", "collinear",  "limit",
                                                               "outlier", "discordant", "firth"};
[[nodiscard]] constexpr FitNote operator|(FitNote a, FitNote b) {
  return static_cast<FitNote>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
[[nodiscard]] constexpr bool has_note(FitNote notes, FitNote note) {
  return (static_cast<unsigned>(notes) & static_cast<unsigned>(note)) != 0;
}
constexpr void set_note(FitNote& notes, FitNote note, bool is_set) {
  const unsigned others = static_cast<unsigned>(notes) & ~static_cast<unsigned>(note);
  notes = static_cast<FitNote>(others | (is_set ? static_cast<unsigned>(note) : 0u));
}
// "outlier;discordant"; empty without a note.
[[nodiscard]] std::string note_text(FitNote notes);
// The inverse; std::nullopt for other texts.
[[nodiscard]] std::optional<FitNote> parse_notes(std::string_view text);

struct UnitFit {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  FitStatus status = FitStatus::kTooFew;
  double mean_target = kNone, mean_comparison = kNone;
  double sd = kNone;     // of the column, all samples, n - 1
  double alpha = kNone;  // intercept, log-odds at activation 0
  // Log-odds per unit of activation. Under separation beta is Firth's, and se, z and the Wald p are NaN.
  double beta = kNone, se = kNone, z = kNone, neglog10_p_wald = kNone;
  double lrt_chi2 = kNone, neglog10_p_lrt = kNone;  // the penalised one under separation
  double score_chi2 = kNone, neglog10_p_score = kNone;
  double beta_sd = kNone;  // beta * sd
  double iqr = kNone;      // interquartile range of the column, all samples
  double beta_robust_sd =
      kNone;  // beta * iqr / 1.349, which is the SD of a normal column; none where iqr is 0
  double cohen_d = kNone, cohen_d_lo = kNone, cohen_d_hi = kNone;  // pooled SD; 95% interval
  double auc = kNone, auc_lo = kNone,
         auc_hi = kNone;           // of the activation for the targets, with DeLong's 95% interval
  double neglog10_p_rank = kNone;  // Wilcoxon's rank-sum test; with covariates that of normal scores
  double t_welch = kNone, df_welch = kNone, neglog10_p_welch = kNone;
  // The activation that separates the groups best (Youden's J). A token is predicted to be a target at and
  // above it if targets are higher on average, at and below it if they are lower.
  double threshold = kNone, youden_j = kNone;
  // With FitOptions: 95% interval of beta; cluster-robust standard error, and its Wald test.
  double beta_lo = kNone, beta_hi = kNone;
  double se_cluster = kNone, z_cluster = kNone, df_cluster = kNone, neglog10_p_cluster = kNone;
  FitNote note = FitNote::kNone;
};

struct FitTable {
  std::uint64_t n_target = 0, n_comparison = 0;
  std::vector<UnitFit> rows;  // [n_units], in column order
};

}  // namespace penfield::association
