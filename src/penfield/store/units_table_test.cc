#include "penfield/store/units_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "penfield/store/run_json.h"
#include "penfield/store/small_result_for_tests.h"

namespace penfield::store {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(UnitsTable, HasTheContractsColumnsFirst) {
  EXPECT_THAT(
      units_header(UnitColumns::kScan),
      StartsWith(
          "unit\tsite\tlayer\tneuron\tstatus\tn_target\tn_comparison\tmean_target\tmean_"
          "comparison\tsd\tbeta\tse\tz\t"
          "neglog10_p_wald\tlrt_chi2\tneglog10_p_lrt\tbeta_sd\tcohen_d\tauc\tauc_lo\tauc_hi\tt_"
          "welch\tneglog10_p_"
          "welch\t"
          "neglog10_p_adj\tsignificant\tdirection\theld_out_n_target\theld_out_n_comparison\theld_out_beta\t"
          "held_out_neglog10_p\theld_out_auc\theld_out_auc_lo\theld_out_auc_hi\treplicated\t"
          "intercept\tscore_chi2\tneglog10_p_score\tcohen_d_lo\tcohen_d_hi\tdf_welch\tneglog10_p\t"));
  EXPECT_THAT(
      units_header(UnitColumns::kAssociate),
      StartsWith("unit\tsite\tlayer\tneuron\tstatus\tn_target\tn_comparison\tmean_target\tmean_"
                 "comparison\tsd\tbeta\tse\tz\t"
                 "neglog10_p_wald\tlrt_chi2\tneglog10_p_lrt\tbeta_sd\tcohen_d\tauc\tauc_lo\tauc_hi\tt_"
                 "welch\tneglog10_p_"
                 "welch\t"
                 "neglog10_p_adj\tsignificant\tdirection\t"
                 "intercept\tscore_chi2\tneglog10_p_score\tcohen_d_lo\tcohen_d_hi\tdf_welch\tneglog10_p\t"));
}

TEST(UnitsTable, EveryFieldComesBack) {
  const auto units = make_units();
  const auto read =
      parse_units(format_units(units, UnitColumns::kScan, false), "units.tsv", UnitColumns::kScan);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), units.size());
  for (std::size_t i = 0; i < units.size(); ++i) EXPECT_EQ(first_difference(units[i], (*read)[i]), "") << i;
}

// The columns hold every member: a unit that is read back must not depend on anything that is not in the
// file.
TEST(UnitsTable, EveryMemberHasAColumn) {
  std::size_t n_fit_bytes = 2 * sizeof(double);  // the status and the note, with what pads them
  std::size_t n_held_out_bytes = 0;
  for (const UnitColumn& column : unit_columns(UnitColumns::kScan)) {
    const auto is = [&]<class Member>() { return std::holds_alternative<Member>(column.member); };
    if (is.operator()<double association::UnitFit::*>()) n_fit_bytes += sizeof(double);
    if (is.operator()<double findings::HeldOut::*>() || is.operator()<std::uint64_t findings::HeldOut::*>() ||
        is.operator()<double association::Prediction::*>())
      n_held_out_bytes += sizeof(double);
  }
  EXPECT_EQ(sizeof(association::UnitFit), n_fit_bytes) << "a new member of UnitFit needs a column";
  EXPECT_EQ(sizeof(findings::HeldOut), n_held_out_bytes) << "a new member of HeldOut needs a column";
}

TEST(UnitsTable, WritesWordsAndShortestNumbers) {
  findings::Finding unit;
  unit.unit = {Site::kAttnQ, 18, 77};
  unit.fit.status = association::FitStatus::kQuasiSeparated;
  unit.n_target = 219;
  unit.fit.beta = -0.1;
  unit.direction = -1;
  unit.significant = true;
  std::string row;
  append_unit_row(row, unit, UnitColumns::kAssociate);
  EXPECT_THAT(row, StartsWith("L18.attn.q.77\tattn.q\t18\t77\tquasi_separated\t219\t0\t\t\t\t-0.1\t\t"));
  EXPECT_THAT(row, HasSubstr("\t\t1\t-\t\t"));
  EXPECT_EQ(row.back(), '\n');
}

TEST(UnitsTable, OfAssociateHasNoHeldOutColumns) {
  auto units = make_units();
  for (findings::Finding& unit : units) {
    unit.held_out = {};
    unit.replicated = false;
    unit.stability = unit.selectivity = unit.p_selectivity = unit.neglog10_p_words =
        unit.neglog10_p_document = association::UnitFit::kNone;
    unit.replicated_words = {};
    unit.effect = {};
    unit.specific = {};
    unit.ladder = {};
    unit.unit.site = Site::kColumn;
  }
  units.resize(3);
  const auto read =
      parse_units(format_units(units, UnitColumns::kAssociate, false), "t.tsv", UnitColumns::kAssociate);
  ASSERT_TRUE(read) << read.error().message;
  for (std::size_t i = 0; i < units.size(); ++i) EXPECT_EQ(first_difference(units[i], (*read)[i]), "") << i;
  EXPECT_FALSE(parse_units(format_units(units, UnitColumns::kAssociate, false), "t.tsv", UnitColumns::kScan)
                   .has_value());
}

TEST(UnitsTable, JsonIsAnObjectWithNullForNoValue) {
  const auto units = make_units();
  const auto document = nlohmann::json::parse(format_units(units, UnitColumns::kScan, true));
  EXPECT_EQ(document.at("schema_version"), kSchemaVersion);
  const auto& array = document.at("units");
  ASSERT_EQ(array.size(), units.size());
  for (std::size_t i = 0; i < units.size(); ++i) {
    EXPECT_EQ(array[i]["site"], site_name(units[i].unit.site));
    EXPECT_EQ(array[i]["significant"], units[i].significant ? 1 : 0);
    EXPECT_EQ(array[i].size(), unit_columns(UnitColumns::kScan).size());
    if (std::isfinite(units[i].fit.beta)) {
      EXPECT_EQ(array[i]["beta"].get<double>(), units[i].fit.beta);
    } else {
      EXPECT_TRUE(array[i]["beta"].is_null());
    }
  }
  EXPECT_EQ(nlohmann::json::parse(format_units({}, UnitColumns::kScan, true)).at("units").size(), 0u);
}

class BrokenUnits : public testing::Test {
 protected:
  BrokenUnits() : good_(format_units(make_units(), UnitColumns::kScan, false)) {}
  static std::string refusal(const std::string& bytes) {
    const auto units = parse_units(bytes, "r/units.tsv", UnitColumns::kScan);
    if (units) return "accepted";
    EXPECT_EQ(units.error().kind, ErrorKind::kBadInput);
    EXPECT_THAT(units.error().message, Not(HasSubstr("\n")));
    return units.error().message;
  }
  // The good table with field `column` of the third line replaced.
  std::string with_field(std::size_t column, std::string_view text) const {
    std::size_t at = good_.find('\n', good_.find('\n') + 1) + 1;
    for (std::size_t i = 0; i < column; ++i) at = good_.find('\t', at) + 1;
    return good_.substr(0, at) + std::string(text) + good_.substr(good_.find_first_of("\t\n", at));
  }
  std::string good_;
};

TEST_F(BrokenUnits, AreRefusedWithFileLineAndColumn) {
  EXPECT_EQ(refusal(good_), "accepted");
  EXPECT_EQ(refusal(with_field(2, "0")), "accepted");
  const struct {
    std::size_t column;
    const char* text;
    const char* expected;
  } faults[] = {{0, "L0.9", "the row of L0.1 is named 'L0.9'"},
                {1, "mlp", "column site: 'mlp' is not a site"},
                {2, "-1", "column layer: '-1' is not a whole number"},
                {2, "4294967296", "too large"},
                {3, "1.0", "column neuron"},
                {4, "fine", "column status: 'fine' is not a status"},
                {5, "NA", "column n_target"},
                {7, "NA", "column mean_target: 'NA' is not a number"},
                {10, "0x1p3", "column beta"},
                {10, "nan", "column beta"},
                {24, "2", "column significant: '2' is not 0 or 1"},
                {25, "x", "column direction: 'x' is not +, - or 0"},
                {33, "true", "column replicated"},
                {40, "1e", "column neglog10_p"},
                {10, "1\t2", " fields where the header has "}};
  for (const auto& fault : faults) {
    EXPECT_THAT(refusal(with_field(fault.column, fault.text)),
                testing::AllOf(StartsWith("r/units.tsv:3: "), HasSubstr(fault.expected)))
        << fault.text;
  }
}

TEST_F(BrokenUnits, AreRefusedWhereverTheFileEnds) {
  const std::size_t second_row = good_.find('\n', good_.find('\n') + 1) + 1;
  for (std::size_t size = 0; size < second_row + 40; ++size) {
    const bool ends_a_line = size > 0 && good_[size - 1] == '\n';
    EXPECT_EQ(refusal(good_.substr(0, size)) == "accepted", ends_a_line) << size;
  }
}

TEST_F(BrokenUnits, AreRefusedOutOfOrder) {
  auto units = make_units();
  std::swap(units[2], units[3]);
  EXPECT_THAT(refusal(format_units(units, UnitColumns::kScan, false)),
              HasSubstr("r/units.tsv:5: L0.4095 may not follow L7.0"));
  units = make_units();
  units[1] = units[0];
  EXPECT_THAT(refusal(format_units(units, UnitColumns::kScan, false)), HasSubstr("may not follow"));
}

}  // namespace
}  // namespace penfield::store
