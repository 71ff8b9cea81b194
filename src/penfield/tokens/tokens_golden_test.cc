// Against the ids of an encoder that shares nothing with this one; tests/golden/tokens/README.md says how
// they are made.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "penfield/base/sanitized_for_tests.h"
#include "penfield/formats/json.h"
#include "penfield/formats/mapped_file.h"
#include "penfield/formats/sha256.h"
#include "penfield/tokens/char_class.h"
#include "penfield/tokens/tokenizer.h"
#include "penfield/tokens/tokenizer_json.h"

namespace penfield::tokens {
namespace {

constexpr char kDemoModel[] = "models/demo";
const std::string kGoldens = "tests/golden/tokens/";

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<std::uint32_t> encode(const Tokenizer& tokenizer, std::string_view row,
                                  Special special = Special::kToken) {
  std::vector<TokenId> ids;
  std::vector<std::uint64_t> end_bytes;
  EncodeScratch scratch;
  tokenizer.encode(row, scratch, ids, end_bytes, special);
  EXPECT_TRUE(std::is_sorted(end_bytes.begin(), end_bytes.end()));
  EXPECT_TRUE(ids.empty() || end_bytes.back() == row.size());
  std::vector<std::uint32_t> numbers;
  numbers.reserve(ids.size());
  for (const TokenId id : ids) numbers.push_back(static_cast<std::uint32_t>(id));
  return numbers;
}

TEST(TokensGolden, IdsAreTheReferences) {
  const auto tokenizer = Tokenizer::open(kDemoModel);
  ASSERT_TRUE(tokenizer) << tokenizer.error().message;
  const std::vector<std::string> cases = lines_of(kGoldens + "cases.jsonl");
  ASSERT_GT(cases.size(), 1000u);
  for (const std::string& line : cases) {
    const nlohmann::json golden = nlohmann::json::parse(line);
    EXPECT_EQ(encode(*tokenizer, golden["text"].get<std::string>(), Special::kText),
              golden["ids"].get<std::vector<std::uint32_t>>())
        << golden["text"];
  }
}

// ids_path: for each text of texts.json its ids, and those with special tokens spelled out.
void expect_ids(const Tokenizer& tokenizer, const std::string& ids_path) {
  const auto texts = formats::read_json_file(kGoldens + "tokenizers/texts.json").value();
  const std::vector<std::string> lines = lines_of(ids_path);
  ASSERT_EQ(lines.size(), texts.size());
  ASSERT_GT(lines.size(), 80u);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const nlohmann::json golden = nlohmann::json::parse(lines[i]);
    const std::string text = texts[i];
    EXPECT_EQ(encode(tokenizer, text), golden["ids"].get<std::vector<std::uint32_t>>()) << texts[i];
    EXPECT_EQ(encode(tokenizer, text, Special::kText), golden["spelled"].get<std::vector<std::uint32_t>>())
        << texts[i];
  }
}

// Every kind of tokenizer.json that is read, against the tokenizers library.
class TokenizerGolden : public testing::TestWithParam<const char*> {};

TEST_P(TokenizerGolden, IdsAreTheLibrarys) {
  const std::string folder = kGoldens + "tokenizers/";
  const std::string path = folder + GetParam() + ".json";
  const auto file = formats::MappedFile::open(path);
  ASSERT_TRUE(file) << file.error().message;
  auto spec = parse_tokenizer_json(file->text(), path);
  ASSERT_TRUE(spec) << spec.error().message;
  expect_ids(Tokenizer(*std::move(spec)), folder + GetParam() + ".ids.jsonl");
}

INSTANTIATE_TEST_SUITE_P(Kinds, TokenizerGolden,
                         testing::Values("gpt2", "neox", "llama3", "qwen2", "olmo2", "smollm2", "prefixed",
                                         "llama2", "mistral", "metaspace", "gemma", "unknown",
                                         "unknown_fused"),
                         [](const auto& param) { return std::string(param.param); });

// Tokenizers as they were released with their models. The files are not in the tree: PENFIELD_TOKENIZERS
// names a folder that holds NAME/tokenizer.json, or NAME/vocab.json with its merges.txt.
class ReleasedGolden : public testing::TestWithParam<const char*> {};

TEST_P(ReleasedGolden, IdsAreTheLibrarys) {
  const char* const released = std::getenv("PENFIELD_TOKENIZERS");
  if (released == nullptr) GTEST_SKIP() << "PENFIELD_TOKENIZERS names no folder with tokenizers";
  const std::string name = GetParam(), model = std::string(released) + "/" + name;
  auto file = formats::MappedFile::open(model + "/tokenizer.json");
  if (!file) file = formats::MappedFile::open(model + "/vocab.json");
  if (!file) GTEST_SKIP() << model << " holds no tokenizer";
  const auto record = formats::read_json_file(kGoldens + "released/record.json").value();
  ASSERT_EQ(formats::sha256_hex(*file), record["sha256"][name].get<std::string>())
      << file->path() << " is another file than the golden's";
  const auto tokenizer = Tokenizer::open(model);
  ASSERT_TRUE(tokenizer) << tokenizer.error().message;
  expect_ids(*tokenizer, kGoldens + "released/" + name + ".ids.jsonl");
}

INSTANTIATE_TEST_SUITE_P(Files, ReleasedGolden, testing::Values("gpt2", "qwen2.5"), [](const auto& param) {
  std::string name = param.param;
  std::ranges::replace(name, '.', '_');
  return name;
});

// SentencePiece's kind has no pieces: merging runs over the whole text.
TEST(TokensGolden, AMegabyteWithoutPiecesTakesLessThanASecond) {
  const std::string path = kGoldens + "tokenizers/llama2.json";
  const auto file = formats::MappedFile::open(path);
  ASSERT_TRUE(file);
  const Tokenizer tokenizer(parse_tokenizer_json(file->text(), path).value());
  for (const std::string unit : {"e", " ", "the ", "\n", "é"}) {
    std::string text;
    while (text.size() < 1'000'000) text += unit;
    const std::clock_t begin = std::clock();
    EXPECT_FALSE(encode(tokenizer, text).empty());
    EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, 1.0 * kSanitizerFactor) << unit;
  }
}

TEST(TokensGolden, AMegabyteOfOneThingTakesLessThanASecond) {
  const auto tokenizer = Tokenizer::open(kDemoModel);
  ASSERT_TRUE(tokenizer) << tokenizer.error().message;
  const std::vector<std::string> runs = lines_of(kGoldens + "long_runs.jsonl");
  ASSERT_EQ(runs.size(), 6u);
  for (const std::string& line : runs) {
    const nlohmann::json golden = nlohmann::json::parse(line);
    std::string row;
    for (std::size_t n = golden["repeat"]; n > 0; --n) row += golden["unit"].get<std::string>();
    const std::clock_t begin = std::clock();
    const std::vector<std::uint32_t> ids = encode(*tokenizer, row);
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    EXPECT_LT(seconds, 1.0 * kSanitizerFactor) << golden["unit"];
    ASSERT_EQ(ids.size(), golden["n_ids"].get<std::size_t>());
    const std::string_view bytes(reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof ids[0]);
    EXPECT_EQ(formats::sha256_hex(bytes), golden["sha256"].get<std::string>()) << golden["unit"];
  }
}

TEST(TokensGolden, EveryCodePointHasTheReferencesClass) {
  std::vector<CharClass> expected(0x110000, CharClass::kOther);
  const std::vector<std::string> ranges = lines_of(kGoldens + "char_classes.tsv");
  ASSERT_GT(ranges.size(), 700u);
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    std::istringstream range(ranges[i]);
    std::size_t first = 0;
    std::size_t last = 0;
    char name = 0;
    range >> std::hex >> first >> last >> name;
    ASSERT_TRUE(range && first <= last && last < expected.size()) << ranges[i];
    for (std::size_t c = first; c <= last; ++c) {
      expected[c] = name == 'L' ? CharClass::kLetter : name == 'N' ? CharClass::kNumber : CharClass::kSpace;
    }
  }
  for (char32_t c = 0; c < expected.size(); ++c) {
    ASSERT_EQ(char_class(c), expected[c]) << "U+" << std::hex << static_cast<std::uint32_t>(c);
  }
}

}  // namespace
}  // namespace penfield::tokens
