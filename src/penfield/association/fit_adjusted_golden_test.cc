// Fits beside covariates, Firth's estimates, intervals and cluster-robust errors against 50-digit arithmetic,
// statsmodels and R.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/golden_columns_for_tests.h"

namespace penfield::association {
namespace {

using golden::digits;
using golden::Row;

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

std::vector<Case> read_cases() {
  std::ifstream file = golden::open("adjusted_columns.tsv");
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

UnitFit fit_of(const Case& data, Firth firth, Intervals intervals) {
  std::vector<std::uint8_t> labels(data.n(), 0);
  std::fill_n(labels.begin(), data.n_target, std::uint8_t{1});
  FitOptions options{.firth = firth,
                     .intervals = intervals,
                     .covariates = nullptr,
                     .clusters = data.clusters,
                     .n_clusters = data.n_clusters()};
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

TEST(AdjustedGolden, FiftyDigitReference) {
  std::map<std::string, std::string> status;
  const std::map<std::string, Row> expected = golden::read_rows("adjusted_reference.tsv", &status);
  FewestDigits fewest;
  for (const Case& data : read_cases()) {
    const UnitFit fit = fit_of(data, Firth::kNever, Intervals::kProfile);
    EXPECT_EQ(status_name(fit.status), status.at(data.name)) << data.name;
    const Row got = {{"alpha", fit.alpha},
                     {"beta", fit.beta},
                     {"se", fit.se},
                     {"z", fit.z},
                     {"neglog10_p_wald", fit.neglog10_p_wald},
                     {"lrt_chi2", fit.lrt_chi2},
                     {"neglog10_p_lrt", fit.neglog10_p_lrt},
                     {"beta_lo", fit.beta_lo},
                     {"beta_hi", fit.beta_hi},
                     {"se_cluster", fit.se_cluster}};
    for (const auto& [name, value] : got)
      fewest.add(data.name, name, value, expected.at(data.name).at(name), 8.0);
    if (fit.status == FitStatus::kOk) {
      fewest.add(data.name, "score_chi2", fit.score_chi2, expected.at(data.name).at("score_chi2"), 8.0);
      fewest.add(data.name, "neglog10_p_score", fit.neglog10_p_score,
                 expected.at(data.name).at("neglog10_p_score"), 8.0);
    }
  }
}

TEST(AdjustedGolden, FirthAgainstFiftyDigits) {
  std::map<std::string, std::string> status;
  const std::map<std::string, Row> expected = golden::read_rows("adjusted_reference.tsv", &status);
  FewestDigits fewest;
  for (const Case& data : read_cases()) {
    const UnitFit fit = fit_of(data, Firth::kAlways, Intervals::kProfile);
    const Row& want = expected.at(data.name);
    EXPECT_EQ(status_name(fit.status), status.at(data.name)) << data.name;
    fewest.add(data.name, "firth_alpha", fit.alpha, want.at("firth_alpha"), 8.0);
    fewest.add(data.name, "firth_beta", fit.beta, want.at("firth_beta"), 8.0);
    fewest.add(data.name, "firth_chi2", fit.lrt_chi2, want.at("firth_chi2"), 8.0);
    if (fit.status == FitStatus::kOk) fewest.add(data.name, "firth_se", fit.se, want.at("firth_se"), 8.0);
    if (fit.note == FitNote::kNone) {
      fewest.add(data.name, "firth_lo", fit.beta_lo, want.at("firth_lo"), 8.0);
      fewest.add(data.name, "firth_hi", fit.beta_hi, want.at("firth_hi"), 8.0);
    }
  }
}

TEST(AdjustedGolden, TheBimodalCaseIsMarked) {
  std::map<std::string, std::string> note;
  static_cast<void>(golden::read_rows("adjusted_reference.tsv", &note, "note"));
  std::size_t n_bimodal = 0;
  for (const Case& data : read_cases()) {
    const UnitFit fit = fit_of(data, Firth::kAlways, Intervals::kNone);
    EXPECT_EQ(note_name(fit.note), note.at(data.name)) << data.name;
    n_bimodal += fit.note == FitNote::kBimodal;
  }
  EXPECT_GE(n_bimodal, 1u);
}

// R's confint follows the profile by a spline, good to three or four digits; brglm's estimate is Firth's.
TEST(AdjustedGolden, Peers) {
  const std::map<std::string, Row> expected = golden::read_rows("adjusted_peers.tsv", nullptr);
  std::map<std::string, std::string> note;
  static_cast<void>(golden::read_rows("adjusted_reference.tsv", &note, "note"));
  for (const Case& data : read_cases()) {
    const Row& want = expected.at(data.name);
    const UnitFit fit = fit_of(data, Firth::kNever, Intervals::kProfile);
    if (fit.status == FitStatus::kOk) {
      EXPECT_GE(digits(fit.beta, want.at("beta")), 7.0) << data.name;
      EXPECT_GE(digits(fit.se, want.at("se")), 7.0) << data.name;
      EXPECT_GE(digits(fit.se_cluster, want.at("se_cluster")), 7.0) << data.name;
      if (!std::isnan(want.at("r_lo"))) {
        EXPECT_NEAR((fit.beta_lo - want.at("r_lo")) / fit.se, 0.0, 5e-3) << data.name;
        EXPECT_NEAR((fit.beta_hi - want.at("r_hi")) / fit.se, 0.0, 5e-3) << data.name;
      }
    }
    // Of two maxima brglm gives either; where one sample has a leverage near 1 its steps overshoot and do not
    // come to rest.
    if (note.at(data.name) != "NA" || data.name.starts_with("outlier")) continue;
    const UnitFit firth = fit_of(data, Firth::kAlways, Intervals::kNone);
    EXPECT_GE(digits(firth.beta, want.at("brglm_beta")), 6.0) << data.name;
    if (firth.status == FitStatus::kOk) {
      EXPECT_GE(digits(firth.se, want.at("brglm_se")), 6.0) << data.name;
    }
  }
}

TEST(AdjustedGolden, KnownValuesOfSeparatedSamples) {
  const std::vector<double> six = {1, 2, 3, -3, -2, -1};
  const std::vector<double> eight = {0, 1, 2, 3, -3, -2, -1, 0};
  for (const Firth firth : {Firth::kSeparated, Firth::kAlways}) {
    const UnitFit a = fit_of({"six", 3, six, {}, {0, 1, 0, 1, 0, 1}}, firth, Intervals::kNone);
    EXPECT_NEAR(a.beta, 0.9384164886, 1e-10);
    EXPECT_NEAR(a.lrt_chi2, 4.3699982, 1e-7);
    const UnitFit b = fit_of({"eight", 4, eight, {}, {0, 1, 0, 1, 0, 1, 0, 1}}, firth, Intervals::kNone);
    EXPECT_NEAR(b.beta, 1.050074840, 1e-9);
    EXPECT_NEAR(b.lrt_chi2, 4.6210053, 1e-7);
  }
}

}  // namespace
}  // namespace penfield::association
