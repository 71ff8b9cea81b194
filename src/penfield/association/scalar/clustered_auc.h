// Area under the ROC curve where samples depend on each other within clusters, with an interval that knows
// it; and its mean over strata.
//
// A word that is used fifty times is fifty samples and one observation. DeLong's variance counts the samples;
// this one sums the placements of a cluster first, as Obuchowski does,
//   X_g = Σ over targets of g of (V10 − A),  Y_g = Σ over comparisons of g of (V01 − A),
// V10 the share of comparisons below a target (ties half), V01 the share of targets above a comparison; and
// divides by what the cluster leaves of its group, as leaving it out would, since a large cluster draws A
// towards itself:
//   Var A = (I₁−1)/I₁ Σ (X_g/(n₁ − n₁g))² + (I₀−1)/I₀ Σ (Y_g/(n₀ − n₀g))² + 2(I−1)/I Σ X_gY_g/((n₁ − n₁g)(n₀
//   − n₀g)),
// I₁ and I₀ clusters with targets and with comparisons, I all. Its degrees of freedom are Satterthwaite's,
// with the effective number of clusters n²/Σ n_g² (Kish) less one for each group. With words used by Zipf's
// law Obuchowski's own variance and a normal quantile cover the truth in .89 to .95 of simulations at a
// nominal .95, these in .95 to .97 (bench/clustered_auc_cover.py). Over strata h the area is
// Σ w_h A_h / Σ w_h with w_h = n₁n₀/(n₁ + n₀ + 1) of the stratum (van Elteren 1960). A word may be used in
// several strata, so a cluster is summed over them before it is squared: in place of X_g/(n₁ − n₁g) stands
// Σ_h w_h X_gh/(n₁h − n₁gh) / Σ w_h, and in place of n_g the cluster's share Σ_h w_h n_gh/n_h. Sources:
// Obuchowski 1997, Biometrics 53:567; Kish 1965, Survey Sampling, 11.7.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "penfield/base/matrix_view.h"

namespace penfield::association {

struct ClusteredAuc {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  double auc = kNone;
  // On the logit scale, logit A ± t·SE/(A(1 − A)), so that they stay within 0 and 1. Where the groups are
  // separated the variance is zero, and the inner end is 3/(clusters of the smaller group) away (the rule of
  // three: Hanley & Lippman-Hand 1983, JAMA 249:1743).
  double lo = kNone, hi = kNone;        // 95%
  double lo_90 = kNone, hi_90 = kNone;  // 90%, of two one-sided tests at 5%
};

// The samples of a column, ordered by strata and clusters once for all columns.
class ClusteredSamples {
 public:
  // labels    [n_samples], 1 target, 0 comparison
  // clusters  [n_samples], any numbers; equal numbers form a cluster
  // strata    [n_samples], any numbers; empty: one stratum. A stratum takes no part without two clusters of
  //           each group, as one cluster shows no variance; where none has them, one sample of each is
  //           enough, and there are no ends.
  ClusteredSamples(std::span<const std::uint8_t> labels, std::span<const std::uint32_t> clusters,
                   std::span<const std::uint32_t> strata = {});

  // Clusters with targets, and clusters with comparisons, in the strata that take part.
  [[nodiscard]] std::size_t n_target_clusters() const { return group_[1].n_clusters; }
  [[nodiscard]] std::size_t n_comparison_clusters() const { return group_[0].n_clusters; }

  // One area a column of x [n_samples, n_columns]. No value: no stratum has both groups, or a value that is
  // no number. The result does not depend on the number of threads.
  //   is_wanted  [n_columns], or empty: all; other columns have no value
  template <class T>
  [[nodiscard]] std::vector<ClusteredAuc> areas(MatrixView<const T> x,
                                                const std::vector<bool>& is_wanted = {}) const;

 private:
  struct Member {
    std::uint32_t row = 0, cluster = 0;  // cluster: 0 … n_clusters_ − 1
    std::uint8_t label = 0;
  };
  struct Stratum {
    std::vector<Member> members;
    double n[2] = {0, 0};                                 // samples by label
    std::vector<std::pair<std::uint32_t, double>> of[2];  // by label: clusters, and samples of each
    double weight = 0, relative_weight = 0;               // w_h, and as a multiple of that of the first
  };
  // By label, of all strata.
  struct Group {
    std::size_t n_clusters = 0;
    double effective = 0;  // clusters, by Kish
  };
  struct Scratch;

  void count_clusters();
  double sum_placements(const Stratum& stratum, const double* column, Scratch& scratch) const;
  ClusteredAuc column_area(const double* column, Scratch& scratch) const;

  std::vector<Stratum> strata_;
  bool has_ends_ = false;
  std::size_t n_clusters_ = 0;
  Group group_[2];
};

}  // namespace penfield::association
