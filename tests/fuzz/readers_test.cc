// Valid inputs, with random damage and without, and the corpus of the fuzzer: every reader accepts them or
// refuses them in one line, without a fault under the sanitizers.
#include "readers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "penfield/base/random.h"

namespace penfield::fuzz {
namespace {

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

// Is nearly everything a valid input of it?
bool refuses_little(const Reader& reader) {
  return reader.name == "plain-text" || reader.name.ends_with("-made");
}

TEST(Readers, TakeTheirSeeds) {
  for (const Reader& reader : readers()) {
    EXPECT_FALSE(reader.seeds().empty()) << reader.name;
    for (const std::string& seed : reader.seeds()) {
      const std::string message = reader.read(seed);
      EXPECT_TRUE(message.empty() || refuses_little(reader)) << reader.name << ": " << message;
    }
  }
}

TEST(Readers, TakeOrRefuseWhatIsDamaged) {
  const char* const more = std::getenv("PENFIELD_FUZZ_RUNS");  // NOLINT(concurrency-mt-unsafe)
  const int n_runs = more == nullptr ? 300 : std::atoi(more);
  for (const Reader& reader : readers()) {
    const std::vector<std::string> seeds = reader.seeds();
    int n_refused = 0;
    for (int run = 0; run < n_runs; ++run) {
      Random random(static_cast<std::uint64_t>(run));
      std::string bytes = seeds.at(static_cast<std::size_t>(run) % seeds.size());
      for (std::uint64_t k = 1 + random.below(4); k > 0; --k) damage(bytes, random);
      const std::string message = reader.read(bytes);
      n_refused += message.empty() ? 0 : 1;
      EXPECT_EQ(fault_of(message), "") << reader.name << ' ' << run << ": " << message;
    }
    if (refuses_little(reader)) continue;
    EXPECT_GT(n_refused, n_runs / 20) << reader.name;
  }
}

// Inputs that the fuzzer found to reach different code, among them those that once broke a reader.
TEST(Readers, TakeOrRefuseTheCorpus) {
  std::size_t n_inputs = 0;
  for (const Reader& reader : readers()) {
    const std::filesystem::path folder = std::filesystem::path("tests/fuzz/corpus") / reader.name;
    ASSERT_TRUE(std::filesystem::is_directory(folder)) << folder;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const std::string message = reader.read(source_file(entry.path().string()));
      EXPECT_EQ(fault_of(message), "") << entry.path() << ": " << message;
      ++n_inputs;
    }
  }
  EXPECT_GT(n_inputs, readers().size());
}

}  // namespace
}  // namespace penfield::fuzz
