#include "penfield/activations/cover_windows.h"

#include <gtest/gtest.h>

namespace penfield::activations {
namespace {

tokens::TokenStream stream_of(const std::vector<std::uint64_t>& document_lengths) {
  tokens::TokenStream out;
  out.document_first = {0};
  for (const std::uint64_t n : document_lengths) out.document_first.push_back(out.document_first.back() + n);
  out.ids.resize(out.document_first.back());
  return out;
}

TEST(CoverWindows, EndWithTheirDocument) {
  const auto windows = cover_windows(stream_of({5, 0, 2}), 3, false);
  ASSERT_EQ(windows.size(), 3u);
  EXPECT_EQ(windows[0].n_tokens, 3u);
  EXPECT_EQ(windows[1].first_token, 3u);
  EXPECT_EQ(windows[1].n_tokens, 2u);
  EXPECT_EQ(windows[2].document, 2u);
  EXPECT_EQ(windows[2].first_token, 5u);
}

TEST(CoverWindows, JoinedGoOnOverTheEnds) {
  const auto windows = cover_windows(stream_of({5, 0, 2}), 3, true);
  ASSERT_EQ(windows.size(), 3u);
  EXPECT_EQ(windows[1].n_tokens, 3u);
  EXPECT_EQ(windows[2].first_token, 6u);
  EXPECT_EQ(windows[2].n_tokens, 1u);
}

TEST(CoverWindows, OfNothingThereAreNone) {
  EXPECT_TRUE(cover_windows(stream_of({}), 3, true).empty());
  EXPECT_TRUE(cover_windows(stream_of({0}), 3, false).empty());
}

}  // namespace
}  // namespace penfield::activations
