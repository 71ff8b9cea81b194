#include "penfield/study/reported_units.h"

#include <gtest/gtest.h>

namespace penfield::study {
namespace {

findings::Finding finding(std::uint32_t index, int direction, double neglog10_p, bool significant) {
  findings::Finding out;
  out.unit = {Site::kMlpPre, 0, index};
  out.direction = direction;
  out.neglog10_p = neglog10_p;
  out.significant = significant;
  return out;
}

std::vector<std::uint32_t> indices(const std::vector<UnitId>& units) {
  std::vector<std::uint32_t> out;
  out.reserve(units.size());
  for (const UnitId& unit : units) out.push_back(unit.index);
  return out;
}

TEST(ReportedUnits, BothDirectionsStrongestFirst) {
  std::vector<findings::Finding> units;
  for (std::uint32_t i = 0; i < 10; ++i) units.push_back(finding(i, i % 2 == 0 ? 1 : -1, 10.0 + i, true));
  EXPECT_EQ(indices(choose_reported_units(units, 4)), (std::vector<std::uint32_t>{9, 8, 7, 6}));
}

TEST(ReportedUnits, FillsUpFromTheOtherDirectionAndSkipsUnitsWithoutP) {
  std::vector<findings::Finding> units;
  for (std::uint32_t i = 0; i < 6; ++i) units.push_back(finding(i, 1, i, false));
  units.push_back(finding(6, -1, 1, false));
  units.push_back(finding(7, 0, association::UnitFit::kNone, false));
  units.push_back(finding(8, 1, 0.5, true));
  EXPECT_EQ(indices(choose_reported_units(units, 5)), (std::vector<std::uint32_t>{8, 5, 4, 3, 6}));
  EXPECT_TRUE(choose_reported_units({}, 5).empty());
}

TEST(ReportedUnits, TheUnitOfTheHeadlineIsAmongThem) {
  std::vector<findings::Finding> units;
  for (std::uint32_t i = 0; i < 10; ++i) units.push_back(finding(i, 1, 10.0 + i, true));
  for (const std::uint32_t index : {1, 3}) {
    units[index].effect = findings::Effect::kModerate;
    units[index].held_out.unseen_auc_words_lo = 0.9 - 0.01 * index;
    units[index].held_out.unseen_auc_words_hi = 0.95;
  }
  EXPECT_EQ(indices(choose_reported_units(units, 4)), (std::vector<std::uint32_t>{9, 8, 7, 1}));
  EXPECT_EQ(indices(choose_reported_units(units, 9)),
            (std::vector<std::uint32_t>{9, 8, 7, 6, 5, 4, 3, 2, 1}));
  EXPECT_TRUE(choose_reported_units(units, 0).empty());
}

}  // namespace
}  // namespace penfield::study
