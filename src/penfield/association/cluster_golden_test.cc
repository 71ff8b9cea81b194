// Errors that allow for clusters against the papers' dense matrices (tools/make_cluster_goldens.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "penfield/association/adjusted_cases_for_tests.h"
#include "penfield/association/scalar/golden_columns_for_tests.h"
#include "penfield/numeric/distributions.h"

namespace penfield::association {
namespace {

TEST(ClusterGolden, ErrorsAndTheirDegreesOfFreedom) {
  const auto expected = golden::read_rows("cluster.tsv", nullptr);
  golden::FewestDigits fewest;
  for (const golden::Case& data : golden::read_cases("cluster_columns.tsv")) {
    const UnitFit fit = golden::fit_of(data, Firth::kSeparated, Intervals::kNone);
    const golden::Row& want = expected.at(data.name);
    fewest.add(data.name, "se_cluster", fit.se_cluster, want.at("se"), 9.0);
    fewest.add(data.name, "df_cluster", fit.df_cluster, want.at("df"), 9.0);
    EXPECT_EQ(fit.z_cluster, fit.beta / fit.se_cluster);
    EXPECT_EQ(fit.neglog10_p_cluster, numeric::neglog10_p_student_t(fit.z_cluster, fit.df_cluster));
  }
}

}  // namespace
}  // namespace penfield::association
