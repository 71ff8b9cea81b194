#include "penfield/tokens/text_step.h"

#include <gmock/gmock.h>
#include <ctime>

#include "penfield/base/sanitized_for_tests.h"
#include "penfield/tokens/nfc.h"

namespace penfield::tokens {
namespace {

using testing::ElementsAre;

const TextStep kCompose{TextStep::Kind::kNfc, "", ""};
const TextStep kSpaces{TextStep::Kind::kReplace, " ", "▁"};
const TextStep kBefore{TextStep::Kind::kPrepend, "", "▁"};

MappedText applied(const std::vector<TextStep>& steps, std::string_view text,
                   Place place = Place::kDocumentBegin) {
  std::optional<MappedText> out = apply_steps(steps, text, place);
  EXPECT_TRUE(out) << text;
  return out.value_or(MappedText{});
}

TEST(TextSteps, WhatChangesNothingIsNotCopied) {
  EXPECT_FALSE(apply_steps({kCompose, kSpaces}, "naïve", Place::kDocumentBegin));
  EXPECT_FALSE(apply_steps({}, "a b", Place::kDocumentBegin));
  EXPECT_FALSE(apply_steps({kBefore}, "", Place::kDocumentBegin));
}

TEST(TextSteps, ReplacementsCoverWhatTheyReplace) {
  const MappedText mapped = applied({kSpaces}, "a b");
  EXPECT_EQ(mapped.text, "a▁b");
  EXPECT_THAT(mapped.ends, ElementsAre(0, 1, 1, 1, 2, 3));
  const MappedText shorter = applied({{TextStep::Kind::kReplace, "abc", "x"}}, "1abc2");
  EXPECT_EQ(shorter.text, "1x2");
  EXPECT_THAT(shorter.ends, ElementsAre(0, 1, 4, 5));
  const MappedText removed = applied({{TextStep::Kind::kReplace, "a", ""}}, "abaa");
  EXPECT_EQ(removed.text, "b");
  EXPECT_THAT(removed.ends, ElementsAre(0, 4));
}

TEST(TextSteps, WhatIsInsertedCoversNothing) {
  const MappedText mapped = applied({kBefore, kSpaces}, "a ");
  EXPECT_EQ(mapped.text, "▁a▁");
  EXPECT_THAT(mapped.ends, ElementsAre(0, 0, 0, 0, 1, 1, 1, 2));
}

TEST(TextSteps, APrefixStandsWhereATextBegins) {
  EXPECT_FALSE(apply_steps({kBefore}, "a", Place::kInside));
  EXPECT_TRUE(apply_steps({kBefore}, "a", Place::kAfterToken));
  const TextStep unless{TextStep::Kind::kPrependUnless, "", " "};
  EXPECT_EQ(applied({unless}, "a").text, " a");
  EXPECT_FALSE(apply_steps({unless}, " a", Place::kDocumentBegin));
  EXPECT_FALSE(apply_steps({unless}, "a", Place::kInside));
  const TextStep first{TextStep::Kind::kPrependFirst, "", "▁"};
  EXPECT_EQ(applied({first}, "a").text, "▁a");
  EXPECT_FALSE(apply_steps({first}, "a", Place::kAfterToken));
  EXPECT_FALSE(apply_steps({first}, "▁a", Place::kDocumentBegin));
}

TEST(TextSteps, ACompositionCoversItsParts) {
  const MappedText mapped = applied({kCompose}, "ne\u0301e");  // n, e, CC 81, e
  EXPECT_EQ(mapped.text, "n\u00E9e");
  EXPECT_THAT(mapped.ends, ElementsAre(0, 1, 2, 4, 5));
  const MappedText longer = applied({kCompose, kSpaces}, "\u0958 x");  // a composition that is excluded
  EXPECT_EQ(longer.text, "\u0915\u093C▁x");
  EXPECT_THAT(longer.ends, ElementsAre(0, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5));
}

// Values of Python's unicodedata.normalize("NFC", …).
TEST(Nfc, IsUnicodes) {
  EXPECT_EQ(nfc("e\u0323\u0302"), "\u1EC7");
  EXPECT_EQ(nfc("e\u0302\u0323"), "\u1EC7");  // marks in another order
  EXPECT_EQ(nfc("\u1100\u1161\u11A8"), "\uAC01");
  EXPECT_EQ(nfc("\uAC00\u11A8"), "\uAC01");
  EXPECT_EQ(nfc("\u212B\u2126"), "\u00C5\u03A9");
  EXPECT_EQ(nfc("\u0344"), "\u0308\u0301");
  EXPECT_EQ(nfc("a\u0315\u0300\u05AE\u0300b"),
            "\u00E0\u05AE\u0300\u0315"
            "b");
  EXPECT_EQ(nfc("\xFF\xE2\x80"), "\xFF\xE2\x80");
  EXPECT_EQ(nfc(""), "");
}

TEST(Nfc, SegmentsAreACharacterAndWhatMayCombineWithIt) {
  const std::string_view text = "ae\u0301\u0323\uAC00\u11A8b\xFF\u0301";
  std::vector<std::size_t> ends;
  for (std::size_t at = 0; at < text.size();) ends.push_back(at = nfc_segment_end(text, at));
  EXPECT_THAT(ends, ElementsAre(1, 6, 12, 13, 14, 16));
}

TEST(Nfc, AMillionMarksTakeNoLonger) {
  std::string text = "e";
  for (int i = 0; i < 250'000; ++i) text += "\u0315\u0323";
  const std::clock_t begin = std::clock();
  const auto mapped = apply_steps({kCompose}, text, Place::kDocumentBegin);
  EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, 1.0 * kSanitizerFactor);
  ASSERT_TRUE(mapped);
  EXPECT_TRUE(mapped->text.starts_with("\u1EB9\u0323"));
  EXPECT_EQ(mapped->ends.back(), text.size());
}

}  // namespace
}  // namespace penfield::tokens
