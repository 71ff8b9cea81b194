#include "penfield/report/figures/axes.h"

#include <gtest/gtest.h>

#include <cmath>

namespace penfield::report {
namespace {

std::string labels(const std::vector<Tick>& ticks) {
  std::string out;
  for (const Tick& tick : ticks) out += (out.empty() ? "" : " ") + tick.label;
  return out;
}

TEST(RoundTicks, AreRoundAndInside) {
  EXPECT_EQ(labels(round_ticks(0, 10, 5)), "0 2 4 6 8 10");
  EXPECT_EQ(labels(round_ticks(-1.3, 2.2, 4)), "−1 0 1 2");
  EXPECT_EQ(labels(round_ticks(0, 0.31, 4)), "0.0 0.1 0.2 0.3");
  EXPECT_EQ(labels(round_ticks(-0.006, 0.013, 4)), "−0.005 0.000 0.005 0.010");
  EXPECT_EQ(labels(round_ticks(0, 4095, 5)), "0 1,000 2,000 3,000 4,000");
  EXPECT_EQ(labels(round_ticks(-2000, 2000, 4)), "−2,000 −1,000 0 1,000 2,000");
  EXPECT_EQ(labels(round_ticks(3, 3, 4)), "");
}

TEST(RoundTicks, StayFewAtAnyScale) {
  for (const double hi : {1e-9, 3e-4, 0.7, 1.0, 42.0, 9999.0, 1e5, 1e300}) {
    const auto ticks = round_ticks(0, hi, 6);
    EXPECT_GE(ticks.size(), 2u) << hi;
    EXPECT_LE(ticks.size(), 8u) << hi;
    EXPECT_LE(ticks.back().at, hi * (1 + 1e-9));
  }
}

TEST(WithMargin, IsNeverEmpty) {
  EXPECT_EQ(with_margin(0, 10, 0.1), std::make_pair(-1.0, 11.0));
  EXPECT_EQ(with_margin(5, 5, 0.1), std::make_pair(4.0, 6.0));
}

TEST(Scale, MapsBothEnds) {
  const Scale scale{.lo = -1, .hi = 1, .from = 100, .to = 0};
  EXPECT_EQ(scale(-1), 100);
  EXPECT_EQ(scale(0), 50);
  EXPECT_EQ(scale(1), 0);
}

TEST(RootTicks, StandAtTheRootsOfRoundNumbers) {
  std::vector<std::string> labels;
  for (const Tick& tick : root_ticks(300, 200, 18)) {
    labels.push_back(tick.label);
    EXPECT_LE(tick.at, std::sqrt(300));
  }
  EXPECT_EQ(labels, (std::vector<std::string>{"0", "5", "20", "50", "100", "200"}));
  EXPECT_EQ(root_ticks(0.05, 200, 18).size(), 1u);
}

}  // namespace
}  // namespace penfield::report
