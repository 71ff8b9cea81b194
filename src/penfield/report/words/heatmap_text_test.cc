#include "penfield/report/words/heatmap_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "penfield/report/words/synthetic_report_for_tests.h"

namespace penfield::report {
namespace {

constexpr UnitId kUnit{Site::kMlpPre, 0, 5};

// One window of discovery and one held out; the tokens' positions are counted from 0 in each.
store::Heatmaps make_heatmaps(const std::vector<std::string>& tokens, const std::vector<float>& values,
                              std::size_t n_discovery) {
  store::Heatmaps out;
  out.units = {kUnit};
  out.values = values;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    store::WindowToken token;
    token.split = t < n_discovery ? sample::Split::kDiscovery : sample::Split::kHeldOut;
    token.window = t < n_discovery ? 0 : 1;
    token.position = static_cast<std::uint32_t>(t < n_discovery ? t : t - n_discovery);
    token.token = tokens[t];
    out.tokens.push_back(token);
  }
  return out;
}

TEST(HeatText, ReadsAsRunningText) {
  const auto heatmaps = make_heatmaps({"The", "·cat", "··", "·", "·↵", "a", "⇥"}, {0, 1, 1, 1, 1, 1, 1}, 7);
  const HeatText text = make_heat_text(heatmaps, kUnit, sample::Split::kDiscovery);
  ASSERT_EQ(text.windows.size(), 1u);
  const auto& tokens = text.windows[0].tokens;
  EXPECT_FALSE(tokens[0].has_leading_space);
  EXPECT_TRUE(tokens[1].has_leading_space);
  EXPECT_EQ(tokens[1].text, "cat");
  EXPECT_FALSE(tokens[2].has_leading_space) << "two spaces are shown as two dots";
  EXPECT_EQ(tokens[2].text, "··");
  EXPECT_EQ(tokens[3].text, "·");
  EXPECT_TRUE(tokens[4].has_leading_space && tokens[4].ends_line);
  EXPECT_EQ(tokens[6].text, "⇥");
}

TEST(HeatText, PiecesOfACharacterAreJoined) {
  auto heatmaps = make_heatmaps({"x", "·東", "", ""}, {0, 1, -3, 2}, 4);  // mean 0, SD √7
  heatmaps.tokens[2].is_target = true;
  const HeatText text = make_heat_text(heatmaps, kUnit, sample::Split::kDiscovery);
  ASSERT_EQ(text.windows[0].tokens.size(), 2u);
  EXPECT_DOUBLE_EQ(text.windows[0].tokens[1].value, -3 / std::sqrt(7.0))
      << "the piece farthest from the mean";
  EXPECT_TRUE(text.windows[0].tokens[1].is_target);
  EXPECT_EQ(text.n_targets, 1u);
}

TEST(HeatText, BothSplitsShareOneLimitWithoutTheFirstToken) {
  const auto heatmaps = make_heatmaps({"a", "b", "c", "d", "e"}, {900, 1, -1, 800, 9}, 3);  // mean 3, SD √28
  const HeatText discovery = make_heat_text(heatmaps, kUnit, sample::Split::kDiscovery);
  const HeatText held_out = make_heat_text(heatmaps, kUnit, sample::Split::kHeldOut);
  EXPECT_NEAR(discovery.limit, 1.2, 1e-9) << "6/√28 = 1.134, rounded up to two digits";
  EXPECT_EQ(discovery.limit, held_out.limit);
  EXPECT_EQ(discovery.n_beyond, 1u);
}

TEST(HeatText, MissingUnitZerosAndNaN) {
  const auto zeros = make_heatmaps({"a", "b"}, {0, 0}, 2);
  EXPECT_EQ(make_heat_text(zeros, kUnit, sample::Split::kDiscovery).limit, 0);
  EXPECT_TRUE(make_heat_text(zeros, {Site::kAttnV, 1, 1}, sample::Split::kDiscovery).windows.empty());
  EXPECT_TRUE(make_heat_text(zeros, kUnit, sample::Split::kHeldOut).windows.empty());
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const HeatText gap = make_heat_text(make_heatmaps({"a", "b", "c", "d"}, {1, nan, 4, 2}, 4), kUnit,
                                      sample::Split::kDiscovery);
  EXPECT_DOUBLE_EQ(gap.mean, 3) << "values that are not finite are left out";
  EXPECT_TRUE(std::isnan(gap.windows[0].tokens[1].value));
}

TEST(HeatMark, CountsWholeSds) {
  EXPECT_EQ(heat_mark(-0.8), 0);
  EXPECT_EQ(heat_mark(1.2), 1);
  EXPECT_EQ(heat_mark(-2.4), -2);
  EXPECT_EQ(heat_mark(99), 3);
  EXPECT_EQ(heat_mark(std::numeric_limits<double>::quiet_NaN()), 0);
}

TEST(HeatText, AUnitThatIsNegativeNearlyEverywhereIsShownFromItsMean) {
  // As most units before GELU: no token above 0, one far above the rest.
  const auto heatmaps = make_heatmaps({"x", "a", "b", "c"}, {0, -3, -3, -1.5f}, 4);
  const HeatText text = make_heat_text(heatmaps, kUnit, sample::Split::kDiscovery);
  EXPECT_LT(text.windows[0].tokens[1].value, 0);
  EXPECT_GT(text.windows[0].tokens[3].value, 1);
}

TEST(HeatText, MeanAndSdAreThoseOfBothTextsWithoutFirstTokens) {
  const auto heatmaps = make_heatmaps({"a", "b", "c", "d", "e"}, {900, 1, 3, 800, 5}, 3);
  const HeatText text = make_heat_text(heatmaps, kUnit, sample::Split::kHeldOut);
  EXPECT_DOUBLE_EQ(text.mean, 3);
  EXPECT_DOUBLE_EQ(text.sd, 2);
}

}  // namespace
}  // namespace penfield::report
