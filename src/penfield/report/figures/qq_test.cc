// χ² and λ against values of R's qchisq(p, 1, lower.tail = FALSE).
#include <gtest/gtest.h>

#include <cmath>

#include "penfield/report/figures/kinds.h"
#include "penfield/report/words/synthetic_report_for_tests.h"

namespace penfield::report {
namespace {

TEST(Chi2Of, KnownQuantiles) {
  EXPECT_EQ(chi2_of(0), 0);
  EXPECT_NEAR(chi2_of(-std::log10(0.5)), 0.454936423119572, 1e-12);
  EXPECT_NEAR(chi2_of(-std::log10(0.05)), 3.84145882069412, 1e-12);
  EXPECT_TRUE(std::isnan(chi2_of(association::UnitFit::kNone)));
}

TEST(Chi2Of, ContinuesWhereDoublesEnd) {
  // The exact quantile and the tail's expansion meet at 290.
  const double below = chi2_of(289.999), above = chi2_of(290.001);
  EXPECT_NEAR((above - below) / 0.002, 2 * std::log(10.0), 0.02);
  EXPECT_GT(chi2_of(1e5), 4.6e5);
  EXPECT_LT(chi2_of(1e5), 2e5 * std::log(10.0));
}

TEST(Inflation, IsOneForUniformP) {
  std::vector<double> uniform;
  uniform.reserve(9999);
  for (int i = 0; i < 9999; ++i) uniform.push_back(-std::log10((i + 0.5) / 9999));
  EXPECT_NEAR(inflation(uniform), 1, 1e-3);
  for (double& value : uniform) value *= 3;
  EXPECT_GT(inflation(uniform), 3);
  EXPECT_TRUE(std::isnan(inflation({})));
}

// The dashed outlines of an SVG, in which cairo writes what is drawn as paths.
std::size_t n_dashed(const ReportData& data, const FigureOptions& options) {
  const std::string svg = draw_figure(data, Figure::kQq, FigureFormat::kSvg, options).value();
  std::size_t n = 0;
  for (std::size_t at = 0; (at = svg.find("stroke-dasharray", at)) != std::string::npos; ++at) ++n;
  return n;
}

TEST(PermutedBands, AreDrawnForTheUnitsThatWerePermuted) {
  ReportData data = make_synthetic_report();
  const std::vector<permutation::RankBand> bands = {{.rank = 1, .lo = 2, .median = 3, .hi = 5},
                                                    {.rank = 512, .lo = 0.001, .median = 0.01, .hi = 0.1}};
  const std::vector<findings::FamilyThreshold> by_layer = data.run.families;
  ASSERT_EQ(by_layer.size(), 6u);
  EXPECT_EQ(n_dashed(data, {}) + n_dashed(data, {.layer = 2}), 0u);
  data.run.families[2].permutation.rank_bands = bands;
  EXPECT_EQ(n_dashed(data, {}), 0u);
  EXPECT_EQ(n_dashed(data, {.layer = 1}), 0u);
  EXPECT_EQ(n_dashed(data, {.layer = 2}), 1u);
  EXPECT_EQ(permuted_bands(data, {.layer = 2}).size(), 2u);
  data.run.families = {{.name = "model"}};
  data.run.families[0].permutation.rank_bands = bands;
  EXPECT_EQ(n_dashed(data, {}), 1u);
  EXPECT_EQ(n_dashed(data, {.layer = 2}), 0u);
}

}  // namespace
}  // namespace penfield::report
