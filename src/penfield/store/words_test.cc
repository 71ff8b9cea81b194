#include "penfield/store/words.h"

#include <gtest/gtest.h>

namespace penfield::store {
namespace {

template <class Enum>
void expect_all_come_back(int n) {
  for (int i = 0; i < n; ++i) {
    const auto value = static_cast<Enum>(i);
    EXPECT_EQ(parse_word<Enum>(word_of(value)), value) << word_of(value);
  }
  EXPECT_FALSE(parse_word<Enum>("OK"));
}

TEST(Words, ComeBack) {
  expect_all_come_back<association::FitStatus>(7);
  expect_all_come_back<findings::Test>(5);
  expect_all_come_back<findings::Correction>(6);
  expect_all_come_back<findings::Family>(2);
  expect_all_come_back<sample::Split>(2);
  expect_all_come_back<sample::Trait>(8);
  expect_all_come_back<NullKind>(3);
  EXPECT_FALSE(parse_word<findings::Test>(""));
  EXPECT_EQ(word_of(findings::Correction::kBenjaminiYekutieli), "by");
  EXPECT_EQ(word_of(association::FitStatus::kTooFew), "too_few");
}

TEST(Words, TraitsAreSpeltWithUnderscores) {
  EXPECT_EQ(word_of(sample::Trait::kLeadingSpace), "leading_space");
  EXPECT_EQ(word_of(sample::Trait::kLength), "length");
  EXPECT_EQ(word_of(sample::Trait::kLogFrequency), "log_frequency");
  EXPECT_EQ(word_of(sample::Trait::kPosition), "position");
  EXPECT_FALSE(parse_word<sample::Trait>("log-frequency"));
}

}  // namespace
}  // namespace penfield::store
