#include "penfield/sample/ladder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace penfield::sample {
namespace {

using labels::Label;

// One document of discovery, one held out, of 40 tokens each. Every fifth token is a target; of the others
// every token whose place is 1 modulo 5 is a near miss.
struct Text {
  tokens::TokenStream stream;
  std::vector<text::Document> documents;
  labels::LabelTrack asked, near;
  SamplePlan plan;

  Text() {
    stream.document_first = {0};
    for (std::size_t d = 0; d < 2; ++d) {
      text::Document document;
      for (std::uint32_t i = 0; i < 40; ++i) {
        stream.ids.push_back(static_cast<TokenId>(i));
        stream.begin_bytes.push_back(document.text.size());
        document.text += i % 2 == 0 ? " a" : "b";
        stream.end_bytes.push_back(document.text.size());
        asked.labels.push_back(i % 5 == 0 ? Label::kTarget : i % 5 == 4 ? Label::kExcluded : Label::kOther);
        near.labels.push_back(i % 5 == 1 || i == 5 || i == 9 ? Label::kTarget : Label::kOther);
      }
      document.row_end_bytes = {document.text.size()};
      stream.document_first.push_back(stream.ids.size());
      documents.push_back(std::move(document));
    }
    plan.windows = {{.split = Split::kDiscovery, .document = 0, .first_token = 0, .n_tokens = 40},
                    {.split = Split::kHeldOut, .document = 1, .first_token = 40, .n_tokens = 40}};
    plan.samples = {{0, 5, true}, {0, 6, false}, {1, 5, true}, {1, 7, false}, {1, 10, true}, {1, 12, false}};
    plan.n_discovery_samples = 2;
  }

  [[nodiscard]] LadderSamples draw(const NearMissTrack* near_miss, const SampleOptions& options = {}) const {
    return draw_ladder(asked, near_miss, plan, options, TokenTraits(stream, documents));
  }
};

std::set<std::uint32_t> positions(const std::vector<Sample>& samples, bool is_target) {
  std::set<std::uint32_t> out;
  for (const Sample& sample : samples) {
    EXPECT_EQ(sample.window, 1u) << "held-out text alone";
    if (sample.is_target == is_target) out.insert(sample.position);
  }
  return out;
}

TEST(Ladder, EveryRungHasThePlansHeldOutTargets) {
  const Text text;
  const NearMissTrack near{text.near};
  const LadderSamples ladder = text.draw(&near);
  EXPECT_EQ(positions(ladder.all, true), (std::set<std::uint32_t>{5, 10}));
  EXPECT_EQ(positions(ladder.near_miss, true), (std::set<std::uint32_t>{5, 10}));
  EXPECT_EQ(positions(ladder.all, false).size(), 2u);
  for (const std::uint32_t at : positions(ladder.all, false)) {
    EXPECT_NE(at % 5, 0u) << "a target";
    EXPECT_NE(at % 5, 4u) << "an excluded token";
  }
}

TEST(Ladder, TheNearMissIsNeitherATargetNorExcludedAndAtMostTwiceAsMany) {
  const Text text;
  const NearMissTrack near{text.near};
  const LadderSamples ladder = text.draw(&near);
  const std::set<std::uint32_t> others = positions(ladder.near_miss, false);
  EXPECT_EQ(others.size(), 4u);
  for (const std::uint32_t at : others) EXPECT_EQ(at % 5, 1u);
}

TEST(Ladder, TheCarriersContrastHasTheNearMissAsTargets) {
  const Text text;
  const NearMissTrack near{text.near};
  const LadderSamples ladder = text.draw(&near);
  EXPECT_EQ(positions(ladder.carrier, true), positions(ladder.near_miss, false));
  for (const std::uint32_t at : positions(ladder.carrier, false)) EXPECT_NE(at % 5, 1u);
}

TEST(Ladder, StrataAreThoseOfTheTrait) {
  const Text text;
  const NearMissTrack near{text.near, Trait::kLeadingSpace};
  const LadderSamples ladder = text.draw(&near);
  ASSERT_EQ(ladder.strata.size(), ladder.near_miss.size());
  for (std::size_t i = 0; i < ladder.strata.size(); ++i)
    EXPECT_EQ(ladder.strata[i], ladder.near_miss[i].position % 2 == 0 ? 1u : 0u);
}

TEST(Ladder, IsTheSameForTheSameSeedAndHasNoRungWithoutHeldOutText) {
  Text text;
  const NearMissTrack near{text.near};
  EXPECT_EQ(positions(text.draw(&near).all, false), positions(text.draw(&near).all, false));
  EXPECT_TRUE(text.draw(nullptr).near_miss.empty());
  text.plan.samples.resize(2);
  EXPECT_TRUE(text.draw(&near).all.empty());
}

}  // namespace
}  // namespace penfield::sample
