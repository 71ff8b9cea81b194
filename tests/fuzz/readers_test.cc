// Valid files with random damage: every reader accepts them or refuses them in one line, without a fault
// under the sanitizers.
#include "readers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/findings/finding.h"
#include "penfield/formats/scratch_folder_for_tests.h"
#include "penfield/store/units_table.h"

namespace penfield::fuzz {
namespace {

std::string seed_of(const Reader& reader) {
  if (reader.name == "units.tsv") {
    std::vector<findings::Finding> units(2);
    for (std::uint32_t i = 0; i < 2; ++i) units[i].unit = {Site::kColumn, 0, i};
    return store::format_units(units, store::UnitColumns::kAssociate, false);
  }
  if (reader.seed.empty()) return std::string(reader.text);
  std::ifstream in(std::string(reader.seed), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Words that break what reads them.
constexpr std::array<std::string_view, 12> kWords = {"-1",
                                                     "1e999",
                                                     "18446744073709551616",
                                                     "nan",
                                                     "\\ud800",
                                                     std::string_view("\0\0\0\0\0\0\0\0", 8),
                                                     "\xff\xff\xff\xff\xff\xff\xff\xff",
                                                     "\xff\xff\xff\x7f",
                                                     "[[[[[[[[",
                                                     "\"",
                                                     "\r\n",
                                                     "\xc3("};

// One of: a bit turned, a word put in or over, bytes removed, bytes doubled, the end cut off. Often near the
// beginning, where headers lie.
void damage(std::string& bytes, Random& random) {
  if (bytes.empty()) return;
  const std::size_t reach = random.uniform() < 0.5 ? std::min<std::size_t>(bytes.size(), 512) : bytes.size();
  const auto at = static_cast<std::size_t>(random.below(reach));
  const auto n = static_cast<std::size_t>(1 + random.below(16));
  const std::string_view word = kWords.at(random.below(kWords.size()));
  switch (random.below(6)) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
      return;
    case 1:
      bytes.insert(at, word);
      return;
    case 2:
      bytes.replace(at, word.size(), word);
      return;
    case 3:
      bytes.erase(at, n);
      return;
    case 4:
      bytes.insert(at, bytes.substr(at, n));
      return;
    default:
      bytes.resize(at);
  }
}

TEST(Readers, TakeOrRefuseWhatIsDamaged) {
  const char* const more = std::getenv("PENFIELD_FUZZ_RUNS");
  const int n_runs = more == nullptr ? 300 : std::atoi(more);
  const formats::ScratchFolder folder;
  for (const Reader& reader : readers()) {
    const std::string seed = seed_of(reader);
    ASSERT_FALSE(seed.empty()) << reader.name;
    int n_refused = 0;
    for (int run = 0; run < n_runs; ++run) {
      Random random(static_cast<std::uint64_t>(run));
      std::string bytes = seed;
      for (std::uint64_t k = 1 + random.below(4); k > 0; --k) damage(bytes, random);
      const std::string message = reader.read(bytes, folder.write(reader.file, bytes));
      n_refused += message.empty() ? 0 : 1;
      EXPECT_LT(message.size(), 4000u) << reader.name << ' ' << run;
      EXPECT_TRUE(std::ranges::none_of(message, [](char c) { return c == '\n' || c == '\x1b'; }))
          << reader.name << ' ' << run << ": " << message;
    }
    if (reader.name == "plain text") continue;  // nearly all bytes are text
    EXPECT_GT(n_refused, n_runs / 20) << reader.name;
  }
}

TEST(Readers, TakeTheirSeeds) {
  const formats::ScratchFolder folder;
  for (const Reader& reader : readers()) {
    if (reader.name == "run.json") continue;  // its seed is a part of one
    const std::string seed = seed_of(reader);
    EXPECT_EQ(reader.read(seed, folder.write(reader.file, seed)), "") << reader.name;
  }
}

}  // namespace
}  // namespace penfield::fuzz
