#include "penfield/labels/measured_precision.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "penfield/labels/label_tokens.h"
#include "penfield/text/corpus.h"
#include "penfield/tokens/tokenizer.h"

namespace penfield::labels {
namespace {

RulePrecision of(const std::string& spec) {
  return measured_precision(Concept::parse(spec).value()).value();
}

TEST(MeasuredPrecision, IsOfTheProperNounRulesOnly) {
  EXPECT_EQ(of("proper-noun").tokenizer, "");
  EXPECT_EQ(of("proper-noun-study").tokenizer, "GPT-2");
  for (const char* other :
       {"capital", "sentence-initial-capital", "words:paris", "upos:PROPN", "capital and proper-noun"})
    EXPECT_FALSE(measured_precision(Concept::parse(other).value())) << other;
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it here
  return value == nullptr ? "" : value;
}

// Measures the rule again. PENFIELD_GOLD: en_ewt-ud-dev.conllu of UD English-EWT; tokenizer: a folder.
void expect_measured(const std::string& spec, const std::string& tokenizer_folder) {
  const std::vector<std::string> paths = {variable("PENFIELD_GOLD")};
  const auto corpus = text::read_corpus(paths, {});
  ASSERT_TRUE(corpus) << corpus.error().message;
  const auto tokenizer = tokens::Tokenizer::open(tokenizer_folder);
  ASSERT_TRUE(tokenizer) << tokenizer.error().message;
  const auto encoded = tokens::tokenize(*tokenizer, *corpus);
  ASSERT_TRUE(encoded) << encoded.error().message;
  const tokens::TokenStream& stream = *encoded;
  const RulePrecision expected = of(spec);
  const auto rule = label_tokens(Concept::parse(spec).value(), *corpus, stream);
  const auto gold = label_tokens(Concept::parse(expected.gold).value(), *corpus, stream);
  const GoldComparison measured = audit(*rule, &*gold, *corpus, stream, {}).gold.value();
  EXPECT_EQ(measured.n_rule, expected.n_rule) << tokenizer_folder;
  EXPECT_EQ(measured.n_gold, expected.n_gold) << tokenizer_folder;
  EXPECT_EQ(measured.n_both, expected.n_both) << tokenizer_folder;
}

TEST(MeasuredPrecision, IsWhatTheGoldTextGives) {
  if (variable("PENFIELD_GOLD").empty())
    GTEST_SKIP() << "set PENFIELD_GOLD to en_ewt-ud-dev.conllu (docs/data.md)";
  expect_measured("proper-noun", "models/demo");
}

// PENFIELD_GPT2: a folder with GPT-2's vocab.json and merges.txt.
TEST(MeasuredPrecision, IsWhatTheGoldTextGivesWithTheTokensOfGpt2) {
  if (variable("PENFIELD_GOLD").empty() || variable("PENFIELD_GPT2").empty())
    GTEST_SKIP()
        << "set PENFIELD_GOLD to en_ewt-ud-dev.conllu and PENFIELD_GPT2 to GPT-2's tokenizer (docs/data.md)";
  expect_measured("proper-noun", variable("PENFIELD_GPT2"));
  expect_measured("proper-noun-study", variable("PENFIELD_GPT2"));
}

}  // namespace
}  // namespace penfield::labels
