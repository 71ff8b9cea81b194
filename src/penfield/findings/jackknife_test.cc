#include "penfield/findings/jackknife.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace penfield::findings {
namespace {

TEST(Jackknife, IsThatOfTheGroups) {
  std::vector<double> without;
  for (int g = 0; g < 20; ++g) without.push_back(0.7 + (g % 2 == 0 ? 0.01 : -0.01));
  const Share share = jackknife_share(140, 200, without);
  EXPECT_DOUBLE_EQ(share.share, 0.7);
  // SE = sqrt(19/20·20·.01²) = .04359; t(.975, 19) = 2.093024; on the logit scale logit(.7) ± t·SE/.21.
  EXPECT_NEAR(share.lo, 1 / (1 + std::exp(-(std::log(0.7 / 0.3) - 2.093024054 * 0.0435889894 / 0.21))), 1e-8);
  EXPECT_NEAR(share.hi, 1 / (1 + std::exp(-(std::log(0.7 / 0.3) + 2.093024054 * 0.0435889894 / 0.21))), 1e-8);
}

TEST(Jackknife, AllOrNoneOfTheUnitsHaveAnIntervalToo) {
  std::vector<double> without(20, 0.95);
  without[3] = 0.93;
  const Share all = jackknife_share(50, 50, without);
  EXPECT_EQ(all.share, 1);
  EXPECT_EQ(all.hi, 1);
  EXPECT_LT(all.lo, 0.99);
  const Share none = jackknife_share(0, 50, std::vector<double>(20, 0.01));
  EXPECT_EQ(none.lo, 0);
  EXPECT_NEAR(none.hi, 0.01, 1e-12);
}

TEST(Jackknife, FewGroupsAndNoUnitsHaveNoEnds) {
  EXPECT_TRUE(std::isnan(jackknife_share(1, 2, std::vector<double>(9, 0.5)).lo));
  EXPECT_EQ(jackknife_share(1, 2, std::vector<double>(9, 0.5)).share, 0.5);
  EXPECT_TRUE(std::isnan(jackknife_share(0, 0, std::vector<double>(20, 0.5)).share));
}

TEST(Jackknife, AUnitAtTheBorderCountsHalf) {
  EXPECT_DOUBLE_EQ(smooth_step(4, 4), 0.5);
  EXPECT_NEAR(smooth_step(4.979981992270027, 4), 0.975, 1e-12);
  EXPECT_NEAR(smooth_step(-30, 4), 0, 1e-12);
}

}  // namespace
}  // namespace penfield::findings
