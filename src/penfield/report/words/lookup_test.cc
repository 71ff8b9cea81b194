#include "penfield/report/words/lookup.h"

#include <gtest/gtest.h>

#include <cmath>

#include "penfield/report/words/synthetic_report_for_tests.h"

namespace penfield::report {
namespace {

findings::Finding with_p(std::uint32_t layer, std::uint32_t index, double neglog10_p, int direction = 1) {
  findings::Finding out;
  out.unit = {Site::kMlpPre, layer, index};
  out.neglog10_p = neglog10_p;
  out.direction = direction;
  return out;
}

TEST(TopUnits, RanksByPThenByName) {
  ReportData data;
  data.units = {with_p(0, 0, 3), with_p(0, 1, association::UnitFit::kNone), with_p(1, 0, 7), with_p(1, 1, 3)};
  const auto top = top_units(data, 10);
  ASSERT_EQ(top.size(), 4u);
  EXPECT_EQ(to_string(top[0]->unit), "L1.0");
  EXPECT_EQ(to_string(top[1]->unit), "L0.0") << "ties in the order of the table";
  EXPECT_EQ(to_string(top[2]->unit), "L1.1");
  EXPECT_EQ(to_string(top[3]->unit), "L0.1") << "no p comes last";
  EXPECT_EQ(top_units(data, 10, 1).size(), 2u);
  EXPECT_EQ(top_units(data, 1).size(), 1u);
  EXPECT_TRUE(top_units(ReportData{}, 3).empty());
}

TEST(BestOfDirection, LooksAtOneSign) {
  ReportData data;
  data.units = {with_p(0, 0, 9, 1), with_p(0, 1, 5, -1), with_p(0, 2, association::UnitFit::kNone, -1)};
  EXPECT_EQ(best_of_direction(data, -1)->unit.index, 1u);
  EXPECT_EQ(best_of_direction(data, 0), nullptr);
}

TEST(ThresholdOf, FindsTheFamily) {
  ReportData data;
  data.run.families = {{"L0", 10, 2.0}, {"L1", 10, 3.0}, {"L1.attn.q", 4, 4.0}};
  EXPECT_EQ(threshold_of(data, Site::kMlpPre, 1), 3.0);
  EXPECT_EQ(threshold_of(data, Site::kMlpPre, 0), 2.0);
  EXPECT_EQ(threshold_of(data, Site::kAttnQ, 1), 4.0);
  EXPECT_TRUE(std::isnan(threshold_of(data, Site::kMlpPre, 7)));
  data.run.family = findings::Family::kModel;
  data.run.families = {{"model", 24, 5.0}};
  EXPECT_EQ(threshold_of(data, Site::kMlpPre, 7), 5.0);
}

TEST(Counts, AgreeWithTheLayers) {
  const ReportData data = make_synthetic_report();
  std::uint64_t positive = 0, replicated_negative = 0;
  for (const findings::LayerSummary& layer : data.run.layer_summaries) {
    positive += layer.n_significant_positive;
    replicated_negative += layer.n_replicated_negative;
  }
  EXPECT_EQ(count_significant(data).positive, positive);
  EXPECT_EQ(count_significant(data).total(), data.run.n_significant);
  EXPECT_EQ(count_replicated(data).negative, replicated_negative);
}

TEST(HeatmapValues, AreTheUnitsRow) {
  const ReportData data = make_synthetic_report();
  const std::size_t n = data.heatmaps.tokens.size();
  const auto row = heatmap_values(data.heatmaps, data.heatmaps.units[2]);
  ASSERT_EQ(row.size(), n);
  EXPECT_EQ(row.data(), data.heatmaps.values.data() + 2 * n);
  EXPECT_TRUE(heatmap_values(data.heatmaps, {Site::kAttnQ, 0, 0}).empty());
  EXPECT_EQ(find_unit(data, {Site::kAttnQ, 0, 0}), nullptr);
}

}  // namespace
}  // namespace penfield::report
