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
  EncodeScratch scratch;
  tokenizer.encode(row, scratch, ids, end_bytes);
  return ids;
}

std::vector<std::string> shown(const Tokenizer& tokenizer, std::string_view row) {
  std::vector<std::string> out;
  for (const TokenId id : encode(tokenizer, row)) out.emplace_back(tokenizer.token_bytes(id));
  return out;
}

// A vocabulary of the single bytes and what `merges` makes of them, each pair joined in the order given.
struct Merge {
  std::string left;
  std::string right;
};

Spec spec_of(const std::vector<Merge>& merges) {
  Spec spec;
  spec.splitter = Splitter::kGpt2;
  const auto add = [&](const std::string& bytes) {
    const auto [at, added] = spec.by_text.emplace(bytes, static_cast<TokenId>(spec.token_bytes.size()));
    if (added) spec.token_bytes.push_back(bytes);
    return at->second;
  };
  for (unsigned byte = 0; byte < 256; ++byte)
    spec.byte_tokens[byte] = add(std::string(1, static_cast<char>(byte)));
  for (const Merge& merge : merges) add(merge.left + merge.right);
  MergeTable::Rank rank = 0;
  for (const Merge& merge : merges) {
    spec.merges.add(spec.by_text.at(merge.left), spec.by_text.at(merge.right),
                    {rank++, spec.by_text.at(merge.left + merge.right)});
  }
  return spec;
}

// The slow way: find the pair of the lowest rank, join the first such pair, begin again.
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
    std::size_t i = 0;
    while (symbols[i] != first->left || symbols[i + 1] != first->right) ++i;
    symbols[i] += symbols[i + 1];
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(i) + 1);
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
    const Tokenizer tokenizer = Tokenizer(spec_of(merges));
    for (int words = 0; words < 10; ++words) {
      std::string word;
      for (std::uint64_t n = 1 + random.below(60); n > 0; --n)
        word += static_cast<char>('a' + random.below(3));
      ASSERT_EQ(shown(tokenizer, word), merge_by_rescanning(word, merges)) << word;
    }
  }
}

TEST(Tokenizer, JoinsOverlappingPairsFromTheLeft) {
  const Tokenizer tokenizer = Tokenizer(spec_of({{"a", "a"}}));
  const std::vector<TokenId> ids = encode(tokenizer, "aaaaa");
  EXPECT_THAT(ids, testing::ElementsAre(TokenId{256}, TokenId{256}, TokenId{'a'}));
}

TEST(Tokenizer, TakesAPairThatAJoinMadeBeforePairsOfALaterRank) {
  // "abcabc": as by the tokenizers library, "abc|ab" is joined as soon as it appears; GPT-2's published
  // encoder would first join the second "ab|c". No trained list of merges holds such a pair.
  const Tokenizer tokenizer(spec_of({{"a", "b"}, {"abc", "ab"}, {"ab", "c"}}));
  EXPECT_THAT(shown(tokenizer, "abcabc"), testing::ElementsAre("abcab", "c"));
}

TEST(Tokenizer, TokensCoverTheRowAndItsBytesAreTheirs) {
  const auto tokenizer = Tokenizer::open(kDemoModel);
  ASSERT_TRUE(tokenizer) << tokenizer.error().message;
  for (const std::string_view row :
       {std::string_view(""), std::string_view("Ada Lovelace's 3 naïve 😀s\n"), std::string_view("\0 \0", 3),
        std::string_view("broken \xE2\x80 \xFF bytes")}) {
    std::vector<TokenId> ids = {TokenId{0}};  // what is there already stays
    std::vector<std::uint64_t> end_bytes = {99};
    EncodeScratch scratch;
    tokenizer->encode(row, scratch, ids, end_bytes);
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

TEST(Tokenizer, TextThatSpellsASpecialTokenIsThatTokenOrTextOnRequest) {
  const auto tokenizer = Tokenizer::open(kDemoModel);
  ASSERT_TRUE(tokenizer);
  const auto end_of_text = static_cast<TokenId>(tokenizer->vocab_size() - 1);
  ASSERT_EQ(tokenizer->token_bytes(end_of_text), "<|endoftext|>");
  EXPECT_THAT(encode(*tokenizer, "<|endoftext|>"), testing::ElementsAre(end_of_text));
  EncodeScratch scratch;
  std::vector<TokenId> ids;
  std::vector<std::uint64_t> end_bytes;
  tokenizer->encode("<|endoftext|>", scratch, ids, end_bytes, Special::kText);
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
  EXPECT_THAT(tokenizer.error().message, HasSubstr("tests/golden/tokens: holds neither"));
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

TEST(Tokenize, StopsBetweenBatches) {
  const auto tokenizer = Tokenizer::open(kDemoModel);
  ASSERT_TRUE(tokenizer);
  std::stop_source source;
  source.request_stop();
  const auto stream = tokenize(*tokenizer, large_corpus(), {}, Watch({}, source.get_token()));
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, ErrorKind::kInterrupted);
}

TEST(Tokenize, RowsOfADocumentAreEncodedOneByOneAndJoined) {
  const auto tokenizer = Tokenizer::open(kDemoModel);
  ASSERT_TRUE(tokenizer);
  const text::Corpus corpus = large_corpus();
  const TokenStream stream = tokenize(*tokenizer, corpus, {EncodeUnit::kRows, Special::kToken}).value();
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

TEST(Tokenize, ADocumentIsOneTextAlsoWhereItIsEncodedInParts) {
  const auto tokenizer = Tokenizer::open(kDemoModel);
  ASSERT_TRUE(tokenizer);
  ASSERT_TRUE(tokenizer->can_cut_after_lines());
  text::Corpus corpus = large_corpus();
  for (text::Document& document : corpus.documents) {
    for (std::size_t at = 0; at + 1 < document.text.size(); at += 3) {  // also lines that may be cut behind
      if (document.text[at] == ' ' && document.text[at + 1] == '\n') document.text[at] = '.';
    }
  }
  const TokenStream stream = tokenize(*tokenizer, corpus).value();
  for (std::size_t d = 0; d < corpus.documents.size(); ++d) {
    const std::vector<TokenId> ids = encode(*tokenizer, corpus.documents[d].text);
    const auto first = stream.ids.begin() + static_cast<std::ptrdiff_t>(stream.document_first[d]);
    ASSERT_EQ(std::vector<TokenId>(first, first + static_cast<std::ptrdiff_t>(ids.size())), ids);
    ASSERT_EQ(stream.document_first[d + 1] - stream.document_first[d], ids.size());
  }
}

TEST(Tokenize, ATokenMayReachOverRowsOfADocumentButNotOverDocuments) {
  Spec spec = spec_of({{"\n", "\n"}});
  spec.splitter = Splitter::kLlama3;
  const Tokenizer tokenizer(std::move(spec));
  text::Corpus corpus;
  for (int i = 0; i < 2; ++i) {
    text::Document& document = corpus.documents.emplace_back();
    document.text = "a\n\nb\n";
    document.row_end_bytes = {2, 3, 5};
  }
  const TokenStream whole = tokenize(tokenizer, corpus).value();
  const TokenId newline{'\n'}, two{256};
  EXPECT_THAT(whole.ids, testing::ElementsAre(TokenId{'a'}, two, TokenId{'b'}, newline, TokenId{'a'}, two,
                                              TokenId{'b'}, newline));
  EXPECT_EQ(whole.begin_bytes[1], 1u);
  EXPECT_EQ(whole.end_bytes[1], 3u);
  const TokenStream rows = tokenize(tokenizer, corpus, {EncodeUnit::kRows, Special::kToken}).value();
  EXPECT_EQ(rows.n_tokens(), 10u);
}

TEST(Tokenize, BytesWithoutATokenBelongToANeighbourAndAreCounted) {
  Spec spec = spec_of({});
  spec.byte_tokens['x'] = std::nullopt;
  spec.byte_tokens['y'] = std::nullopt;
  const Tokenizer tokenizer(std::move(spec));
  text::Corpus corpus;
  text::Document& document = corpus.documents.emplace_back();
  document.text = "xax\nyy\n.x";
  document.row_end_bytes = {4, 7, document.text.size()};
  text::Document& nothing = corpus.documents.emplace_back();
  nothing.text = "xy";
  nothing.row_end_bytes = {2};
  for (const EncodeUnit unit : {EncodeUnit::kDocuments, EncodeUnit::kRows}) {
    const TokenStream stream = tokenize(tokenizer, corpus, {unit, Special::kToken}).value();
    EXPECT_EQ(stream.n_bytes_without_token, 7u);
    ASSERT_EQ(stream.n_documents(), 2u);
    EXPECT_EQ(stream.document_first[1], stream.document_first[2]);
    ASSERT_EQ(stream.n_tokens(), 4u);
    EXPECT_EQ(token_bytes(stream, corpus.documents[0], 0), "xax");
    EXPECT_EQ(token_bytes(stream, corpus.documents[0], 1), "\n");
    EXPECT_EQ(token_bytes(stream, corpus.documents[0], 2), "yy\n");
    EXPECT_EQ(token_bytes(stream, corpus.documents[0], 3), ".x");
  }
}

TEST(Tokenize, NumberOfThreadsChangesNothing) {
  const auto tokenizer = Tokenizer::open(kDemoModel);
  ASSERT_TRUE(tokenizer);
  const text::Corpus corpus = large_corpus();
  set_threads(1);
  const TokenStream alone = tokenize(*tokenizer, corpus).value();
  for (const int n : {2, 8}) {
    set_threads(n);
    const TokenStream together = tokenize(*tokenizer, corpus).value();
    EXPECT_EQ(together.ids, alone.ids);
    EXPECT_EQ(together.begin_bytes, alone.begin_bytes);
    EXPECT_EQ(together.end_bytes, alone.end_bytes);
    EXPECT_EQ(together.document_first, alone.document_first);
  }
  set_threads(0);
}

}  // namespace
}  // namespace penfield::tokens
