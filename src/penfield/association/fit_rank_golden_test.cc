// The rank test, with and without covariates, and the interquartile range against SciPy, statsmodels and
// NumPy.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "penfield/association/adjusted_cases_for_tests.h"
#include "penfield/association/fit.h"
#include "penfield/association/scalar/golden_columns_for_tests.h"
#include "penfield/numeric/distributions.h"

namespace penfield::association {
namespace {

void expect_plain(const std::string& name, const UnitFit& fit, const golden::Row& want,
                  golden::FewestDigits& fewest) {
  fewest.add(name, "iqr", fit.iqr, want.at("iqr"), 7.0);
  if (!std::isnan(want.at("p")) && fit.status != FitStatus::kConstant)
    fewest.add(name, "neglog10_p_rank", fit.neglog10_p_rank, -std::log10(want.at("p")), 11.0);
  const double robust = fit.beta * want.at("iqr") / 1.349;
  if (want.at("iqr") > 0) fewest.add(name, "beta_robust_sd", fit.beta_robust_sd, robust, 7.0);
}

TEST(RankGolden, PlainColumns) {
  const auto expected = golden::read_rows("rank.tsv", nullptr);
  golden::FewestDigits fewest;
  for (const golden::Column& column : golden::read_columns()) {
    std::vector<std::uint8_t> labels(column.x.size(), 0);
    std::fill_n(labels.begin(), column.n_target, std::uint8_t{1});
    const MatrixView<const double> x(column.x.data(), column.x.size(), 1);
    expect_plain(column.name, fit_columns(x, labels).rows.at(0), expected.at(column.name), fewest);
  }
}

TEST(RankGolden, BesideCovariates) {
  const auto expected = golden::read_rows("rank.tsv", nullptr);
  golden::FewestDigits fewest;
  std::size_t n_cases = 0;
  for (const golden::Case& data : golden::read_cases("adjusted_columns.tsv")) {
    const UnitFit fit = golden::fit_of(data, Firth::kSeparated, Intervals::kNone);
    const golden::Row& want = expected.at("adjusted_" + data.name);
    if (data.covariates.empty()) {
      expect_plain(data.name, fit, want, fewest);
    } else if (!std::isnan(want.at("scores_chi2"))) {
      const double p = numeric::neglog10_p_chi2_1df(want.at("scores_chi2"));
      fewest.add(data.name, "adjusted rank", fit.neglog10_p_rank, p, 6.0);
      ++n_cases;
    } else {
      EXPECT_GT(fit.neglog10_p_rank, 0) << data.name << ": Firth's ratio where the scores separate";
    }
  }
  EXPECT_GE(n_cases, 14u);
}

}  // namespace
}  // namespace penfield::association
