// Every statistic of every simulated column against 50-digit arithmetic, statsmodels and scipy.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/golden_columns_for_tests.h"

namespace penfield::association {
namespace {

using golden::Column;
using golden::digits;
using golden::Row;

UnitFit fit_of(const Column& column) {
  std::vector<std::uint8_t> labels(column.x.size(), 0);
  std::fill_n(labels.begin(), column.n_target, std::uint8_t{1});
  return fit_columns(MatrixView<const double>(column.x.data(), column.x.size(), 1), labels).rows.at(0);
}

Row row_of(const UnitFit& fit) {
  return {{"mean_target", fit.mean_target},
          {"mean_comparison", fit.mean_comparison},
          {"sd", fit.sd},
          {"alpha", fit.alpha},
          {"beta", fit.beta},
          {"se", fit.se},
          {"z", fit.z},
          {"neglog10_p_wald", fit.neglog10_p_wald},
          {"lrt_chi2", fit.lrt_chi2},
          {"neglog10_p_lrt", fit.neglog10_p_lrt},
          {"score_chi2", fit.score_chi2},
          {"neglog10_p_score", fit.neglog10_p_score},
          {"beta_sd", fit.beta_sd},
          {"cohen_d", fit.cohen_d},
          {"cohen_d_lo", fit.cohen_d_lo},
          {"cohen_d_hi", fit.cohen_d_hi},
          {"auc", fit.auc},
          {"auc_lo", fit.auc_lo},
          {"auc_hi", fit.auc_hi},
          {"t_welch", fit.t_welch},
          {"df_welch", fit.df_welch},
          {"neglog10_p_welch", fit.neglog10_p_welch}};
}

TEST(FitGolden, FiftyDigitReference) {
  std::map<std::string, std::string> status;
  const std::map<std::string, Row> expected = golden::read_rows("reference.tsv", &status);
  std::map<std::string, double> fewest;  // digits, over all columns
  for (const Column& column : golden::read_columns()) {
    const UnitFit fit = fit_of(column);
    EXPECT_EQ(status_name(fit.status), status.at(column.name)) << column.name;
    for (const auto& [name, got] : row_of(fit)) {
      const double want = expected.at(column.name).at(name);
      const double correct = digits(got, want);
      EXPECT_GE(correct, 8.0) << column.name << ' ' << name << ": " << got << ", not " << want;
      fewest.try_emplace(name, 16.0);
      fewest[name] = std::min(fewest[name], correct);
    }
  }
  EXPECT_EQ(fewest.size(), 22u);
  for (const auto& [name, correct] : fewest) std::printf("%-18s %.1f digits\n", name.c_str(), correct);
}

TEST(FitGolden, Peers) {
  const std::map<std::string, Row> expected = golden::read_rows("peers.tsv", nullptr);
  for (const Column& column : golden::read_columns()) {
    const UnitFit fit = fit_of(column);
    const Row& want = expected.at(column.name);
    const auto n_pairs = static_cast<double>(column.n_target * (column.x.size() - column.n_target));
    if (fit.status == FitStatus::kOk) {
      EXPECT_GE(digits(fit.beta, want.at("beta")), 7.0) << column.name;
      EXPECT_GE(digits(fit.se, want.at("se")), 7.0) << column.name;
    }
    EXPECT_EQ(fit.auc, want.at("mann_whitney_u") / n_pairs) << column.name;
    EXPECT_GE(digits(fit.t_welch, want.at("t_welch")), 7.0) << column.name;
    if (want.at("p_welch") > 1e-300) {
      EXPECT_GE(digits(fit.neglog10_p_welch, -std::log10(want.at("p_welch"))), 7.0) << column.name;
    }
  }
}

}  // namespace
}  // namespace penfield::association
