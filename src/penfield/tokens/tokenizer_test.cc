#include "penfield/tokens/tokenizer.h"

#include <gmock/gmock.h>

#include <set>

#include "penfield/base/parallel.h"
#include "penfield/base/random.h"

namespace penfield::tokens {
namespace {

using testing::HasSubstr;

constexpr char kDemoModel[] = "models/demo";

std::vector<TokenId> encode(const Tokenizer& tokenizer, std::string_view row) {
  std::vector<TokenId> ids;
  std::vector<std::uint64_t> end_bytes;
  tokenizer.encode(row, ids, end_bytes);
  return ids;
}

// A vocabulary of the single bytes and what `merges` makes of them, each pair joined in the order given.
struct Merge {
  std::string left;
  std::string right;
};

Vocabulary vocabulary_of(const std::vector<Merge>& merges) {
  Vocabulary vocabulary;
  const auto add = [&](const std::string& bytes) {
    const auto [at, added] =
        vocabulary.by_name.emplace(bytes, static_cast<TokenId>(vocabulary.token_bytes.size()));
    if (added) vocabulary.token_bytes.push_back(bytes);
    return at->second;
  };
  for (unsigned byte = 0; byte < 256; ++byte)
    vocabulary.byte_tokens[byte] = add(std::string(1, static_cast<char>(byte)));
  for (const Merge& merge : merges) add(merge.left + merge.right);
  return vocabulary;
}

Tokenizer tokenizer_of(const std::vector<Merge>& merges) {
  Vocabulary vocabulary = vocabulary_of(merges);
  MergeTable table;
  for (const Merge& merge : merges) {
    table.add(vocabulary.by_name.at(merge.left), vocabulary.by_name.at(merge.right),
              vocabulary.by_name.at(merge.left + merge.right));
  }
  return {std::move(vocabulary), std::move(table)};
}

// The published way: find the pair of the lowest rank, join it from left to right, begin again.
std::vector<std::string> merge_by_rescanning(std::string_view word, const std::vector<Merge>& merges) {
  std::vector<std::string> symbols;
  for (const char byte : word) symbols.emplace_back(1, byte);
  for (;;) {
    const auto first = std::find_if(merges.begin(), merges.end(), [&](const Merge& merge) {
      for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
        if (symbols[i] == merge.left && symbols[i + 1] == merge.right) return true;
      }
      return false;
    });
    if (first == merges.end()) return symbols;
    std::vector<std::string> joined;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      if (i + 1 < symbols.size() && symbols[i] == first->left && symbols[i + 1] == first->right) {
        joined.push_back(symbols[i] + symbols[i + 1]);
        ++i;
      } else {
        joined.push_back(symbols[i]);
      }
    }
    symbols = std::move(joined);
  }
}

// Merges in an order that no training gives: a token may be made in several ways, and a late merge may make a
// pair that ranks before it.
std::vector<Merge> random_merges(Random& random) {
  std::vector<std::string> known = {"a", "b", "c"};
  std::vector<Merge> merges;
  std::set<std::pair<std::string, std::string>> pairs;
  for (int i = 0; i < 14; ++i) {
    const Merge merge{known[random.below(known.size())], known[random.below(known.size())]};
    if (merge.left.size() + merge.right.size() > 6 || !pairs.insert({merge.left, merge.right}).second)
      continue;
    merges.push_back(merge);
    known.push_back(merge.left + merge.right);
  }
  random.shuffle(std::span(merges));
  return merges;
}

TEST(Tokenizer, MergesAsTheRescanningReferenceDoesWhateverTheOrderOfTheMerges) {
  Random random(7);
  for (int trial = 0; trial < 400; ++trial) {
    const std::vector<Merge> merges = random_merges(random);
    const Tokenizer tokenizer = tokenizer_of(merges);
    for (int words = 0; words < 10; ++words) {
      std::string word;
      for (std::uint64_t n = 1 + random.below(60); n > 0; --n)
        word += static_cast<char>('a' + random.below(3));
      std::vector<std::string> shown;
      for (const TokenId id : encode(tokenizer, word)) shown.emplace_back(tokenizer.token_bytes(id));
      ASSERT_EQ(shown, merge_by_rescanning(word, merges)) << word;
    }
  }
}

TEST(Tokenizer, JoinsOverlappingPairsFromTheLeft) {
  const Tokenizer tokenizer = tokenizer_of({{"a", "a"}});
  const std::vector<TokenId> ids = encode(tokenizer, "aaaaa");
  EXPECT_THAT(ids, testing::ElementsAre(TokenId{256}, TokenId{256}, TokenId{'a'}));
}

TEST(Tokenizer, FinishesAPassBeforeItLooksAtPairsThatThePassMade) {
  // "abcabc": joining both "ab|c" first leaves two "abc"; taking "abc|ab" as soon as it appears would leave
  // "abcab|c".
  const std::vector<Merge> merges = {{"a", "b"}, {"abc", "ab"}, {"ab", "c"}};
  Vocabulary vocabulary = vocabulary_of({{"a", "b"}, {"ab", "c"}, {"abc", "ab"}});
  MergeTable table;
  for (const Merge& merge : merges) {
    table.add(vocabulary.by_name.at(merge.left), vocabulary.by_name.at(merge.right),
              vocabulary.by_name.at(merge.left + merge.right));
  }
  const TokenId abc = vocabulary.by_name.at("abc");
  const Tokenizer tokenizer(std::move(vocabulary), std::move(table));
  EXPECT_THAT(encode(tokenizer, "abcabc"), testing::ElementsAre(abc, abc));
}

TEST(Tokenizer, TokensCoverTheRowAndItsBytesAreTheirs) {
  const auto tokenizer = Tokenizer::open(kDemoModel);
  ASSERT_TRUE(tokenizer) << tokenizer.error().message;
  for (const std::string_view row :
       {std::string_view(""), std::string_view("Ada Lovelace's 3 naïve 😀s\n"), std::string_view("\0 \0", 3),
        std::string_view("broken \xE2\x80 \xFF bytes")}) {
    std::vector<TokenId> ids = {TokenId{0}};  // what is there already stays
    std::vector<std::uint64_t> end_bytes = {99};
    tokenizer->encode(row, ids, end_bytes);
    ASSERT_EQ(ids.size(), end_bytes.size());
    EXPECT_EQ(ids[0], TokenId{0});
    std::string bytes;
    for (std::size_t t = 1; t < ids.size(); ++t) {
      bytes += tokenizer->token_bytes(ids[t]);
      EXPECT_EQ(end_bytes[t], bytes.size());
    }
    EXPECT_EQ(bytes, row);
  }
}

TEST(Tokenizer, TextThatSpellsASpecialTokenIsText) {
  const auto tokenizer = Tokenizer::open(kDemoModel);
  ASSERT_TRUE(tokenizer);
  const auto end_of_text = static_cast<TokenId>(tokenizer->vocab_size() - 1);
  ASSERT_EQ(tokenizer->token_bytes(end_of_text), "<|endoftext|>");
  const std::vector<TokenId> ids = encode(*tokenizer, "<|endoftext|>");
  EXPECT_GT(ids.size(), 1u);
  EXPECT_THAT(ids, testing::Not(testing::Contains(end_of_text)));
}

TEST(Tokenizer, GivesTheSameTokensWhenItsCacheIsFull) {
  const auto tokenizer = Tokenizer::open(kDemoModel);
  ASSERT_TRUE(tokenizer);
  EncodeScratch scratch;
  std::vector<TokenId> ids;
  std::vector<std::uint64_t> end_bytes;
  std::size_t most_words = 0;
  for (int i = 0; i < 70'000; ++i) {
    tokenizer->encode(fmt::format(" {}", i), scratch, ids, end_bytes);
    most_words = std::max(most_words, scratch.words.size());
  }
  EXPECT_LE(most_words, 65'536u);
  EXPECT_LT(scratch.words.size(), most_words);  // it was emptied
  ids.clear();
  tokenizer->encode(" 12 is twelve and 69999 is large", scratch, ids, end_bytes);
  EXPECT_EQ(ids, encode(*tokenizer, " 12 is twelve and 69999 is large"));
}

TEST(Tokenizer, AMissingFileIsNamed) {
  const auto tokenizer = Tokenizer::open("tests/golden/tokens");
  ASSERT_FALSE(tokenizer);
  EXPECT_EQ(tokenizer.error().kind, ErrorKind::kIo);
  EXPECT_THAT(tokenizer.error().message, HasSubstr("tests/golden/tokens/vocab.json"));
}

// Documents of many rows, some empty of rows, larger than a batch.
text::Corpus large_corpus() {
  text::Corpus corpus;
  Random random(11);
  for (int d = 0; d < 5; ++d) {
    text::Document& document = corpus.documents.emplace_back();
    const std::uint64_t n_rows = d == 2 ? 0 : d == 3 ? 4000 : random.below(400) + 1;
    for (std::uint64_t row = 0; row < n_rows; ++row) {
      for (std::uint64_t n = random.below(12); n > 0; --n)
        document.text += fmt::format("word{} ", random.below(5000));
      document.text += '\n';
      document.row_end_bytes.push_back(document.text.size());
    }
  }
  return corpus;
}

TEST(Tokenize, RowsOfADocumentAreEncodedOneByOneAndJoined) {
  const auto tokenizer = Tokenizer::open(kDemoModel);
  ASSERT_TRUE(tokenizer);
  const text::Corpus corpus = large_corpus();
  const TokenStream stream = tokenize(*tokenizer, corpus);
  ASSERT_EQ(stream.n_documents(), corpus.documents.size());
  EXPECT_EQ(stream.document_first.front(), 0u);
  EXPECT_EQ(stream.document_first.back(), stream.n_tokens());
  std::size_t t = 0;
  for (std::size_t d = 0; d < corpus.documents.size(); ++d) {
    const text::Document& document = corpus.documents[d];
    EXPECT_EQ(stream.document_first[d], t);
    std::uint64_t begin = 0;
    for (const std::uint64_t row_end : document.row_end_bytes) {
      for (const TokenId id :
           encode(*tokenizer, std::string_view(document.text).substr(begin, row_end - begin))) {
        ASSERT_EQ(stream.ids[t], id);
        ASSERT_EQ(token_bytes(stream, document, t), tokenizer->token_bytes(id));
        ASSERT_EQ(stream.begin_bytes[t], begin);
        begin = stream.end_bytes[t++];
      }
      ASSERT_EQ(begin, row_end);
    }
  }
  EXPECT_EQ(t, stream.n_tokens());
}

TEST(Tokenize, NumberOfThreadsChangesNothing) {
  const auto tokenizer = Tokenizer::open(kDemoModel);
  ASSERT_TRUE(tokenizer);
  const text::Corpus corpus = large_corpus();
  set_threads(1);
  const TokenStream alone = tokenize(*tokenizer, corpus);
  for (const int n : {2, 8}) {
    set_threads(n);
    const TokenStream together = tokenize(*tokenizer, corpus);
    EXPECT_EQ(together.ids, alone.ids);
    EXPECT_EQ(together.begin_bytes, alone.begin_bytes);
    EXPECT_EQ(together.end_bytes, alone.end_bytes);
    EXPECT_EQ(together.document_first, alone.document_first);
  }
  set_threads(0);
}

}  // namespace
}  // namespace penfield::tokens
