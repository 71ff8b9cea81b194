// Test data: columns beside covariates, and their fits, for the tests against other software.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/golden_columns_for_tests.h"

namespace penfield::association::golden {

struct Case {
  std::string name;
  std::size_t n_target = 0;
  std::vector<double> x;
  std::vector<std::vector<double>> covariates;
  std::vector<std::uint32_t> clusters;

  [[nodiscard]] std::size_t n() const { return x.size(); }
  [[nodiscard]] std::size_t n_clusters() const {
    return *std::max_element(clusters.begin(), clusters.end()) + 1;
  }
};

// Of a file with a line a column: the case, what the column is, its values; the targets first.
inline std::vector<Case> read_cases(const std::string& file_name) {
  std::ifstream file = open(file_name);
  std::vector<Case> cases;
  std::string line;
  std::getline(file, line);
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string name;
    std::string what;
    fields >> name >> what;
    std::vector<double> values;
    for (std::string text; fields >> text;) values.push_back(std::stod(text));
    if (what == "n_target") {
      cases.push_back({name, static_cast<std::size_t>(values[0]), {}, {}, {}});
    } else if (what == "x") {
      cases.back().x = values;
    } else if (what == "cluster") {
      cases.back().clusters.assign(values.begin(), values.end());
    } else {
      cases.back().covariates.push_back(values);
    }
  }
  return cases;
}

inline UnitFit fit_of(const Case& data, Firth firth, Intervals intervals) {
  std::vector<std::uint8_t> labels(data.n(), 0);
  std::fill_n(labels.begin(), data.n_target, std::uint8_t{1});
  FitOptions options{.firth = firth,
                     .intervals = intervals,
                     .covariates = nullptr,
                     .clusters = data.clusters,
                     .n_clusters = data.clusters.empty() ? 0 : data.n_clusters()};
  const MatrixView<const double> x(data.x.data(), data.n(), 1);
  if (data.covariates.empty()) return fit_columns(x, labels, options).rows.at(0);
  std::vector<double> values;
  for (std::size_t i = 0; i < data.n(); ++i) {
    for (const auto& column : data.covariates) values.push_back(column[i]);
  }
  const std::vector<std::string> names(data.covariates.size(), "z");
  const auto covariates =
      Covariates::prepare({values.data(), data.n(), data.covariates.size()}, names, labels);
  EXPECT_TRUE(covariates.has_value()) << data.name;
  options.covariates = &*covariates;
  return fit_columns(x, labels, options).rows.at(0);
}

// Digits that agree, the fewest of each statistic over all cases.
class FewestDigits {
 public:
  void add(const std::string& where, const std::string& name, double got, double want, double at_least) {
    const double correct = digits(got, want);
    EXPECT_GE(correct, at_least) << where << ' ' << name << ": " << got << ", not " << want;
    fewest_.try_emplace(name, 16.0);
    fewest_[name] = std::min(fewest_[name], correct);
  }
  ~FewestDigits() {
    for (const auto& [name, correct] : fewest_) std::printf("%-18s %.1f digits\n", name.c_str(), correct);
  }

 private:
  std::map<std::string, double> fewest_;
};

}  // namespace penfield::association::golden
