#include "penfield/labels/contrast.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "penfield/labels/small_text_for_tests.h"

namespace penfield::labels {
namespace {

LabelTrack track(std::string_view name, std::string_view labels) {
  LabelTrack out{.concept_name = std::string(name), .labels = {}};
  for (const char label : labels) {
    out.labels.push_back(label == 'T' ? Label::kTarget : label == 'x' ? Label::kExcluded : Label::kOther);
    out.n_target += label == 'T' ? 1 : 0;
  }
  return out;
}

TEST(Contrast, EveryPairOfLabels) {
  const LabelTrack both = contrast(track("a", "TTT...xxx"), track("b", "T.xT.xT.x"));
  EXPECT_EQ(drawn(both.labels), "TTT.xxxxx");
  EXPECT_EQ(both.concept_name, "a");
  EXPECT_EQ(both.comparison_name, "b");
  EXPECT_EQ(both.n_target, 3u);
  EXPECT_EQ(both.n_both, 1u);
}

TEST(Contrast, AgainstItselfNothingIsLeftToCompare) {
  const LabelTrack same = contrast(track("a", "T.T."), track("a", "T.T."));
  EXPECT_EQ(drawn(same.labels), "TxTx");
  EXPECT_EQ(same.n_both, same.n_target);
}

}  // namespace
}  // namespace penfield::labels
