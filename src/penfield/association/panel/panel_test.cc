// The kernels of a panel against their scalar twins, over lengths, types and every set of instructions of
// this machine.
#include "penfield/association/panel/panel.h"

#include <gtest/gtest.h>
#include <hwy/aligned_allocator.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/fit_scalar.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"

namespace penfield::association {
namespace {

// Runs `body` once for every set of instructions; fastest first.
template <class Body>
void for_each_target(const Body& body) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    body(target);
  }
  hwy::SetSupportedTargetsForTest(0);
}

// Relative to the value, or to a thousandth where an effect is as good as none.
double relative(double got, double want) {
  if (std::isnan(got) && std::isnan(want)) return 0;
  return std::fabs(got - want) / std::max(std::fabs(want), 1e-3);
}

template <class T>
struct OwnedPanel {
  hwy::AlignedFreeUniquePtr<T[]> data;
  PanelView<T> view;
  hwy::AlignedFreeUniquePtr<T[]> scratch;

  OwnedPanel(std::size_t n_target, std::size_t n_comparison)
      : data(hwy::AllocateAligned<T>((n_target + n_comparison + 1) * kPanelUnits)),
        view{data.get(), n_target, n_comparison},
        scratch(hwy::AllocateAligned<T>(panel_scratch_size(n_target + n_comparison))) {}

  void sort() { sort_panel(view, scratch.get()); }

  [[nodiscard]] std::vector<T> column(std::size_t c) const {
    std::vector<T> out;
    for (std::size_t i = 0; i < view.n(); ++i) out.push_back(data[i * kPanelUnits + c]);
    return out;
  }
};

template <class T>
class PanelTest : public testing::Test {};
using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(PanelTest, Types);

TYPED_TEST(PanelTest, GatherTakesRowsInOrderAndSeesWhatIsNoNumber) {
  using T = TypeParam;
  constexpr std::size_t kStride = 21;
  const std::vector<std::size_t> rows = {3, 0, 4, 1, 2};
  for_each_target([&](std::int64_t) {
    for (std::size_t width = 1; width <= kPanelUnits; ++width) {
      std::vector<T> x(5 * kStride);
      std::iota(x.begin(), x.end(), T{1});
      x[2 * kStride] = T{-0.0};
      const std::size_t bad_column = width - 1;
      x[4 * kStride + bad_column] = std::numeric_limits<T>::infinity();
      OwnedPanel<T> panel(2, 3);
      const std::uint32_t bad = gather_panel<T>(x.data(), kStride, width, rows, panel.view);
      EXPECT_EQ(bad, 1u << bad_column);
      for (std::size_t c = 0; c < kPanelUnits; ++c) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
          const T want = c >= width || c == bad_column ? T{0} : x[rows[i] * kStride + c];
          EXPECT_EQ(panel.data[i * kPanelUnits + c], want);
          EXPECT_FALSE(want == T{0} && std::signbit(panel.data[i * kPanelUnits + c]));
        }
      }
    }
  });
}

TYPED_TEST(PanelTest, SortsEveryLength) {
  using T = TypeParam;
  for_each_target([](std::int64_t) {
    Random random(1);
    for (std::size_t n = 0; n < 80; ++n) {
      OwnedPanel<T> panel(n, n / 2);
      for (std::size_t i = 0; i < panel.view.n() * kPanelUnits; ++i)
        panel.data[i] = static_cast<T>(i % 3 == 0 ? std::round(3 * simulated::normal(random))
                                                  : simulated::normal(random));
      std::vector<std::vector<T>> want;
      for (std::size_t c = 0; c < kPanelUnits; ++c) {
        want.push_back(panel.column(c));
        const auto border = want.back().begin() + static_cast<std::ptrdiff_t>(n);
        std::sort(want.back().begin(), border);
        std::sort(border, want.back().end());
      }
      panel.sort();
      for (std::size_t c = 0; c < kPanelUnits; ++c) EXPECT_EQ(panel.column(c), want[c]) << n;
    }
  });
}

// Values of all sizes, a third of zeros, whole numbers, and both zeros: Highway's sort of floats fails at
// some of these.
TYPED_TEST(PanelTest, SortsLongGroups) {
  using T = TypeParam;
  Random random(2);
  for (const std::size_t n_target : {1u, 300u, 8192u, 30001u}) {
    OwnedPanel<T> panel(n_target, 8193);
    for (std::size_t i = 0; i < panel.view.n() * kPanelUnits; ++i) {
      const double scale = std::pow(10.0, static_cast<double>(random.below(60)) - 30.0);
      const double normal = simulated::normal(random);
      const double values[] = {scale * normal, random.below(3) == 0 ? 0.0 : scale * normal,
                               std::round(3 * normal), std::max(0.0, normal)};
      panel.data[i] = static_cast<T>(random.below(9) == 0 ? -0.0 : values[i % kPanelUnits % 4]);
    }
    std::vector<std::vector<T>> want;
    for (std::size_t c = 0; c < kPanelUnits; ++c) {
      want.push_back(panel.column(c));
      const auto border = want.back().begin() + static_cast<std::ptrdiff_t>(n_target);
      std::sort(want.back().begin(), border);
      std::sort(border, want.back().end());
    }
    panel.sort();
    for (std::size_t c = 0; c < kPanelUnits; ++c)
      EXPECT_TRUE(panel.column(c) == want[c]) << n_target << " " << c;
  }
}

TYPED_TEST(PanelTest, PlacementsAreThoseOfTheScalarMerge) {
  using T = TypeParam;
  for_each_target([](std::int64_t) {
    Random random(5);
    for (const std::size_t n : {2u, 3u, 4u, 7u, 8u, 9u, 31u, 64u, 100u, 129u, 440u, 1025u, 8192u, 8193u}) {
      for (const std::size_t n_target : {std::size_t{1}, n / 2, n - 1}) {
        OwnedPanel<T> panel(n_target, n - n_target);
        for (std::size_t i = 0; i < n * kPanelUnits; ++i) {
          const double v = simulated::normal(random);
          panel.data[i] = static_cast<T>(i % 4 == 0 ? v : std::round(2 * v));
        }
        panel.sort();
        PanelArray<Called> called;
        for (std::size_t c = 0; c < kPanelUnits; ++c)
          called[c] = c % 5 == 0 ? Called::kNone : c % 2 == 0 ? Called::kAbove : Called::kBelow;
        const PanelArray<Placements> got = panel_placements(panel.view, called, panel.scratch.get());
        for (std::size_t c = 0; c < kPanelUnits; ++c) {
          const Placements want = merge_placements(panel.view.data + c, n_target, panel.view.comparison() + c,
                                                   n - n_target, kPanelUnits, called[c]);
          EXPECT_EQ(got[c].sums.target, want.sums.target) << n;
          EXPECT_EQ(got[c].sums.target_squared, want.sums.target_squared) << n;
          EXPECT_EQ(got[c].sums.comparison_squared, want.sums.comparison_squared) << n;
          EXPECT_EQ(got[c].pooled.ties, want.pooled.ties) << n;
          EXPECT_EQ(got[c].pooled.lower_quartile, want.pooled.lower_quartile) << n;
          EXPECT_EQ(got[c].pooled.upper_quartile, want.pooled.upper_quartile) << n;
          EXPECT_EQ(got[c].cut.gain, want.cut.gain) << n;
          EXPECT_EQ(relative(got[c].cut.below, want.cut.below), 0) << n;
          EXPECT_EQ(relative(got[c].cut.above, want.cut.above), 0) << n;
        }
      }
    }
  });
}

TYPED_TEST(PanelTest, MomentsOfColumnsNearAndFarFromZero) {
  using T = TypeParam;
  for (const std::size_t n : {4u, 5u, 31u, 440u}) {
    const auto labels = simulated::labels(n, n / 2, 3);
    const auto x = simulated::activations<T>(labels, kPanelUnits, 2.0, 4);
    OwnedPanel<T> panel(n / 2, n - n / 2);
    std::vector<std::size_t> rows;
    for (const std::uint8_t wanted : {1, 0}) {
      for (std::size_t i = 0; i < n; ++i) {
        if (labels[i] == wanted) rows.push_back(i);
      }
    }
    EXPECT_EQ(gather_panel<T>(x.data(), kPanelUnits, kPanelUnits, rows, panel.view), 0u);
    panel.sort();
    for_each_target([&](std::int64_t) {
      const PanelArray<ColumnMoments> got = panel_moments(panel.view);
      for (std::size_t c = 0; c < kPanelUnits; ++c) {
        const std::vector<T> column = panel.column(c);
        const ColumnMoments want = column_moments(std::vector<double>(column.begin(), column.end()), n / 2);
        EXPECT_NEAR(got[c].difference() / want.sd(), want.difference() / want.sd(), 1e-13);
        EXPECT_NEAR(got[c].target.ss, want.target.ss, 1e-13 * want.ss());
        EXPECT_NEAR(got[c].comparison.ss, want.comparison.ss, 1e-13 * want.ss());
        EXPECT_EQ(got[c].target.min, want.target.min);
        EXPECT_EQ(got[c].comparison.max, want.comparison.max);
      }
    });
  }
}

// Whole columns through the engine and by the plain road.
template <class T>
void expect_twins_agree(std::size_t n, std::size_t n_target, double max_d) {
  constexpr std::size_t kUnits = 50;
  const auto labels = simulated::labels(n, n_target, n);
  const auto x = simulated::activations<T>(labels, kUnits, max_d, n + 1);
  const FitTable table = fit_columns(MatrixView<const T>(x.data(), n, kUnits), labels);
  ScalarScratch scratch;
  for (std::size_t unit = 0; unit < kUnits; ++unit) {
    std::vector<double> column;
    for (const std::uint8_t wanted : {1, 0}) {
      for (std::size_t i = 0; i < n; ++i) {
        if (labels[i] == wanted) column.push_back(static_cast<double>(x[i * kUnits + unit]));
      }
    }
    const UnitFit want = fit_column_scalar(column, n_target, scratch);
    const UnitFit& got = table.rows[unit];
    EXPECT_EQ(got.status, want.status);
    EXPECT_LT(relative(got.beta_sd, want.beta_sd), 1e-9);
    EXPECT_LT(relative(got.alpha, want.alpha), 1e-9);
    EXPECT_LT(relative(got.se / want.se, std::isnan(want.se) ? want.se : 1.0), 1e-9);
    EXPECT_LT(relative(got.lrt_chi2, want.lrt_chi2), 1e-9);
    EXPECT_LT(relative(got.neglog10_p_lrt, want.neglog10_p_lrt), 1e-9);
    EXPECT_LT(relative(got.neglog10_p_wald, want.neglog10_p_wald), 1e-9);
    EXPECT_LT(relative(got.neglog10_p_score, want.neglog10_p_score), 1e-9);
    EXPECT_LT(relative(got.neglog10_p_welch, want.neglog10_p_welch), 1e-9);
    EXPECT_LT(relative(got.cohen_d, want.cohen_d), 1e-10);
    EXPECT_EQ(got.auc, want.auc);
    EXPECT_EQ(got.auc_lo, want.auc_lo);
    EXPECT_EQ(got.auc_hi, want.auc_hi);
    EXPECT_EQ(relative(got.neglog10_p_rank, want.neglog10_p_rank), 0);
    EXPECT_EQ(got.iqr, want.iqr);
    EXPECT_LT(relative(got.beta_robust_sd, want.beta_robust_sd), 1e-9);
    EXPECT_EQ(has_note(got.note, FitNote::kOutlier), has_note(want.note, FitNote::kOutlier));
    if (std::fabs(want.beta_sd) < 1e-12) continue;  // which side is called, is chance
    EXPECT_EQ(got.threshold, want.threshold);
    EXPECT_EQ(got.youden_j, want.youden_j);
  }
}

TYPED_TEST(PanelTest, EngineAgreesWithItsScalarTwin) {
  for_each_target([](std::int64_t) {
    for (std::size_t n = 4; n < 40; ++n) expect_twins_agree<TypeParam>(n, 2 + (n - 4) / 2, 1.5);
    for (const double max_d : {0.0, 0.5, 2.0, 5.0}) expect_twins_agree<TypeParam>(150, 70, max_d);
    expect_twins_agree<TypeParam>(440, 20, 1.0);
  });
  expect_twins_agree<TypeParam>(3001, 1000, 1.0);
}

// Sums run over samples within a lane, so the width of the vectors plays no part; only fused multiply-add
// does.
TEST(Panel, TargetsThatFuseMultiplyAddGiveTheSameBytes) {
  const auto labels = simulated::labels(150, 70, 1);
  const auto x = simulated::activations<float>(labels, 301, 2.0, 2);
  std::vector<FitTable> tables;
  for_each_target([&](std::int64_t target) {
    if (target > HWY_AVX2) return;  // fewer bits: better instructions
    tables.push_back(fit_columns(MatrixView<const float>(x.data(), 150, 301), labels));
  });
  for (std::size_t i = 1; i < tables.size(); ++i) {
    for (std::size_t unit = 0; unit < 301; ++unit) {
      const UnitFit& a = tables[0].rows[unit];
      const UnitFit& b = tables[i].rows[unit];
      EXPECT_EQ(a.status, b.status);
      EXPECT_EQ(a.beta, b.beta);
      EXPECT_EQ(a.alpha, b.alpha);
      EXPECT_EQ(a.sd, b.sd);
      EXPECT_EQ(a.lrt_chi2, b.lrt_chi2);
      EXPECT_TRUE(a.se == b.se || (std::isnan(a.se) && std::isnan(b.se)));
    }
  }
}

}  // namespace
}  // namespace penfield::association
