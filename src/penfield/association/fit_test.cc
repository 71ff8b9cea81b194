#include "penfield/association/fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace penfield::association {
namespace {

UnitFit fit_one(const std::vector<double>& x, const std::vector<std::uint8_t>& y) {
  return fit_columns(MatrixView<const double>(x.data(), x.size(), 1), y).rows.at(0);
}

// logistf's values for these six and eight points.
TEST(FitColumns, SeparatedGivesFirth) {
  const UnitFit fit = fit_one({-3, -2, -1, 1, 2, 3}, {0, 0, 0, 1, 1, 1});
  EXPECT_EQ(fit.status, FitStatus::kSeparated);
  EXPECT_NEAR(fit.beta, 0.9384164886, 5e-11);
  EXPECT_NEAR(fit.lrt_chi2, 4.3699982, 5e-8);
  EXPECT_TRUE(std::isnan(fit.se) && std::isnan(fit.z) && std::isnan(fit.neglog10_p_wald));
  EXPECT_GT(fit.score_chi2, 0);
  EXPECT_EQ(fit.auc, 1.0);
}

TEST(FitColumns, GroupsThatTouchAreQuasiSeparated) {
  const UnitFit fit = fit_one({-3, -2, -1, 0, 0, 1, 2, 3}, {0, 0, 0, 0, 1, 1, 1, 1});
  EXPECT_EQ(fit.status, FitStatus::kQuasiSeparated);
  EXPECT_NEAR(fit.beta, 1.050074840, 5e-10);
  EXPECT_NEAR(fit.lrt_chi2, 4.6210053, 5e-8);
  EXPECT_TRUE(std::isnan(fit.se) && std::isnan(fit.z) && std::isnan(fit.neglog10_p_wald));
}

}  // namespace
}  // namespace penfield::association
