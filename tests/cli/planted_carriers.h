// Planted models in which some units read names, and some the capital with which a name is spelt.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "files.h"
#include "program.h"

namespace penfield::cli {

inline const std::vector<std::string> kNameReaders = {"L0.9", "L1.30", "L1.211"};
inline const std::vector<std::string> kCapitalReaders = {"L0.5", "L1.17", "L1.200"};

// A scan under the default options, but for its control lists: every word of these texts stands once. Expects
// that what reads names is found, graded and called specific, and what reads capitals is called a carrier.
inline void expect_names_specific_and_capitals_carriers(std::uint64_t seed) {
  const TempFolder folder;
  make_planted_model(folder.path(),
                     {"--seed", std::to_string(seed), "--shape", "64,2,4,256", "--text", folder / "text.txt",
                      "--documents", "80", "--tokens-per-document", "60", "--sentences", "10", "--words",
                      "7000", "--planted", "L0.5,L1.17,L1.200", "--planted-names", "L0.9,L1.30,L1.211"});
  const CommandResult scanned =
      run({"scan", "-m", folder.path(), "-t", folder / "text.txt", "-o", folder / "result", "-q", "--seed",
           std::to_string(seed), "--null", "none"});
  ASSERT_EQ(scanned.exit_code, 0) << scanned.err;
  const Table table = parse_tsv(read_file(folder / "result/units.tsv"));
  const auto expect = [&](const std::vector<std::string>& units, const std::string& specific) {
    std::size_t n_seen = 0;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      const std::string unit = table.at(row, "unit");
      if (std::ranges::find(units, unit) == units.end()) continue;
      ++n_seen;
      EXPECT_EQ(table.at(row, "significant"), "1") << unit << ", seed " << seed;
      EXPECT_EQ(table.at(row, "effect"), "strong") << unit << ", seed " << seed;
      EXPECT_EQ(table.at(row, "specific"), specific)
          << unit << ", seed " << seed << ": " << table.at(row, "auc_near_miss_lo") << " to "
          << table.at(row, "auc_near_miss_hi");
    }
    EXPECT_EQ(n_seen, units.size());
  };
  expect(kNameReaders, "specific");
  expect(kCapitalReaders, "carrier");
}

}  // namespace penfield::cli
