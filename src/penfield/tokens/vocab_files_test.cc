#include "penfield/tokens/vocab_files.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <functional>
#include <nlohmann/json.hpp>

namespace penfield::tokens {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// The 256 letters of the byte alphabet, in the order of the bytes they stand for.
std::vector<std::string> byte_alphabet() {
  std::vector<std::string> letters;
  unsigned next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    const unsigned letter = printable ? byte : next++;
    letters.push_back(letter < 0x80 ? std::string(1, static_cast<char>(letter))
                                    : std::string{static_cast<char>(0xC0 | letter >> 6),
                                                  static_cast<char>(0x80 | (letter & 0x3F))});
  }
  return letters;
}

// The bytes, "ab" (256), "Ġa" (257) and <|endoftext|> (258).
nlohmann::json small_vocabulary() {
  nlohmann::json entries = nlohmann::json::object();
  for (const std::string& letter : byte_alphabet()) entries[letter] = entries.size();
  entries["ab"] = 256;
  entries["Ġa"] = 257;
  entries["<|endoftext|>"] = 258;
  return entries;
}

Spec parsed_small_vocabulary() {
  return parse_vocabulary(small_vocabulary().dump(), "vocab.json").value();
}

std::string error_of(const nlohmann::json& entries) {
  const auto vocabulary = parse_vocabulary(entries.dump(), "vocab.json");
  if (vocabulary) return "no error";
  EXPECT_EQ(vocabulary.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(vocabulary.error().message, AllOf(HasSubstr("vocab.json"), Not(HasSubstr("\n"))));
  return vocabulary.error().message;
}

std::string merge_error_of(std::string_view merges) {
  Spec spec = parsed_small_vocabulary();
  const auto table = parse_merges(merges, "merges.txt", spec);
  if (table) return "no error";
  EXPECT_EQ(table.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(table.error().message, Not(HasSubstr("\n")));
  return table.error().message;
}

TEST(Vocabulary, TokensStandForBytes) {
  const Spec vocabulary = parsed_small_vocabulary();
  ASSERT_EQ(vocabulary.token_bytes.size(), 259u);
  for (unsigned byte = 0; byte < 256; ++byte) {
    EXPECT_EQ(vocabulary.token_bytes[byte], std::string(1, static_cast<char>(byte)));
    EXPECT_EQ(vocabulary.byte_tokens[byte], TokenId{byte});
  }
  EXPECT_EQ(vocabulary.token_bytes[257], " a");
  EXPECT_EQ(vocabulary.token_bytes[258], "<|endoftext|>");
}

TEST(Vocabulary, ASpecialTokenMayHoldAnyCharacter) {
  nlohmann::json entries = small_vocabulary();
  entries["<start of 文>"] = 259;
  entries["[unused 1]"] = 260;
  const auto vocabulary = parse_vocabulary(entries.dump(), "vocab.json");
  ASSERT_TRUE(vocabulary);
  EXPECT_EQ(vocabulary->token_bytes[259], "<start of 文>");
  EXPECT_EQ(vocabulary->token_bytes[260], "[unused 1]");
}

TEST(Vocabulary, IdsAreZeroToNWithoutGapOrDuplicate) {
  const auto with = [](const nlohmann::json& id) {
    nlohmann::json entries = small_vocabulary();
    entries["ab"] = id;
    return error_of(entries);
  };
  EXPECT_THAT(with(-1), AllOf(HasSubstr("\"ab\""), HasSubstr("-1")));
  EXPECT_THAT(with(259), AllOf(HasSubstr("\"ab\""), HasSubstr("259"), HasSubstr("gap")));
  EXPECT_THAT(with(5), AllOf(HasSubstr("the id 5"), HasSubstr("taken")));
  EXPECT_THAT(with(256.0), HasSubstr("whole numbers"));
  EXPECT_THAT(with("256"), HasSubstr("whole numbers"));
  EXPECT_THAT(with(nullptr), HasSubstr("whole numbers"));
  EXPECT_THAT(with(18446744073709551615u), HasSubstr("18446744073709551615"));
}

TEST(Vocabulary, EveryTokenIsSpelledInTheByteAlphabet) {
  const auto with = [](const std::string& name) {
    nlohmann::json entries = small_vocabulary();
    entries.erase("ab");
    entries[name] = 256;
    return error_of(entries);
  };
  EXPECT_THAT(with("a b"), HasSubstr("byte alphabet"));
  EXPECT_THAT(with("文"), AllOf(HasSubstr("\\u6587"), HasSubstr("byte alphabet")));
  EXPECT_THAT(with("\u0144"), HasSubstr("byte alphabet"));
  EXPECT_THAT(with("\u00AD"), HasSubstr("byte alphabet"));
  EXPECT_THAT(with(""), HasSubstr("byte alphabet"));
  EXPECT_THAT(with(std::string(100'000, ' ')), HasSubstr("…"));
}

TEST(Vocabulary, AByteMayHaveNoToken) {
  nlohmann::json entries = small_vocabulary();
  entries.erase("Ċ");
  entries["aa"] = 10;
  const auto vocabulary = parse_vocabulary(entries.dump(), "vocab.json");
  ASSERT_TRUE(vocabulary) << vocabulary.error().message;
  EXPECT_FALSE(vocabulary->byte_tokens['\n']);
}

TEST(Vocabulary, IsOneObjectWithoutDuplicateKeys) {
  EXPECT_THAT(error_of(nlohmann::json::array({1, 2})), HasSubstr("not a JSON object"));
  const auto twice = parse_vocabulary(R"({"a": 0, "\u0061": 1})", "vocab.json");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(twice.error().message, HasSubstr("vocab.json"));
}

TEST(Merges, AreRankedByTheirOrderWithOrWithoutAVersionLine) {
  for (const std::string_view text : {"#version: 0.2\na b\nĠ a\n", "a b\nĠ a", "a b\r\nĠ a\r\n",
                                      "#version: 0.2\r\na b\r\nĠ a\r\n\r\n", "a b\nĠ a\n\n"}) {
    Spec spec = parsed_small_vocabulary();
    const auto done = parse_merges(text, "merges.txt", spec);
    ASSERT_TRUE(done) << done.error().message;
    ASSERT_EQ(spec.merges.size(), 2u);
    const MergeTable::Merge second = spec.merges.find(TokenId{' '}, TokenId{'a'});
    EXPECT_LT(spec.merges.find(TokenId{'a'}, TokenId{'b'}).rank, second.rank);
    EXPECT_EQ(second.merged, TokenId{257});
  }
  Spec spec = parsed_small_vocabulary();
  EXPECT_TRUE(parse_merges("", "merges.txt", spec));
  EXPECT_EQ(spec.merges.size(), 0u);
}

TEST(Merges, AMalformedLineIsNamed) {
  EXPECT_THAT(merge_error_of("#version: 0.2\na b\nab\n"),
              AllOf(HasSubstr("merges.txt:3"), HasSubstr("\"ab\"")));
  EXPECT_THAT(merge_error_of("a b\n\nĠ a\n"), HasSubstr("merges.txt:2"));
  EXPECT_THAT(merge_error_of("a  b\n"), HasSubstr("merges.txt:1"));
  EXPECT_THAT(merge_error_of("a b c\n"), HasSubstr("merges.txt:1"));
  EXPECT_THAT(merge_error_of(" a\n"), HasSubstr("merges.txt:1"));
  EXPECT_THAT(merge_error_of("a \n"), HasSubstr("merges.txt:1"));
  EXPECT_THAT(merge_error_of("a\tb\n"), HasSubstr("merges.txt:1"));
}

TEST(Merges, UnknownPartsAndRepeatedPairsAreNamed) {
  EXPECT_THAT(merge_error_of("a b\naq b\n"), AllOf(HasSubstr("merges.txt:2"), HasSubstr("\"aq\"")));
  EXPECT_THAT(merge_error_of("a q\n"),
              AllOf(HasSubstr("merges.txt:1"), HasSubstr("\"aq\"")));  // both known, not joined
  EXPECT_THAT(merge_error_of("a b\r\r\n"), HasSubstr("\\r"));
  EXPECT_THAT(merge_error_of("a \xFF\n"), HasSubstr("merges.txt:1"));
  EXPECT_THAT(merge_error_of("a b\nĠ a\na b\n"), AllOf(HasSubstr("merges.txt:3"), HasSubstr("earlier line")));
}

}  // namespace
}  // namespace penfield::tokens
