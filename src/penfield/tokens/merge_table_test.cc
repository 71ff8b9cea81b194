#include "penfield/tokens/merge_table.h"

#include <gtest/gtest.h>

namespace penfield::tokens {
namespace {

TEST(MergeTable, FindsEachPairByItsRankAlone) {
  constexpr std::uint32_t kSide = 60;
  MergeTable table;
  EXPECT_EQ(table.find(TokenId{0}, TokenId{0}), MergeTable::kNoMerge);
  for (std::uint32_t left = 0; left < kSide; ++left) {
    for (std::uint32_t right = 0; right < kSide; ++right) {
      EXPECT_TRUE(table.add(TokenId{left}, TokenId{right}, TokenId{left * kSide + right}));
    }
  }
  ASSERT_EQ(table.size(), kSide * kSide);
  for (std::uint32_t left = 0; left < kSide; ++left) {
    for (std::uint32_t right = 0; right < kSide; ++right) {
      const MergeTable::Rank rank = table.find(TokenId{left}, TokenId{right});
      ASSERT_EQ(rank, left * kSide + right);
      EXPECT_EQ(table.merged(rank), TokenId{left * kSide + right});
    }
    EXPECT_EQ(table.find(TokenId{left}, TokenId{kSide}), MergeTable::kNoMerge);
    EXPECT_EQ(table.find(TokenId{kSide}, TokenId{left}), MergeTable::kNoMerge);
  }
}

TEST(MergeTable, RefusesAPairThatIsThere) {
  MergeTable table;
  EXPECT_TRUE(table.add(TokenId{1}, TokenId{2}, TokenId{3}));
  EXPECT_FALSE(table.add(TokenId{1}, TokenId{2}, TokenId{4}));
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.merged(table.find(TokenId{1}, TokenId{2})), TokenId{3});
}

}  // namespace
}  // namespace penfield::tokens
