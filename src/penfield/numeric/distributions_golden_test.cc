// Against 50-digit values (tools/make_association_goldens.py). The bounds are the measured maxima, rounded
// up.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

#include "penfield/numeric/distributions.h"

namespace penfield::numeric {
namespace {

constexpr double kMaxNormalError = 4e-16;
constexpr double kMaxChi2Error = 4e-16;
constexpr double kMaxStudentError = 6e-15;

TEST(DistributionsGolden, RelativeErrorOfNeglog10P) {
  std::ifstream file("tests/golden/association/distributions.tsv");
  std::string line;
  double worst_normal = 0, worst_chi2 = 0, worst_student = 0;
  int n_rows = 0;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string kind, value, df, expected_text;
    fields >> kind >> value >> df >> expected_text;
    if (kind == "#" || kind == "kind") continue;
    ++n_rows;
    const double x = std::stod(value);
    const double expected = std::stod(expected_text);
    const auto error = [&](double got) {
      EXPECT_TRUE(std::isfinite(got)) << line;
      return std::fabs(got - expected) / expected;
    };
    if (kind == "normal") worst_normal = std::max(worst_normal, error(neglog10_p_normal(x)));
    if (kind == "chi2") worst_chi2 = std::max(worst_chi2, error(neglog10_p_chi2_1df(x)));
    if (kind == "student")
      worst_student = std::max(worst_student, error(neglog10_p_student_t(-x, std::stod(df))));
  }
  EXPECT_EQ(n_rows, 20 + 20 + 14 * 16);
  EXPECT_LE(worst_normal, kMaxNormalError);
  EXPECT_LE(worst_chi2, kMaxChi2Error);
  EXPECT_LE(worst_student, kMaxStudentError);
  std::printf("max relative error: normal %.2g, chi2 %.2g, student %.2g\n", worst_normal, worst_chi2,
              worst_student);
}

}  // namespace
}  // namespace penfield::numeric
