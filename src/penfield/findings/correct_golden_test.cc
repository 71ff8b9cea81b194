// adjust() against statsmodels' multipletests; see tools/make_findings_goldens.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "penfield/findings/correct.h"
#include "penfield/findings/names.h"

namespace penfield::findings {
namespace {

// Corrections without permutations, in the order of their columns.
std::vector<Correction> columns_of(const std::string& header) {
  std::istringstream names(header);
  std::string name;
  names >> name >> name;  // family, p
  std::vector<Correction> out;
  while (names >> name) out.push_back(parse_correction(name).value());
  return out;
}

TEST(AdjustGolden, AgreesWithStatsmodels) {
  std::ifstream in("tests/golden/findings/corrections.tsv");
  std::string line;
  ASSERT_TRUE(std::getline(in, line));  // versions
  ASSERT_TRUE(std::getline(in, line));
  const std::vector<Correction> corrections = columns_of(line);
  for (std::size_t i = 0; i < kCorrections.size(); ++i) {
    const auto correction = static_cast<Correction>(i);
    if (correction == Correction::kMaxT || correction == Correction::kNone) continue;
    EXPECT_EQ(std::count(corrections.begin(), corrections.end(), correction), 1) << kCorrections[i].name;
  }
  std::map<std::string, std::vector<std::vector<double>>> families;  // rows: p, then corrected
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::string family;
    std::vector<double> row(1 + corrections.size());
    fields >> family;
    for (double& value : row) fields >> value;
    ASSERT_TRUE(fields) << line;
    families[family].push_back(row);
  }
  ASSERT_EQ(families.size(), 9u);

  for (const auto& [family, rows] : families) {
    std::vector<double> neglog10_p;
    for (const auto& row : rows) neglog10_p.push_back(-std::log10(row[0]));
    for (std::size_t m = 0; m < corrections.size(); ++m) {
      const std::vector<double> adjusted = adjust(neglog10_p, corrections[m]);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const double expected = -std::log10(rows[i][m + 1]);
        EXPECT_NEAR(adjusted[i], expected, 1e-13 * std::max(1.0, expected))
            << family << ' ' << correction_name(corrections[m]) << ' ' << i;
      }
    }
  }
}

}  // namespace
}  // namespace penfield::findings
