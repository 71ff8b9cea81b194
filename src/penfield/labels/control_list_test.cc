#include "penfield/labels/control_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

namespace penfield::labels {
namespace {

// Word w of 300 has 1 + 300/(w + 1) uses; words 10, 20, 30, … are the concept's.
struct Text {
  tokens::TokenStream stream;
  LabelTrack asked;

  Text() {
    for (std::uint32_t word = 0; word < 300; ++word) {
      for (std::uint32_t use = 0; use < 1 + 300 / (word + 1); ++use) {
        stream.ids.push_back(static_cast<TokenId>(word));
        asked.labels.push_back(word % 10 == 0 && word > 0 ? Label::kTarget : Label::kOther);
        asked.n_target += asked.labels.back() == Label::kTarget;
      }
    }
    stream.document_first = {0, stream.ids.size()};
  }
};

std::map<std::uint32_t, std::uint64_t> targets_by_word(const Text& text, const LabelTrack& track) {
  std::map<std::uint32_t, std::uint64_t> out;
  for (std::size_t t = 0; t < text.stream.ids.size(); ++t) {
    if (track.labels[t] == Label::kTarget) ++out[static_cast<std::uint32_t>(text.stream.ids[t])];
  }
  return out;
}

TEST(ControlList, HasAsManyWordsWithAsManyUses) {
  const Text text;
  Random random(3);
  const LabelTrack list = control_list(text.stream, text.asked, random);
  const auto of_concept = targets_by_word(text, text.asked), of_list = targets_by_word(text, list);
  ASSERT_EQ(of_list.size(), of_concept.size());
  // Words 20, 30, 40, … have 15, 10, 8, …, 2 uses; of the frequent ones the nearest ten differ more.
  std::map<std::uint64_t, int> n_with_uses;
  for (const auto& [word, n] : of_concept) n_with_uses[n] += 1;
  for (const auto& [word, n] : of_list) n_with_uses[n] -= 1;
  for (const std::uint64_t rare : {2u, 3u, 4u}) EXPECT_EQ(n_with_uses[rare], 0) << rare;
  EXPECT_NEAR(static_cast<double>(list.n_target), static_cast<double>(text.asked.n_target), 25);
}

TEST(ControlList, MarksAllUsesOfAWordOrNone) {
  const Text text;
  Random random(4);
  const LabelTrack list = control_list(text.stream, text.asked, random);
  std::uint64_t n_target = 0;
  for (const auto& [word, n] : targets_by_word(text, list)) {
    EXPECT_EQ(n, 1 + 300 / (word + 1)) << word;
    n_target += n;
  }
  EXPECT_EQ(list.n_target, n_target);
}

TEST(ControlList, KnowsNothingOfTheConcept) {
  const Text text;
  std::uint64_t n_of_concept = 0, n_words = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    for (const auto& [word, n] : targets_by_word(text, control_list(text.stream, text.asked, random))) {
      n_of_concept += word % 10 == 0 && word > 0;
      ++n_words;
    }
  }
  // A tenth of the words are the concept's. 5,800 draws: standard error .004.
  EXPECT_NEAR(static_cast<double>(n_of_concept) / static_cast<double>(n_words), 0.1, 0.02);
}

TEST(ControlList, LeavesExcludedTokensOut) {
  Text text;
  for (std::size_t t = 0; t < text.asked.labels.size(); t += 3) {
    if (text.asked.labels[t] == Label::kOther) text.asked.labels[t] = Label::kExcluded;
  }
  std::map<std::uint32_t, std::uint64_t> n_uses;  // that are not excluded
  for (std::size_t t = 0; t < text.stream.ids.size(); ++t)
    n_uses[static_cast<std::uint32_t>(text.stream.ids[t])] += text.asked.labels[t] != Label::kExcluded;
  Random random(5);
  const LabelTrack list = control_list(text.stream, text.asked, random);
  for (std::size_t t = 0; t < text.asked.labels.size(); ++t)
    EXPECT_EQ(list.labels[t] == Label::kExcluded, text.asked.labels[t] == Label::kExcluded) << t;
  for (const auto& [word, n] : targets_by_word(text, list)) EXPECT_EQ(n, n_uses[word]) << word;
}

}  // namespace
}  // namespace penfield::labels
