#include "penfield/study/rows/leave_groups_out.h"

#include <gtest/gtest.h>

#include <cmath>

namespace penfield::study {
namespace {

// Documents 7, 14, 21, … of two tokens each.
RowSet pairs_of_tokens(std::uint32_t n_documents) {
  RowSet out;
  for (std::uint32_t i = 0; i < 2 * n_documents; ++i) {
    out.rows.push_back(i);
    out.labels.push_back(static_cast<std::uint8_t>(i % 2));
    out.words.push_back(i);
    out.documents.push_back(7 * (1 + i / 2));
  }
  return out;
}

TEST(LeaveGroupsOut, EachDocumentIsLeftOutOnce) {
  const auto without = leave_groups_out(pairs_of_tokens(50), 20, 10);
  ASSERT_EQ(without.size(), 20u);
  std::size_t n_left_out = 0;
  for (const WithoutGroup& one : without) {
    n_left_out += 100 - one.rows.size();
    EXPECT_NEAR(one.scale, std::sqrt(100.0 / static_cast<double>(one.rows.size())), 1e-12);
    EXPECT_EQ(one.rows.labels.size(), one.rows.size());
    EXPECT_EQ(one.rows.documents.size(), one.rows.size());
  }
  EXPECT_EQ(n_left_out, 100u);
}

TEST(LeaveGroupsOut, FewDocumentsAreGroupsOfTheirOwnOrTooFew) {
  EXPECT_EQ(leave_groups_out(pairs_of_tokens(12), 20, 10).size(), 12u);
  EXPECT_TRUE(leave_groups_out(pairs_of_tokens(9), 20, 10).empty());
  EXPECT_TRUE(leave_groups_out(RowSet{}, 20, 10).empty());
}

}  // namespace
}  // namespace penfield::study
