#include "penfield/report/words/colour_scale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace penfield::report {
namespace {

constexpr Rgb kWhite = {0xff, 0xff, 0xff};

TEST(ColourScale, ZeroIsWhiteAndEndsAreBlueAndOrange) {
  EXPECT_EQ(heat_colour(0, 3), kWhite);
  EXPECT_EQ(heat_colour(std::numeric_limits<double>::quiet_NaN(), 3), kWhite);
  EXPECT_EQ(heat_colour(1, 0), kWhite);
  const Rgb plus = heat_colour(3, 3), minus = heat_colour(-3, 3);
  EXPECT_GT(plus.r, plus.b);
  EXPECT_GT(minus.b, minus.r);
  EXPECT_EQ(heat_colour(1e9, 3), plus) << "beyond the limit: the colour of the limit";
  EXPECT_EQ(heat_colour(-1e9, 3), minus);
}

TEST(ColourScale, TextReadsOnEveryColour) {
  for (int k = -1000; k <= 1000; ++k) {
    EXPECT_GE(contrast_ratio(kHeatInk, heat_colour(k, 1000)), 4.5) << k;
  }
}

TEST(ColourScale, DarkensEvenlyToBothSides) {
  for (int k = 1; k <= 100; ++k) {
    for (const int sign : {-1, 1}) {
      EXPECT_LT(contrast_ratio(kHeatInk, heat_colour(sign * k, 100)),
                contrast_ratio(kHeatInk, heat_colour(sign * (k - 1), 100)));
    }
    const double ratio = contrast_ratio(heat_colour(k, 100), heat_colour(-k, 100));
    EXPECT_LT(ratio, 1.35) << "neither sign looks stronger than the other";
  }
}

TEST(ColourScale, StepsCoverTheScale) {
  EXPECT_EQ(heat_step_colour(0), kWhite);
  EXPECT_EQ(heat_step_colour(kHeatSteps), heat_colour(1, 1));
  EXPECT_EQ(heat_step_colour(-kHeatSteps), heat_colour(-1, 1));
}

TEST(ColourScale, ContrastOfBlackAndWhite) {
  EXPECT_NEAR(contrast_ratio({0, 0, 0}, kWhite), 21, 1e-9);
  EXPECT_NEAR(contrast_ratio(kWhite, kWhite), 1, 1e-12);
}

}  // namespace
}  // namespace penfield::report
