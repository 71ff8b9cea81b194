#include "penfield/tokens/check_ids.h"

#include <gmock/gmock.h>

namespace penfield::tokens {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Text {
  text::Corpus corpus;
  Tokenizer tokenizer;
  TokenStream stream;
};

// Tokens a, b and <x>, with ids 0, 1 and 2, of two documents.
Text text_of(std::string second) {
  Spec spec;
  spec.token_bytes = {"a", "b", "<x>"};
  spec.by_text = {{"a", TokenId{0}}, {"b", TokenId{1}}};
  spec.byte_tokens['a'] = TokenId{0};
  spec.byte_tokens['b'] = TokenId{1};
  AddedToken& added = spec.added.emplace_back();
  added.content = "<x>";
  added.id = TokenId{2};
  Text out{{}, Tokenizer(std::move(spec)), {}};
  for (std::string text : {std::string("ab"), std::move(second)}) {
    text::Document& document = out.corpus.documents.emplace_back();
    document.source = "text.txt:" + std::to_string(out.corpus.documents.size());
    document.row_end_bytes = {text.size()};
    document.text = std::move(text);
  }
  out.stream = tokenize(out.tokenizer, out.corpus).value();
  return out;
}

TEST(CheckIds, OnlyATokenThatStandsInTheTextNeedsAnEmbedding) {
  const Text without = text_of("ba"), with = text_of("a<x>");
  EXPECT_TRUE(check_ids(without.stream, without.corpus, without.tokenizer, 2));
  EXPECT_TRUE(check_ids(with.stream, with.corpus, with.tokenizer, 3));
  EXPECT_TRUE(check_ids(with.stream, with.corpus, with.tokenizer, 50));
  const auto refused = check_ids(with.stream, with.corpus, with.tokenizer, 2);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(refused.error().message,
              AllOf(HasSubstr("text.txt:2"), HasSubstr("<x> (id 2)"), HasSubstr("2 embeddings")));
}

TEST(CheckIds, NotesSayWhatTheModelDoesNotSee) {
  const Text plain = text_of("ba"), lacking = text_of("bé");
  EXPECT_THAT(notes_on(plain.stream, plain.tokenizer, 3), IsEmpty());
  EXPECT_THAT(notes_on(plain.stream, plain.tokenizer, 2), ElementsAre(HasSubstr("3 tokens")));
  EXPECT_THAT(notes_on(lacking.stream, lacking.tokenizer, 9), ElementsAre(HasSubstr("2 bytes")));
}

}  // namespace
}  // namespace penfield::tokens
