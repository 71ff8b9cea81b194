// What the statistics room hands on: one row a column (unit) of the matrix it was given.
//
// NaN means "no value" (written NA). All p-values are −log10 p, two-sided, from log-survival functions:
// finite where p itself would underflow.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace penfield::association {

enum class FitStatus : std::uint8_t {
  kOk,
  kConstant,        // all values equal
  kSeparated,       // complete: a threshold parts the groups without error
  kQuasiSeparated,  // the groups touch in one value only
  kNotConverged,    // gradient norm per sample >= 1e-10 at the end
  kNonFinite,       // NaN or infinity in the column
  kTooFew,          // fewer than 2 samples in a group, or n < 4
};

// In the order of the values. What files of results say, so that none may be renamed.
inline constexpr std::array<std::string_view, 7> kStatusNames = {
    "ok", "constant", "separated", "quasi_separated", "not_converged", "non_finite", "too_few"};
[[nodiscard]] constexpr std::string_view status_name(FitStatus status) {
  return kStatusNames.at(static_cast<std::size_t>(status));
}

// What a reader should know of a fit beside its status.
enum class FitNote : std::uint8_t {
  kNone,
  // Firth's likelihood has two maxima, one that follows a single far sample and one that gives it up; the
  // higher one is given.
  kBimodal,
  kCollinear,  // a linear combination of the covariates: given them the unit is constant
};

inline constexpr std::array<std::string_view, 3> kNoteNames = {"NA", "bimodal", "collinear"};
[[nodiscard]] constexpr std::string_view note_name(FitNote note) {
  return kNoteNames.at(static_cast<std::size_t>(note));
}

struct UnitFit {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  FitStatus status = FitStatus::kTooFew;
  double mean_target = kNone, mean_comparison = kNone;
  double sd = kNone;     // of the column, all samples, n - 1
  double alpha = kNone;  // intercept, log-odds at activation 0
  // Log-odds per unit of activation; Firth's estimate where separated. se, z and the Wald p are NaN there.
  double beta = kNone, se = kNone, z = kNone, neglog10_p_wald = kNone;
  double lrt_chi2 = kNone, neglog10_p_lrt = kNone;  // penalised likelihood ratio where separated
  double score_chi2 = kNone, neglog10_p_score = kNone;
  double beta_sd = kNone;                                          // beta * sd
  double cohen_d = kNone, cohen_d_lo = kNone, cohen_d_hi = kNone;  // pooled SD; 95% interval
  double auc = kNone, auc_lo = kNone,
         auc_hi = kNone;  // of the activation for the target; DeLong 95% interval
  double t_welch = kNone, df_welch = kNone, neglog10_p_welch = kNone;
  // The activation that parts the groups best (Youden's J): at and above it, where targets are higher on
  // average, at and below it where they are lower, a token is called a target.
  double threshold = kNone, youden_j = kNone;
  // On request (FitOptions): 95% interval of beta; standard error robust to clusters, and its Wald test.
  double beta_lo = kNone, beta_hi = kNone;
  double se_cluster = kNone, z_cluster = kNone, neglog10_p_cluster = kNone;
  FitNote note = FitNote::kNone;
};

struct FitTable {
  std::uint64_t n_target = 0, n_comparison = 0;
  std::vector<UnitFit> rows;  // [n_units], in column order
};

}  // namespace penfield::association
