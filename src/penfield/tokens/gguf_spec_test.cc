#include "penfield/tokens/gguf_spec.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>

#include "penfield/formats/gguf/gguf_for_tests.h"
#include "penfield/formats/scratch_folder_for_tests.h"
#include "penfield/tokens/tokenizer.h"

namespace penfield::tokens {
namespace {

using formats::gguf_array;
using formats::gguf_number;
using formats::gguf_string;
using formats::gguf_text;
using formats::gguf_u32;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string strings(const std::vector<std::string>& texts) {
  std::string elements;
  for (const std::string& text : texts) elements += gguf_string(text);
  return gguf_array(8, texts.size(), elements);
}
std::string i32s(const std::vector<std::int32_t>& values) {
  std::string elements;
  for (const std::int32_t value : values) elements += gguf_number(value);
  return gguf_array(5, values.size(), elements);
}
std::string f32s(const std::vector<float>& values) {
  std::string elements;
  for (const float value : values) elements += gguf_number(value);
  return gguf_array(6, values.size(), elements);
}
std::string boolean(bool value) {
  return gguf_number<std::uint32_t>(7) + (value ? '\x01' : '\0');
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

Result<Spec> read(const Pairs& pairs) {
  const formats::ScratchFolder scratch;
  const std::string path = scratch.path("model.gguf");
  formats::GgufBytes file;
  file.pairs = {{"general.architecture", gguf_text("llama")}};
  for (const auto& [key, value] : pairs) file.pairs.push_back({"tokenizer.ggml." + key, value});
  std::ofstream(path, std::ios::binary) << file.bytes();
  return read_gguf_tokenizer(path);
}

Pairs with(Pairs pairs, const std::string& key, const std::string& value) {
  std::erase_if(pairs, [&](const auto& pair) { return pair.first == key; });
  if (!value.empty()) pairs.emplace_back(key, value);
  return pairs;
}

std::string error_of(const Pairs& pairs) {
  const auto spec = read(pairs);
  if (spec) return "no error";
  EXPECT_EQ(spec.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(spec.error().message, AllOf(HasSubstr("model.gguf"), Not(HasSubstr("\n"))));
  return spec.error().message;
}

std::vector<std::string> shown(const Spec& spec, std::string_view text, Special special = Special::kToken) {
  const Tokenizer tokenizer(spec);
  std::vector<TokenId> ids;
  std::vector<std::uint64_t> ends;
  EncodeScratch scratch;
  tokenizer.encode(text, scratch, ids, ends, special);
  std::vector<std::string> out;
  for (const TokenId id : ids) out.emplace_back(tokenizer.token_bytes(id));
  return out;
}

Pairs gpt2() {
  return {{"model", gguf_text("gpt2")},
          {"pre", gguf_text("qwen2")},
          {"tokens", strings({"a", "b", "Ġ", "1", "ab", "Ġab", "<|end|>", "  <x>", "1Ġ"})},
          {"token_type", i32s({1, 1, 1, 1, 1, 1, 3, 4, 5})},
          {"merges", strings({"a b", "Ġ ab"})},
          {"bos_token_id", gguf_u32(6)}};
}

// Scores: "ab" before "▁a" before "bb".
Pairs llama() {
  return {{"model", gguf_text("llama")},
          {"tokens", strings({"<unk>", "<s>", "<0x0A>", "▁", "a", "b", "▁a", "ab", "bb", "  "})},
          {"token_type", i32s({2, 3, 6, 1, 1, 1, 1, 1, 1, 4})},
          {"scores", f32s({0, 0, 0, -20, -21, -22, -2, -1, -3, -1000})},
          {"bos_token_id", gguf_u32(1)},
          {"unknown_token_id", gguf_u32(0)}};
}

TEST(GgufTokenizer, ByteLevelByItsMergesAndItsPatternsName) {
  const auto spec = read(gpt2());
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_EQ(spec->splitter, Splitter::kQwen2);
  EXPECT_THAT(shown(*spec, "ab ab11"), ElementsAre("ab", " ab", "1", "1"));
  EXPECT_THAT(shown(*spec, "a<|end|>b  <x>"), ElementsAre("a", "<|end|>", "b", "  <x>"));
  EXPECT_EQ(spec->bos, TokenId{6});
  EXPECT_FALSE(spec->adds_bos);
  const auto llama3 = read(with(gpt2(), "pre", gguf_text("llama-bpe")));
  ASSERT_TRUE(llama3) << llama3.error().message;
  EXPECT_TRUE(llama3->adds_bos && llama3->whole_pieces);
  EXPECT_TRUE(read(with(gpt2(), "add_bos_token", boolean(true)))->adds_bos);
}

TEST(GgufTokenizer, SentencePieceByItsScores) {
  const auto spec = read(llama());
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_TRUE(spec->adds_bos);
  EXPECT_THAT(shown(*spec, "ab"), ElementsAre("▁", "ab"));  // its score is above that of "▁a"
  EXPECT_THAT(shown(*spec, "a bb"), ElementsAre("▁a", "▁", "bb"));
  EXPECT_THAT(shown(*spec, "b\nx"), ElementsAre("▁", "b", "\n", "<unk>"));
  EXPECT_THAT(shown(*spec, "<s>b"), ElementsAre("<s>", "▁", "b"));
  EXPECT_THAT(shown(*spec, "a   b"), ElementsAre("▁a", "▁▁", "▁", "b"));
  const auto plain = read(with(llama(), "add_space_prefix", boolean(false)));
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_THAT(shown(*plain, "ab"), ElementsAre("ab"));
  EXPECT_FALSE(read(with(llama(), "add_bos_token", boolean(false)))->adds_bos);
}

TEST(GgufTokenizer, AModelOrPatternThatIsNotKnownIsRefusedByItsName) {
  EXPECT_THAT(error_of(with(gpt2(), "model", gguf_text("bert"))), HasSubstr("\"bert\""));
  EXPECT_THAT(error_of(with(gpt2(), "model", "")),
              AllOf(HasSubstr("tokenizer.ggml.model"), HasSubstr("missing")));
  EXPECT_THAT(error_of(with(gpt2(), "pre", gguf_text("gpt-4o"))),
              AllOf(HasSubstr("\"gpt-4o\""), HasSubstr("llama-bpe")));
  EXPECT_THAT(error_of(with(gpt2(), "pre", "")),
              AllOf(HasSubstr("tokenizer.ggml.pre"), HasSubstr("missing")));
}

TEST(GgufTokenizer, ListsBelongTogether) {
  EXPECT_THAT(error_of(with(gpt2(), "token_type", i32s({1, 1}))),
              AllOf(HasSubstr("token_type"), HasSubstr("2")));
  EXPECT_THAT(error_of(with(gpt2(), "token_type", i32s({1, 1, 1, 1, 1, 1, 3, 4, 7}))), HasSubstr("7"));
  EXPECT_THAT(error_of(with(llama(), "scores", f32s({0}))), HasSubstr("scores"));
  EXPECT_THAT(error_of(with(llama(), "scores", "")), HasSubstr("scores"));
  EXPECT_THAT(error_of(with(llama(), "scores", f32s({0, 0, 0, -20, -21, -22, -2, std::nanf(""), -3, 0}))),
              HasSubstr("NaN"));
  EXPECT_THAT(error_of(with(gpt2(), "tokens", "")), HasSubstr("tokenizer.ggml.tokens"));
  EXPECT_THAT(error_of(with(gpt2(), "tokens", strings({}))), HasSubstr("token_type"));
  EXPECT_THAT(error_of(with(gpt2(), "merges", strings({"a b", "a x"}))),
              AllOf(HasSubstr("merges"), HasSubstr("entry 1")));
  EXPECT_THAT(error_of(with(gpt2(), "merges", strings({"ab"}))), HasSubstr("merges"));
  EXPECT_THAT(error_of(with(gpt2(), "bos_token_id", gguf_u32(9))),
              AllOf(HasSubstr("bos_token_id"), HasSubstr("9")));
  EXPECT_THAT(error_of(with(llama(), "unknown_token_id", gguf_u32(77))), HasSubstr("unknown_token_id"));
  EXPECT_THAT(
      error_of(with(gpt2(), "tokens", strings({"a", "b", "Ġ", "1", "ab", "Ġab", "a", "  <x>", "1Ġ"}))),
      AllOf(HasSubstr("tokenizer.ggml.tokens"), HasSubstr("\"a\"")));
  EXPECT_THAT(error_of(with(llama(), "tokens",
                            strings({"<unk>", "<s>", "<0x0A>", "▁", "a", std::string(1000, 'b'), "▁a", "ab",
                                     "bb", "  "}))),
              HasSubstr("1000 bytes"));
}

}  // namespace
}  // namespace penfield::tokens
