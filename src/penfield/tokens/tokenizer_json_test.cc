#include "penfield/tokens/tokenizer_json.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <ctime>

#include <fstream>
#include <nlohmann/json.hpp>

#include "penfield/base/sanitized_for_tests.h"
#include "penfield/formats/scratch_folder_for_tests.h"
#include "penfield/tokens/read_spec.h"
#include "penfield/tokens/tokenizer.h"

namespace penfield::tokens {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Characters, with byte fallback for a newline; <s> begins a sequence.
json small() {
  return json::parse(R"({
    "added_tokens": [{"id": 0, "content": "<s>", "special": true, "normalized": false}],
    "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
    "pre_tokenizer": null,
    "post_processor": {"type": "TemplateProcessing",
      "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
      "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}},
    "model": {"type": "BPE", "byte_fallback": true, "vocab": {"<s>": 0, "<0x0A>": 1, "▁": 2, "a": 3, "b": 4, "▁a": 5},
              "merges": ["▁ a"]}})");
}

std::string error_of(const json& file) {
  const auto spec = parse_tokenizer_json(file.dump(), "tokenizer.json");
  if (spec) return "no error";
  EXPECT_EQ(spec.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(spec.error().message, AllOf(HasSubstr("tokenizer.json"), Not(HasSubstr("\n"))));
  EXPECT_LT(spec.error().message.size(), 600u);
  return spec.error().message;
}

std::string with(std::string_view place, const json& value) {
  json file = small();
  file[json::json_pointer(std::string(place))] = value;
  return error_of(file);
}

TEST(TokenizerJson, ReadsTheModel) {
  const auto spec = parse_tokenizer_json(small().dump(), "tokenizer.json");
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_EQ(spec->alphabet, Alphabet::kCharacters);
  EXPECT_EQ(spec->token_bytes[1], "\n");
  EXPECT_EQ(spec->byte_tokens['\n'], TokenId{1});
  EXPECT_EQ(spec->merges.find(TokenId{2}, TokenId{3}).merged, TokenId{5});
  EXPECT_EQ(spec->bos, TokenId{0});
  EXPECT_TRUE(spec->adds_bos);
}

TEST(TokenizerJson, WhatIsNotKnownIsRefusedByItsName) {
  for (const char* type : {"Lowercase", "NFKC", "Strip", "Precompiled", "BertNormalizer", "ByteLevel"}) {
    EXPECT_THAT(with("/normalizer", {{"type", type}}), AllOf(HasSubstr("normalizer"), HasSubstr(type)));
    EXPECT_THAT(with("/normalizer", {{"type", "Sequence"}, {"normalizers", {{{"type", type}}}}}),
                HasSubstr(type));
  }
  for (const char* type : {"Whitespace", "BertPreTokenizer", "Punctuation", "UnicodeScripts"}) {
    EXPECT_THAT(with("/pre_tokenizer", {{"type", type}}), AllOf(HasSubstr("pre_tokenizer"), HasSubstr(type)));
  }
  EXPECT_THAT(with("/post_processor", {{"type", "RobertaProcessing"}}), HasSubstr("RobertaProcessing"));
  EXPECT_THAT(with("/model/type", "Unigram"), HasSubstr("Unigram"));
  EXPECT_THAT(with("/model/type", "WordPiece"), HasSubstr("WordPiece"));
  EXPECT_THAT(with("/model/end_of_word_suffix", "</w>"), HasSubstr("end_of_word_suffix"));
  EXPECT_THAT(with("/model/dropout", 0.1), HasSubstr("dropout"));
  const json replace = {{"type", "Replace"}, {"pattern", {{"Regex", " +"}}}, {"content", " "}};
  EXPECT_THAT(with("/normalizer", replace), HasSubstr("\" +\""));
}

TEST(TokenizerJson, AnUnknownPatternIsRefusedByItsTextHoweverLong) {
  const auto pattern = [](const std::string& regex) -> json {
    return {{"type", "Split"}, {"pattern", {{"Regex", regex}}}, {"behavior", "Isolated"}, {"invert", false}};
  };
  EXPECT_THAT(with("/pre_tokenizer", pattern(R"(\w+|\d)")), HasSubstr(R"(\\w+|\\d)"));
  EXPECT_THAT(with("/pre_tokenizer", pattern(std::string(1'000'000, '('))), HasSubstr("…"));
}

TEST(TokenizerJson, IdsAreZeroToNOverVocabularyAndAddedTokens) {
  EXPECT_THAT(with("/model/vocab/b", 9), AllOf(HasSubstr("\"b\""), HasSubstr("9"), HasSubstr("gap")));
  EXPECT_THAT(with("/model/vocab/b", 4000000000u), HasSubstr("4000000000"));
  EXPECT_THAT(with("/model/vocab/b", 5000000000u), HasSubstr("5000000000"));
  EXPECT_THAT(with("/model/vocab/b", -1), HasSubstr("-1"));
  EXPECT_THAT(with("/model/vocab/b", 3), HasSubstr("taken"));
  EXPECT_THAT(with("/added_tokens/0/id", 3), AllOf(HasSubstr("<s>"), HasSubstr("two ids")));
  EXPECT_THAT(with("/added_tokens/1", {{"id", 8}, {"content", "<x>"}}), HasSubstr("gap"));
  EXPECT_THAT(with("/added_tokens/0/id", "0"), HasSubstr("id"));
}

TEST(TokenizerJson, AddedTokensHaveAText) {
  EXPECT_THAT(with("/added_tokens/1", {{"id", 6}, {"content", ""}}),
              AllOf(HasSubstr("0 bytes"), HasSubstr("id 6")));
  EXPECT_THAT(with("/added_tokens/1", {{"id", 6}, {"content", std::string(10'000, 'x')}}),
              HasSubstr("10000 bytes"));
}

TEST(TokenizerJson, MergesAreOfKnownTokensAndStandOnce) {
  EXPECT_THAT(with("/model/merges/0", "a b"), AllOf(HasSubstr("merge 0"), HasSubstr("\"ab\"")));
  EXPECT_THAT(with("/model/merges/0", "x a"), HasSubstr("\"x\""));
  EXPECT_THAT(with("/model/merges/0", "a"), HasSubstr("two tokens"));
  EXPECT_THAT(with("/model/merges/0", 7), HasSubstr("merge 0"));
  EXPECT_THAT(with("/model/merges/0", json::array({"▁", "a", "b"})), HasSubstr("merge 0"));
  EXPECT_THAT(with("/model/merges/1", json::array({"▁", "a"})),
              AllOf(HasSubstr("merge 1"), HasSubstr("earlier")));
}

TEST(TokenizerJson, OtherFaultsAreNamed) {
  EXPECT_THAT(with("/model/unk_token", "<?>"), HasSubstr("unk_token"));
  EXPECT_THAT(with("/post_processor/special_tokens/<s>/ids", json::array({0, 1})), HasSubstr("<s>"));
  EXPECT_THAT(with("/post_processor/special_tokens/<s>/ids", json::array({77})), HasSubstr("<s>"));
  EXPECT_THAT(with("/post_processor/special_tokens", json::object()), HasSubstr("<s>"));
  EXPECT_THAT(with("/normalizer/pattern/String", ""), HasSubstr("empty"));
  EXPECT_THAT(with("/normalizer/content", std::string(100, 'x')), HasSubstr("longer"));
  EXPECT_THAT(with("/model", nullptr), HasSubstr("model"));
  EXPECT_THAT(with("/model/vocab", json::array()), HasSubstr("vocab"));
  EXPECT_THAT(with("/model/vocab", json::object()), Not(HasSubstr("no error")));
  EXPECT_THAT(error_of(json::array()), Not(HasSubstr("no error")));
  for (const std::string& bytes : {std::string("{\"a\": \"\xFF\"}"), std::string(100'000, '['),
                                   std::string(""), std::string("{\"model\": {}, \"model\": {}}")}) {
    const auto spec = parse_tokenizer_json(bytes, "tokenizer.json");
    ASSERT_FALSE(spec);
    EXPECT_EQ(spec.error().kind, ErrorKind::kBadInput);
  }
}

json replace(const char* from, const std::string& to) {
  return {{"type", "Replace"}, {"pattern", {{"String", from}}}, {"content", to}};
}

TEST(TokenizerJson, ANormaliserHasABoundedNumberOfParts) {
  const json prepend = {{"type", "Prepend"}, {"prepend", "▁"}};
  const auto normalizer = [&](std::size_t n) {
    return json{{"type", "Sequence"}, {"normalizers", std::vector<json>(n, prepend)}};
  };
  EXPECT_EQ(with("/normalizer", normalizer(16)), "no error");
  EXPECT_THAT(with("/normalizer", normalizer(17)), HasSubstr("17 parts"));
}

// A token that is looked for behind the normaliser is looked for as the normaliser makes it.
TEST(TokenizerJson, AnAddedTokenHasATextBehindTheNormaliserToo) {
  const auto refusal = [](const json& normalizer, const std::string& content, bool normalized) {
    json file = small();
    file["normalizer"] = normalizer;
    file["added_tokens"].push_back({{"id", 6}, {"content", content}, {"normalized", normalized}});
    return error_of(file);
  };
  EXPECT_THAT(refusal(replace("x", ""), "x", true), AllOf(HasSubstr("\"x\" (id 6)"), HasSubstr("0 bytes")));
  EXPECT_EQ(refusal(replace("x", ""), "x", false), "no error");
  EXPECT_EQ(refusal(replace("x", ""), "xy", true), "no error");
  EXPECT_THAT(refusal(replace("x", "123456789"), std::string(200, 'x'), true), HasSubstr("1800 bytes"));
}

TEST(TokenizerJson, AMillionAddedTokensTakeBoundedTime) {
  json file = small();
  json& added = file["added_tokens"];
  for (std::uint32_t i = 6; i < 200'000; ++i)
    added.push_back({{"id", i}, {"content", fmt::format("<{}>", i)}});
  const std::string text = file.dump();
  const std::clock_t begin = std::clock();
  const auto spec = parse_tokenizer_json(text, "tokenizer.json");
  EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, 4.0 * kSanitizerFactor);
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_EQ(spec->token_bytes.size(), 200'000u);
}

// A folder as models have it.
void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

TEST(ReadSpec, TakesTokenizerJsonBeforeTheOlderFilesAndHeedsItsConfig) {
  const formats::ScratchFolder scratch;
  write(scratch.path("tokenizer.json"), small().dump());
  write(scratch.path("vocab.json"), "{");
  auto spec = read_spec(scratch.path());
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_TRUE(spec->adds_bos);
  write(scratch.path("tokenizer_config.json"), R"({"add_bos_token": false, "bos_token": {"content": "a"}})");
  spec = read_spec(scratch.path());
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_FALSE(spec->adds_bos);
  EXPECT_EQ(spec->bos, TokenId{0});
  write(scratch.path("tokenizer_config.json"), R"({"add_bos_token": 1})");
  EXPECT_THAT(read_spec(scratch.path()).error().message, HasSubstr("add_bos_token"));
}

TEST(ReadSpec, VocabFilesHaveTheirAddedTokensFromTheFilesBesideThem) {
  const formats::ScratchFolder scratch;
  write(scratch.path("vocab.json"), R"({"a": 0, "b": 1, "ab": 2, "<pad>": 3, "<|endoftext|>": 4})");
  write(scratch.path("merges.txt"), "#version: 0.2\r\na b\r\n\r\n");
  const auto ids = [&](std::string_view text) {
    const auto tokenizer = Tokenizer::open(scratch.path());
    EXPECT_TRUE(tokenizer) << tokenizer.error().message;
    std::vector<TokenId> out;
    std::vector<std::uint64_t> ends;
    EncodeScratch encode_scratch;
    if (tokenizer) tokenizer->encode(text, encode_scratch, out, ends);
    return out;
  };
  const auto is = [](auto... id) { return std::vector<TokenId>{static_cast<TokenId>(id)...}; };
  EXPECT_EQ(ids("ab<|endoftext|>a"), is(2, 4, 0));
  write(scratch.path("added_tokens.json"), R"({"<new>": 5, "bb": 6})");
  EXPECT_EQ(ids("ab<new>bbb<|endoftext|>"), is(2, 5, 6, 1, 4));
  write(scratch.path("special_tokens_map.json"),
        R"({"bos_token": "<new>", "pad_token": {"content": "<pad>", "lstrip": true}})");
  EXPECT_EQ(ids("a<new>  <pad>"), is(0, 5, 3));
  EXPECT_EQ(read_spec(scratch.path())->bos, TokenId{5});
  write(scratch.path("added_tokens.json"), R"({"<new>": 9})");
  EXPECT_THAT(read_spec(scratch.path()).error().message, AllOf(HasSubstr("<new>"), HasSubstr("gap")));
}

TEST(ReadSpec, AFolderWithoutATokenizerIsNamed) {
  const formats::ScratchFolder scratch;
  const auto spec = read_spec(scratch.path());
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().kind, ErrorKind::kIo);
  EXPECT_THAT(spec.error().message, HasSubstr("tokenizer.json"));
}

}  // namespace
}  // namespace penfield::tokens
