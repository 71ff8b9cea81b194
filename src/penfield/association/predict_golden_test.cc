// Threshold, calibration, Brier score and calls against scikit-learn and statsmodels; see
// tools/make_held_out_goldens.py.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/predict.h"
#include "penfield/association/scalar/golden_columns_for_tests.h"

namespace penfield::association {
namespace {

struct Part {
  std::vector<float> x;
  std::vector<std::uint8_t> labels;
  [[nodiscard]] MatrixView<const float> view() const { return {x.data(), x.size(), 1}; }
};

std::map<std::string, std::map<std::string, Part>> read_parts() {
  std::ifstream file = golden::open("held_out_columns.tsv");
  std::map<std::string, std::map<std::string, Part>> cases;
  std::string line;
  std::getline(file, line);
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string name;
    std::string part;
    std::size_t n_target = 0;
    fields >> name >> part >> n_target;
    Part& out = cases[name][part];
    for (std::string text; fields >> text;) {
      out.labels.push_back(out.x.size() < n_target ? 1 : 0);
      out.x.push_back(std::stof(text));
    }
  }
  return cases;
}

TEST(PredictGolden, AgreesWithScikitLearnAndStatsmodels) {
  const std::map<std::string, golden::Row> expected = golden::read_rows("held_out.tsv", nullptr);
  std::map<std::string, double> fewest;
  for (const auto& [name, parts] : read_parts()) {
    const Part& discovery = parts.at("discovery");
    const Part& held_out = parts.at("held_out");
    const FitTable fits = fit_columns(discovery.view(), discovery.labels);
    const FitTable again = fit_columns(held_out.view(), held_out.labels);
    const golden::Row& want = expected.at(name);
    const Prediction got =
        predict_columns(fits, again, held_out.view(), held_out.labels, want.at("prevalence")).at(0);
    // Of the constant p, scikit-learn's Brier score is p (1 - p).
    double p = 0;
    for (const std::uint8_t label : held_out.labels) p += label / static_cast<double>(held_out.labels.size());
    EXPECT_NEAR(got.brier_scaled, 1 - want.at("brier") / (p * (1 - p)), 1e-9) << name;
    const golden::Row row = {{"threshold", fits.rows[0].threshold},
                             {"youden_j", fits.rows[0].youden_j},
                             {"calibration_slope", got.calibration_slope},
                             {"calibration_intercept", got.calibration_intercept},
                             {"brier", got.brier},
                             {"precision", got.precision},
                             {"recall", got.recall},
                             {"f1", got.f1},
                             {"mcc", got.mcc}};
    for (const auto& [column, value] : row) {
      const double correct = golden::digits(value, want.at(column));
      EXPECT_GE(correct, 8.0) << name << ' ' << column << ": " << value << ", not " << want.at(column);
      fewest.try_emplace(column, 16.0);
      fewest[column] = std::min(fewest[column], correct);
    }
  }
  EXPECT_EQ(fewest.size(), 9u);
  for (const auto& [column, correct] : fewest) std::printf("%-22s %.1f digits\n", column.c_str(), correct);
}

}  // namespace
}  // namespace penfield::association
