// mean_given_passed() against roots found by mpmath; see tools/make_held_out_goldens.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "penfield/findings/winners_curse.h"

namespace penfield::findings {
namespace {

TEST(WinnersCurseGolden, FiftyDigitRoots) {
  std::ifstream in("tests/golden/findings/winners_curse.tsv");
  std::string line;
  ASSERT_TRUE(std::getline(in, line));  // versions
  ASSERT_TRUE(std::getline(in, line));
  ASSERT_EQ(line, "z\tcut\tmu");
  int n_rows = 0;
  double worst = 0;
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    double z = 0;
    double cut = 0;
    double want = 0;
    ASSERT_TRUE(fields >> z >> cut >> want) << line;
    const double got = mean_given_passed(z, cut);
    worst = std::max(worst, std::fabs(got - want) / want);
    EXPECT_NEAR(got, want, 1e-10 * want) << z << ' ' << cut;
    ++n_rows;
  }
  EXPECT_EQ(n_rows, 63);
  std::printf("worst relative error %.2g\n", worst);
}

}  // namespace
}  // namespace penfield::findings
