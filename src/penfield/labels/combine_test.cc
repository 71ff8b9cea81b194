#include "penfield/labels/combine.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "penfield/labels/small_text_for_tests.h"

namespace penfield::labels {
namespace {

std::vector<Label> track(const std::string& labels) {
  std::vector<Label> out;
  for (const char c : labels)
    out.push_back(c == 'T' ? Label::kTarget : c == 'x' ? Label::kExcluded : Label::kOther);
  return out;
}

std::string combined(const std::vector<std::string>& all_of, const std::vector<std::string>& none_of) {
  std::vector<std::vector<Label>> all;
  std::vector<std::vector<Label>> none;
  for (const std::string& labels : all_of) all.push_back(track(labels));
  for (const std::string& labels : none_of) none.push_back(track(labels));
  return drawn(combine(all, none));
}

// All nine pairs of labels.
TEST(Combine, EveryPairOfLabels) {
  EXPECT_EQ(combined({"TTT...xxx", "T.xT.xT.x"}, {}), "T.x..xxxx");
  EXPECT_EQ(combined({"TTT...xxx"}, {"T.xT.xT.x"}), ".Tx..xxxx");
}

TEST(Combine, OneTrackIsItself) {
  EXPECT_EQ(combined({"T.x"}, {}), "T.x");
  EXPECT_EQ(combined({""}, {""}), "");
}

// Sets: the order of the parts changes nothing.
TEST(Combine, TheOrderOfThePartsDoesNotMatter) {
  const std::string a = "TTTT....xTT";
  const std::string b = "TT..TT..T.T";
  const std::string c = "T.T.T.T.TxT";
  EXPECT_EQ(combined({a, b}, {c}), ".T......xx.");
  EXPECT_EQ(combined({b, a}, {c}), combined({a, b}, {c}));
  EXPECT_EQ(combined({a}, {b, c}), combined({a}, {c, b}));
}

}  // namespace
}  // namespace penfield::labels
