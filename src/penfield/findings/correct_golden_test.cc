// adjust() against statsmodels' multipletests; see tools/make_findings_goldens.py.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "penfield/findings/correct.h"
#include "penfield/findings/names.h"

namespace penfield::findings {
namespace {

using Row = std::array<double, 5>;  // p, then corrected as the header says

TEST(AdjustGolden, AgreesWithStatsmodels) {
  std::ifstream in("tests/golden/findings/corrections.tsv");
  std::string line;
  ASSERT_TRUE(std::getline(in, line));  // versions
  ASSERT_TRUE(std::getline(in, line));
  ASSERT_EQ(line, "family\tp\tbonferroni\tholm\tbh\tby");
  std::map<std::string, std::vector<Row>> families;
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::string family;
    Row row{};
    fields >> family;
    for (double& value : row) fields >> value;
    ASSERT_TRUE(fields) << line;
    families[family].push_back(row);
  }
  ASSERT_EQ(families.size(), 9u);

  const std::array<const char*, 4> methods = {"bonferroni", "holm", "bh", "by"};
  for (const auto& [family, rows] : families) {
    std::vector<double> neglog10_p;
    for (const Row& row : rows) neglog10_p.push_back(-std::log10(row[0]));
    for (std::size_t m = 0; m < methods.size(); ++m) {
      const std::vector<double> adjusted = adjust(neglog10_p, *parse_correction(methods[m]));
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const double expected = -std::log10(rows[i][m + 1]);
        EXPECT_NEAR(adjusted[i], expected, 1e-13 * std::max(1.0, expected))
            << family << ' ' << methods[m] << ' ' << i;
      }
    }
  }
}

}  // namespace
}  // namespace penfield::findings
