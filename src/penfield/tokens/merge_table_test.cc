#include "penfield/tokens/merge_table.h"

#include <gtest/gtest.h>

namespace penfield::tokens {
namespace {

TEST(MergeTable, FindsEachPairByItsRankAlone) {
  constexpr std::uint32_t kSide = 60;
  MergeTable table;
  EXPECT_EQ(table.find(TokenId{0}, TokenId{0}).rank, MergeTable::kNoMerge);
  for (std::uint32_t left = 0; left < kSide; ++left) {
    for (std::uint32_t right = 0; right < kSide; ++right) {
      const std::uint32_t rank = left * kSide + right;
      EXPECT_TRUE(table.add(TokenId{left}, TokenId{right}, {rank, TokenId{rank + 7}}));
    }
  }
  ASSERT_EQ(table.size(), kSide * kSide);
  for (std::uint32_t left = 0; left < kSide; ++left) {
    for (std::uint32_t right = 0; right < kSide; ++right) {
      const MergeTable::Merge merge = table.find(TokenId{left}, TokenId{right});
      ASSERT_EQ(merge.rank, left * kSide + right);
      EXPECT_EQ(merge.merged, TokenId{merge.rank + 7});
    }
    EXPECT_EQ(table.find(TokenId{left}, TokenId{kSide}).rank, MergeTable::kNoMerge);
    EXPECT_EQ(table.find(TokenId{kSide}, TokenId{left}).rank, MergeTable::kNoMerge);
  }
}

TEST(MergeTable, RefusesAPairThatIsThere) {
  MergeTable table;
  EXPECT_TRUE(table.add(TokenId{1}, TokenId{2}, {5, TokenId{3}}));
  EXPECT_FALSE(table.add(TokenId{1}, TokenId{2}, {4, TokenId{4}}));
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.find(TokenId{1}, TokenId{2}).merged, TokenId{3});
}

}  // namespace
}  // namespace penfield::tokens
