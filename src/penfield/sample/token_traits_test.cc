#include "penfield/sample/token_traits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <vector>

namespace penfield::sample {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Tokens = std::vector<std::string>;

// Documents of tokens written by hand; equal tokens have equal ids.
struct Text {
  explicit Text(const std::vector<Tokens>& tokens) {
    std::map<std::string, std::uint32_t> ids;
    stream.document_first = {0};
    for (const Tokens& tokens_of_one : tokens) {
      text::Document document;
      for (const std::string& token : tokens_of_one) {
        const auto id = ids.emplace(token, static_cast<std::uint32_t>(3 * ids.size())).first->second;
        stream.ids.push_back(TokenId{id});
        stream.begin_bytes.push_back(document.text.size());
        document.text += token;
        stream.end_bytes.push_back(document.text.size());
      }
      stream.document_first.push_back(stream.ids.size());
      documents.push_back(std::move(document));
    }
  }
  [[nodiscard]] SamplePlan all_of_it() const {
    SamplePlan plan;
    for (std::uint32_t d = 0; d < documents.size(); ++d) {
      const std::uint64_t first = stream.document_first[d];
      plan.windows.push_back({.split = d == 0 ? Split::kDiscovery : Split::kHeldOut,
                              .document = d,
                              .first_token = first,
                              .n_tokens = static_cast<std::uint32_t>(stream.document_first[d + 1] - first)});
      for (std::uint32_t p = 0; p < plan.windows[d].n_tokens; ++p)
        plan.samples.push_back({.window = d, .position = p});
    }
    return plan;
  }
  [[nodiscard]] std::vector<double> column(Trait trait) const {
    return TokenTraits(stream, documents).table(all_of_it(), std::vector{trait});
  }

  tokens::TokenStream stream;
  std::vector<text::Document> documents;
};

TEST(TokenTraits, OfATextWrittenByHand) {
  // "é" is C3 A9, cut in two by the tokeniser; "€" is one character of three bytes.
  const Text text(
      {Tokens{"The", " cat", " ", "\n", " caf\xC3", "\xA9"}, Tokens{"\xE2\x82\xAC", " cat", "  ", "The"}});
  EXPECT_THAT(text.column(Trait::kLeadingSpace), ElementsAre(0, 1, 1, 0, 1, 0, 0, 1, 1, 0));
  EXPECT_THAT(text.column(Trait::kLength), ElementsAre(3, 3, 0, 1, 4, 0, 1, 3, 1, 3));
  EXPECT_THAT(text.column(Trait::kPosition), ElementsAre(0, 1, 2, 3, 4, 5, 0, 1, 2, 3));
  const double once = std::log(2.0 / 18);  // 10 tokens of 8 types
  const double twice = std::log(3.0 / 18);
  const std::vector<double> frequency = text.column(Trait::kLogFrequency);
  const std::vector<double> expected = {twice, twice, once, once, once, once, once, twice, once, twice};
  ASSERT_EQ(frequency.size(), expected.size());
  for (std::size_t t = 0; t < expected.size(); ++t) EXPECT_DOUBLE_EQ(frequency[t], expected[t]) << t;
}

TEST(TokenTraits, CapitalIsOfTheLettersOfTheToken) {
  // The last but one is Cyrillic; CJK has no case; in "3D" the only letter is a capital.
  const Text text({Tokens{" Paris", "paris", " USA", " I", "McD", "mcD", " ", ".", "(The", " 3D", "\"AB",
                          " ЖД", " 東京"}});
  EXPECT_THAT(text.column(Trait::kCapital), ElementsAre(1, 0, 2, 1, 1, 0, 0, 0, 1, 1, 2, 2, 0));
}

TEST(TokenTraits, WordsAndSentencesBeginInOneTokenOnly) {
  const Text text({Tokens{"Mc", "Don", "ald", "'",   "s",  " well", "-",  "known", ".", " \"",
                          "So", " it", ".",   " Go", "es", "\n",    "on", "!!",    "?", " 7"},
                   Tokens{"\n", "  ", "caf\xC3", "\xA9", " ok. No", " U", ".", "S", "."}});
  EXPECT_THAT(text.column(Trait::kWordInitial),
              ElementsAre(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1,  //
                          0, 0, 1, 0, 1, 1, 0, 1, 0));
  EXPECT_THAT(text.column(Trait::kSentenceInitial),
              ElementsAre(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1,  //
                          0, 0, 1, 0, 1, 0, 0, 1, 0));
  EXPECT_THAT(text.column(Trait::kPunctuation),
              ElementsAre(0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 0,  //
                          1, 1, 0, 0, 0, 0, 1, 0, 1));
}

// However a text is cut, each word begins in one token, and a token without a word's part is punctuation.
TEST(TokenTraits, HoldHoweverTheTextIsCut) {
  const std::string whole = "It's a 東京 well-known caf\u00e9. \"Yes,\" he said...\nNo? Then";
  for (std::size_t length = 1; length <= 7; ++length) {
    Tokens tokens;
    for (std::size_t at = 0; at < whole.size(); at += length) tokens.push_back(whole.substr(at, length));
    const Text text({tokens});
    const auto word = text.column(Trait::kWordInitial);
    const auto sentence = text.column(Trait::kSentenceInitial);
    const auto punctuation = text.column(Trait::kPunctuation);
    const auto sum = [](const std::vector<double>& values) {
      return std::accumulate(values.begin(), values.end(), 0.0);
    };
    if (length == 1) {
      EXPECT_EQ(sum(word), 10);
      EXPECT_EQ(sum(sentence), 3);
    }
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      EXPECT_LE(sentence[t], word[t]);
      EXPECT_LE(word[t] + punctuation[t], 1) << tokens[t];
    }
  }
}

// Σ (n + 1)/(N + V) over the types is 1.
TEST(TokenTraits, SmoothedFrequenciesAddUpToOne) {
  const Text text({Tokens{"a", "b", "a", "c", "a", " d", " d"}});
  const std::vector<double> frequency = text.column(Trait::kLogFrequency);
  double sum = 0;
  for (const std::size_t first_use : {0u, 1u, 3u, 5u}) sum += std::exp(frequency[first_use]);
  EXPECT_NEAR(sum, 1, 1e-15);
}

TEST(TokenTraits, ATableHasAColumnForEachTraitAskedFor) {
  const Text text({Tokens{"a", " bc"}});
  const TokenTraits traits(text.stream, text.documents);
  EXPECT_THAT(traits.table(text.all_of_it(), std::vector{Trait::kPosition, Trait::kLength}),
              ElementsAre(0, 1, 1, 2));
  EXPECT_TRUE(traits.table(text.all_of_it(), {}).empty());
}

TEST(ParseTraits, InTheirOwnOrderEachOnce) {
  EXPECT_THAT(parse_traits("position,leading-space,position", "--match").value(),
              ElementsAre(Trait::kLeadingSpace, Trait::kPosition));
  std::string all;
  for (const Trait trait : kTraits) all += (all.empty() ? "" : ",") + std::string(trait_name(trait));
  EXPECT_EQ(parse_traits(all, "--match").value().size(), kTraits.size());
}

TEST(ParseTraits, WhatIsNoTraitIsNamed) {
  const auto refused = parse_traits("length,log-frequencey", "--adjust");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(refused.error().message, HasSubstr("--adjust length,log-frequencey: 'log-frequencey'"));
  EXPECT_THAT(refused.error().message, HasSubstr("did you mean log-frequency"));
  for (const char* wrong : {"", ",", "length,", "Length", "length position"}) {
    EXPECT_EQ(parse_traits(wrong, "--match").error().kind, ErrorKind::kUsage) << wrong;
  }
}

}  // namespace
}  // namespace penfield::sample
