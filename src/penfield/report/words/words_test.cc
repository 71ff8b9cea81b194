#include "penfield/report/words/words.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace penfield::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

TEST(Words, Counts) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(98304), "98,304");
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(counted(1, "unit"), "1 unit");
  EXPECT_EQ(counted(0, "unit"), "0 units");
}

TEST(Words, FixedNumbers) {
  EXPECT_EQ(fixed_text(1.005, 2), "1.00");
  EXPECT_EQ(fixed_text(-2.5, 1), "−2.5");
  EXPECT_EQ(fixed_text(-0.001, 2), "0.00");
  EXPECT_EQ(fixed_text(123456, 1), "1.23×10⁵");
  EXPECT_EQ(fixed_text(kNaN, 1), "NA");
  EXPECT_EQ(fixed_text(-kInf, 1), "−∞");
  EXPECT_EQ(cell_text(kNaN, 1), "–");
  EXPECT_EQ(cell_text(0.5, 1), "0.5");
  EXPECT_EQ(signed_text(2.5, 1), "+2.5");
  EXPECT_EQ(signed_text(0.001, 2), "0.00");
}

TEST(Words, SignificantNumbers) {
  EXPECT_EQ(significant_text(0.05, 1), "0.05");
  EXPECT_EQ(significant_text(12.345, 3), "12.3");
  EXPECT_EQ(significant_text(-0.0012345, 3), "−0.00123");
  EXPECT_EQ(significant_text(4.1e7, 2), "4.1×10⁷");
  EXPECT_EQ(significant_text(3.2e-9, 2), "3.2×10⁻⁹");
  EXPECT_EQ(significant_text(0, 2), "0");
  EXPECT_EQ(significant_text(-1004.7, 3), "−1,005");
}

TEST(Words, ProbabilitiesOfAnySize) {
  EXPECT_EQ(p_text(0), "1.00");
  EXPECT_EQ(p_text(-std::log10(0.5)), "0.50");
  EXPECT_EQ(p_text(-std::log10(0.0312)), "0.0312");
  EXPECT_EQ(p_text(-std::log10(3.2e-15)), "3.2×10⁻¹⁵");
  EXPECT_EQ(p_text(100000.5), "3.2×10⁻¹⁰⁰⁰⁰¹") << "far below the smallest double";
  EXPECT_EQ(p_text(5), "1.0×10⁻⁵");
  EXPECT_EQ(p_text(4.99999), "1.0×10⁻⁵");
  EXPECT_EQ(p_equation(kNaN), "p not available");
}

TEST(Words, DigitsAreCountedAfterRounding) {
  EXPECT_EQ(significant_text(0.0099999, 3), "0.0100");
  EXPECT_EQ(significant_text(999.7, 3), "1,000");
  EXPECT_EQ(significant_text(99'999.6, 5), "1.0000×10⁵");
}

TEST(Words, SharesAndIntervals) {
  EXPECT_EQ(percent_text(0.88), "88%");
  EXPECT_EQ(percent_text(0.996), "99.6%") << "not all";
  EXPECT_EQ(percent_text(1), "100%");
  EXPECT_EQ(percent_text(0.004), "0.4%") << "not none";
  EXPECT_EQ(interval_text(0.9, 0.96, 2), "[0.90, 0.96]");
  EXPECT_EQ(interval_text(kNaN, 0.96, 2), "");
}

TEST(Words, EquationsHoldTogether) {
  EXPECT_EQ(keep_equations_whole("so p = 0.1 and q"), "so p\u00a0=\u00a00.1 and q");
  EXPECT_EQ(keep_equations_whole("p < 0.05 / 12"), "p\u00a0<\u00a00.05\u00a0/\u00a012");
}

}  // namespace
}  // namespace penfield::report
