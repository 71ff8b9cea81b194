#include "penfield/report/words/target_words.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penfield::report {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> words_of(const ReportData& data, std::size_t n = 9) {
  std::vector<std::string> out;
  for (const TargetWord& one : target_words(data, n))
    out.push_back(fmt::format("{} {}", one.word, one.n_target));
  return out;
}

// "*" before a token: a target.
ReportData text_of(const std::vector<std::vector<std::string>>& windows) {
  ReportData data;
  std::uint32_t window = 0;
  for (const auto& tokens : windows) {
    for (const std::string& token : tokens) {
      const bool is_target = token.starts_with("*");
      data.heatmaps.tokens.push_back(
          {.window = window, .token = token.substr(is_target ? 1 : 0), .is_target = is_target});
    }
    ++window;
  }
  return data;
}

TEST(TargetWords, PiecesAreJoinedToWords) {
  const ReportData data =
      text_of({{"The", "*·S", "ault", "·lock", ",", "·the", "*·S", "ault", ".", "↵", "*S", "ue"},
               {"*ault", "·and", "*·Québ", "", "ec", "'", "s", "*·É", "*mile", "·2", "*."}});
  EXPECT_THAT(words_of(data), ElementsAre("Sault 2", ". 1", "Québec 1", "Sue 1", "ault 1", "Émile 1"));
  EXPECT_THAT(words_of(data, 1), ElementsAre("Sault 2"));
}

TEST(TargetWords, OnlyDiscoveryCounts) {
  ReportData data = text_of({{"*·Penfield"}});
  data.heatmaps.tokens[0].split = sample::Split::kHeldOut;
  EXPECT_THAT(words_of(data), IsEmpty());
}

TEST(TargetWords, WithoutTextTheTokensOfTheRunStand) {
  ReportData data;
  data.run.top_target_types = {{"·London", 1, 3}, {"\x1b", 2, 2}};
  EXPECT_THAT(words_of(data), ElementsAre("London 3", "\\u{1b} 2"));
}

}  // namespace
}  // namespace penfield::report
