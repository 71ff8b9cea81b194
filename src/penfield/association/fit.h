// The association engine: a matrix and labels in, a table out. Knows no model, no token, no text.
#pragma once

#include <cstdint>
#include <span>

#include "penfield/association/scalar/covariates.h"
#include "penfield/association/scalar/fit_table.h"
#include "penfield/association/scalar/rows_of_groups.h"
#include "penfield/base/matrix_view.h"

namespace penfield::association {

// Fits P(y = 1 | x) = σ(α + βx) for each column separately, and compares the two groups column by column.
//   x       [n_samples, n_units], row-major; stride in elements
//   labels  [n_samples], 1 target, 0 comparison, kLeftOut for a row to ignore; aborts on another length
// The numbers of targets and comparisons must be such as can_be_counted (fit_memory.h) accepts.
// Arithmetic is double; the result does not depend on the number of threads. A column that cannot be fitted
// has a status that says why.
[[nodiscard]] FitTable fit_columns(MatrixView<const float> x, std::span<const std::uint8_t> labels);
[[nodiscard]] FitTable fit_columns(MatrixView<const double> x, std::span<const std::uint8_t> labels);

// When Firth's penalised likelihood replaces maximum likelihood.
enum class Firth : std::uint8_t {
  kSeparated,  // for units whose likelihood has no maximum
  kAlways,     // for all units: β, SE, Wald test and the penalised likelihood ratio
  kNever,      // separated units keep their status and have no β
  kAuto,       // kAlways where a group has fewer than kSmallGroup samples, else kSeparated
};

// With 16 + 16 samples the likelihood ratio of maximum likelihood finds 2.5 times what its level at
// Bonferroni's border for 3,072 units allows, Firth's .6 times.
inline constexpr std::uint64_t kSmallGroup = 60;

// What kAuto stands for with these labels (as for fit_columns); others stay.
[[nodiscard]] Firth resolve_firth(Firth firth, std::span<const std::uint8_t> labels);

enum class Intervals : std::uint8_t {
  kNone,
  kWald,     // β ± 1.96·SE; none for separated units
  kProfile,  // of the likelihood, penalised where β is Firth's
};

struct FitOptions {
  Firth firth = Firth::kSeparated;
  Intervals intervals = Intervals::kNone;
  // Prepared for the same labels; null: none. With covariates, status, α, β, SE and the Wald, score and
  // likelihood-ratio tests are conditional on them; means, SD, d, AUC and Welch's t stay unadjusted. α is the
  // log-odds where the activation and every covariate are zero.
  const Covariates* covariates = nullptr;
  // The cluster of each sample, whose samples may depend on each other: [n_samples], 0 … n_clusters − 1;
  // empty: none. n_clusters >= 2.
  std::span<const std::uint32_t> clusters = {};
  std::size_t n_clusters = 0;

  // True for default options; kAuto must have been resolved.
  [[nodiscard]] bool is_plain() const {
    return firth == Firth::kSeparated && intervals == Intervals::kNone && covariates == nullptr &&
           clusters.empty();
  }
};

// As above, with options; with default options the result is bit-identical.
[[nodiscard]] FitTable fit_columns(MatrixView<const float> x, std::span<const std::uint8_t> labels,
                                   const FitOptions& options);
[[nodiscard]] FitTable fit_columns(MatrixView<const double> x, std::span<const std::uint8_t> labels,
                                   const FitOptions& options);

// As fit_columns, for the next columns of a matrix whose first are in `table`: appends a row for each.
void append_fits(MatrixView<const float> x, std::span<const std::uint8_t> labels, FitTable& table);
void append_fits(MatrixView<const double> x, std::span<const std::uint8_t> labels, FitTable& table);
void append_fits(MatrixView<const float> x, std::span<const std::uint8_t> labels, const FitOptions& options,
                 FitTable& table);
void append_fits(MatrixView<const double> x, std::span<const std::uint8_t> labels, const FitOptions& options,
                 FitTable& table);

}  // namespace penfield::association
