#include "penfield/sample/plan_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "penfield/base/random.h"

namespace penfield::sample {
namespace {

using labels::Label;
using labels::LabelTrack;
using testing::HasSubstr;
using tokens::TokenStream;

TokenStream stream_of(const std::vector<std::uint64_t>& document_lengths) {
  TokenStream stream;
  stream.document_first = {0};
  for (const std::uint64_t n : document_lengths) {
    for (std::uint64_t i = 0; i < n; ++i) {
      stream.ids.push_back(TokenId{static_cast<std::uint32_t>(i)});
      stream.begin_bytes.push_back(i);
      stream.end_bytes.push_back(i + 1);
    }
    stream.document_first.push_back(stream.ids.size());
  }
  return stream;
}

// Every `each`-th token is a target.
LabelTrack track_of(const TokenStream& stream, std::size_t each) {
  LabelTrack track{.concept_name = "proper-noun",
                   .labels = std::vector<Label>(stream.n_tokens(), Label::kOther)};
  for (std::size_t t = 0; t < stream.n_tokens(); t += each) {
    track.labels[t] = Label::kTarget;
    ++track.n_target;
  }
  return track;
}

std::vector<std::uint64_t> tokens_of(const SamplePlan& plan, bool is_target) {
  std::vector<std::uint64_t> out;
  for (const Sample& s : plan.samples) {
    if (s.is_target == is_target) out.push_back(plan.windows[s.window].first_token + s.position);
  }
  return out;
}

bool same(const SamplePlan& a, const SamplePlan& b) {
  const auto same_window = [](const Window& x, const Window& y) {
    return x.split == y.split && x.first_token == y.first_token && x.n_tokens == y.n_tokens;
  };
  const auto same_sample = [](const Sample& x, const Sample& y) {
    return x.window == y.window && x.position == y.position && x.is_target == y.is_target;
  };
  return std::equal(a.windows.begin(), a.windows.end(), b.windows.begin(), b.windows.end(), same_window) &&
         std::equal(a.samples.begin(), a.samples.end(), b.samples.begin(), b.samples.end(), same_sample);
}

const SplitCounts& counts_of(const SamplePlan& plan, Split split) {
  return plan.counts[static_cast<std::size_t>(split)];
}

// All that must hold for every plan, whatever the text.
void expect_sound(const SamplePlan& plan, const TokenStream& stream, const LabelTrack& track,
                  const SampleOptions& options) {
  std::map<std::uint32_t, std::set<Split>> splits_of_document;
  std::uint64_t last_end[2] = {0, 0};
  Split last_split = Split::kDiscovery;
  for (const Window& w : plan.windows) {
    EXPECT_GE(w.split, last_split);
    last_split = w.split;
    std::uint64_t& end = last_end[static_cast<std::size_t>(w.split)];
    EXPECT_GE(w.first_token, end);
    end = w.first_token + w.n_tokens;
    EXPECT_GT(w.n_tokens, 0u);
    EXPECT_LE(w.n_tokens, options.window_length);
    ASSERT_GE(w.first_token, stream.document_first[w.document]);
    ASSERT_LT(w.first_token, stream.document_first[w.document + 1]);
    if (options.layout == Layout::kDocuments) {
      EXPECT_LE(end, stream.document_first[w.document + 1]);
      splits_of_document[w.document].insert(w.split);
    }
  }
  for (const auto& [document, splits] : splits_of_document) EXPECT_EQ(splits.size(), 1u) << document;

  std::uint64_t n[2][2] = {};
  for (std::size_t i = 0; i < plan.samples.size(); ++i) {
    const Sample& s = plan.samples[i];
    const Window& w = plan.windows[s.window];
    EXPECT_GE(s.position, options.skip_first);
    EXPECT_LT(s.position, w.n_tokens);
    EXPECT_EQ(track.labels[w.first_token + s.position], s.is_target ? Label::kTarget : Label::kOther);
    EXPECT_EQ(w.split == Split::kDiscovery, i < plan.n_discovery_samples);
    ++n[static_cast<std::size_t>(w.split)][s.is_target];
    if (i > 0) {
      const Sample& before = plan.samples[i - 1];
      EXPECT_LT(std::pair(before.window, before.position), std::pair(s.window, s.position));
    }
  }
  for (const std::size_t s : {0, 1}) {
    EXPECT_EQ(n[s][1], plan.counts[s].n_target);
    EXPECT_EQ(n[s][0], plan.counts[s].n_comparison);
    EXPECT_EQ(n[s][0], n[s][1]);
    EXPECT_LE(plan.counts[s].n_windows, plan.counts[s].n_windows_wanted);
  }
}

TEST(PlanSamples, ManyTextsGiveSoundPlans) {
  Random random(7);
  int n_plans = 0;
  for (int trial = 0; trial < 400; ++trial) {
    std::vector<std::uint64_t> lengths(2 + random.below(20));
    for (std::uint64_t& n : lengths) n = random.below(60);
    const TokenStream stream = stream_of(lengths);
    LabelTrack track = track_of(stream, 1 + random.below(4));
    for (std::size_t t = 1; t < track.labels.size(); t += 5) track.labels[t] = Label::kExcluded;
    SampleOptions options;
    options.window_length = static_cast<std::uint32_t>(2 + random.below(15));
    options.n_discovery = 1 + random.below(12);
    options.n_held_out = random.below(12);
    options.skip_first = static_cast<std::uint32_t>(random.below(2));
    if (random.below(2) == 0) options.per_group = 1 + random.below(30);
    options.seed = static_cast<std::uint64_t>(trial);
    options.layout = random.below(2) == 0 ? Layout::kDocuments : Layout::kJoinedStream;
    const auto plan = plan_samples(stream, track, options);
    if (!plan) {
      EXPECT_EQ(plan.error().kind, ErrorKind::kBadInput);
      continue;
    }
    ++n_plans;
    expect_sound(*plan, stream, track, options);
    EXPECT_TRUE(same(*plan, *plan_samples(stream, track, options)));
  }
  EXPECT_GT(n_plans, 200);
}

TEST(PlanSamples, TakesWindowsFromAsManyDocumentsAsItCan) {
  const TokenStream stream = stream_of(std::vector<std::uint64_t>(12, 50));
  const LabelTrack track = track_of(stream, 3);
  const auto plan = plan_samples(stream, track, {.window_length = 10, .n_discovery = 6, .n_held_out = 6});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->counts[0].n_documents, 6u);
  EXPECT_EQ(plan->counts[1].n_documents, 6u);
  for (const Window& w : plan->windows) EXPECT_EQ(w.first_token, stream.document_first[w.document]);
  const auto more = plan_samples(stream, track, {.window_length = 10, .n_discovery = 9, .n_held_out = 6});
  ASSERT_TRUE(more);
  EXPECT_GE(more->counts[0].n_documents, 6u);
  EXPECT_EQ(more->counts[0].n_windows, 9u);
}

TEST(PlanSamples, DealsDocumentsInProportion) {
  const TokenStream stream = stream_of(std::vector<std::uint64_t>(110, 10));
  const auto plan =
      plan_samples(stream, track_of(stream, 3), {.window_length = 10, .n_discovery = 100, .n_held_out = 10});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->counts[0].n_windows, 100u);
  EXPECT_EQ(plan->counts[1].n_windows, 10u);
}

TEST(PlanSamples, SaysWhereTheTextHasFewerWindowsThanAskedFor) {
  const TokenStream stream = stream_of({25, 25});
  const auto plan =
      plan_samples(stream, track_of(stream, 3), {.window_length = 10, .n_discovery = 1000, .n_held_out = 2});
  ASSERT_TRUE(plan);
  EXPECT_EQ(counts_of(*plan, Split::kDiscovery).n_windows, 3u);
  EXPECT_EQ(counts_of(*plan, Split::kDiscovery).n_windows_wanted, 1000u);
  EXPECT_EQ(counts_of(*plan, Split::kDiscovery).n_tokens, 25u);
  EXPECT_EQ(counts_of(*plan, Split::kHeldOut).n_windows, 2u);
  EXPECT_EQ(counts_of(*plan, Split::kHeldOut).n_tokens, 20u);
}

TEST(PlanSamples, TheStudyTakesTheFirstWindowsOfTheJoinedStream) {
  const TokenStream stream = stream_of({7, 0, 8, 9, 20});
  const LabelTrack track = track_of(stream, 4);
  const SampleOptions options = {.window_length = 10,
                                 .n_discovery = 2,
                                 .n_held_out = 1,
                                 .skip_first = 0,
                                 .layout = Layout::kJoinedStream};
  const auto plan = plan_samples(stream, track, options);
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->windows.size(), 3u);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(plan->windows[k].first_token, 10 * k);
    EXPECT_EQ(plan->windows[k].n_tokens, 10u);
  }
  EXPECT_EQ(plan->windows[1].document, 2u);
  EXPECT_EQ(plan->counts[0].n_documents, 3u);
  EXPECT_EQ(plan->counts[1].n_documents, 2u);
  // All targets, position 0 too.
  EXPECT_EQ(tokens_of(*plan, true), (std::vector<std::uint64_t>{0, 4, 8, 12, 16, 20, 24, 28}));
}

// A document that only the last token of a window belongs to.
TEST(PlanSamples, DocumentsAreCountedToTheLastToken) {
  const TokenStream stream = stream_of({9, 10, 20});
  const auto plan =
      plan_samples(stream, track_of(stream, 4),
                   {.window_length = 10, .n_discovery = 1, .n_held_out = 1, .layout = Layout::kJoinedStream});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->counts[0].n_documents, 2u);
  EXPECT_EQ(plan->counts[1].n_documents, 2u);
}

TEST(PlanSamples, ALastShortWindowCounts) {
  const TokenStream stream = stream_of({14});
  const SampleOptions options = {.window_length = 10, .skip_first = 0, .layout = Layout::kJoinedStream};
  const auto plan = plan_samples(stream, track_of(stream, 2), options);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->windows[1].n_tokens, 4u);
}

TEST(PlanSamples, ASmallerCapKeepsAPartOfWhatALargerOneKeeps) {
  const TokenStream stream = stream_of({200, 200, 200});
  const LabelTrack track = track_of(stream, 3);
  SampleOptions options = {.window_length = 100};
  const SamplePlan all = *plan_samples(stream, track, options);
  options.per_group = 20;
  const SamplePlan twenty = *plan_samples(stream, track, options);
  options.per_group = 5;
  const SamplePlan five = *plan_samples(stream, track, options);
  EXPECT_EQ(five.counts[0].n_target, 5u);
  EXPECT_EQ(twenty.counts[1].n_comparison, 20u);
  EXPECT_EQ(five.counts[0].n_target_available, all.counts[0].n_target);
  for (const bool is_target : {false, true}) {
    std::vector<std::uint64_t> few = tokens_of(five, is_target);
    std::vector<std::uint64_t> more = tokens_of(twenty, is_target);
    std::sort(few.begin(), few.end());
    std::sort(more.begin(), more.end());
    EXPECT_TRUE(std::includes(more.begin(), more.end(), few.begin(), few.end()));
  }
}

TEST(PlanSamples, TargetsAreDrawnDownToTheOthers) {
  const TokenStream stream = stream_of({20});
  LabelTrack track = track_of(stream, 1);
  for (const std::size_t t : {3, 9, 11}) track.labels[t] = Label::kOther;
  const auto plan = plan_samples(stream, track, {.n_held_out = 0});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->counts[0].n_target_available, 16u);
  EXPECT_EQ(plan->counts[0].n_target, 3u);
  EXPECT_EQ(tokens_of(*plan, false), (std::vector<std::uint64_t>{3, 9, 11}));
  EXPECT_EQ(plan->samples.size(), plan->n_discovery_samples);
}

// Every other position is drawn equally often; and no draw repeats another by a shared stream of numbers.
TEST(PlanSamples, TheComparisonIsDrawnEvenly) {
  const TokenStream stream = stream_of({61});
  LabelTrack track = track_of(stream, 4);  // targets 4, 8, … 60 (0 is skipped): 15 of them, 45 others
  std::vector<int> n_drawn(61);
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const auto plan = plan_samples(stream, track, {.n_held_out = 0, .seed = seed});
    for (const std::uint64_t t : tokens_of(*plan, false)) ++n_drawn[t];
  }
  double chi2 = 0;
  for (std::size_t t = 1; t <= 60; ++t) {
    if (t % 4 != 0) chi2 += (n_drawn[t] - 1000.0) * (n_drawn[t] - 1000.0) / (1000.0 * (1 - 15.0 / 45));
  }
  EXPECT_LT(chi2 * 44 / 45, 78.75);  // chi-square, 44 degrees of freedom, p = .001
}

// Laid down so that a plan made elsewhere, or by an earlier version, can be made again.
TEST(PlanSamples, TheDrawOfASeedIsFixed) {
  const TokenStream stream = stream_of({30, 30, 30, 30});
  const auto plan =
      plan_samples(stream, track_of(stream, 5), {.window_length = 30, .seed = 42, .n_draws = 3});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->windows.size(), 2u);
  EXPECT_EQ(plan->windows[0].document, 3u);
  EXPECT_EQ(plan->windows[1].document, 1u);
  EXPECT_EQ(tokens_of(*plan, false), (std::vector<std::uint64_t>{96, 98, 99, 101, 116, 36, 39, 41, 44, 59}));
  std::vector<std::vector<std::uint64_t>> further;
  for (const std::vector<Sample>& draw : plan->further_draws) {
    further.emplace_back();
    for (const Sample& s : draw) further.back().push_back(plan->windows[s.window].first_token + s.position);
  }
  EXPECT_EQ(further,
            (std::vector<std::vector<std::uint64_t>>{{94, 97, 104, 108, 112}, {96, 98, 104, 112, 114}}));
}

TEST(PlanSamples, RefusesAnEmptyGroupAndSaysWhich) {
  const TokenStream stream = stream_of({20, 20});
  LabelTrack none{.concept_name = "words:x", .labels = std::vector<Label>(40, Label::kOther)};
  auto plan = plan_samples(stream, none, {});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(plan.error().message, HasSubstr("concept words:x: the discovery text has no target token"));

  plan = plan_samples(stream, track_of(stream, 1), {});
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().message, HasSubstr("the discovery text has no comparison token"));

  const SampleOptions joined = {.window_length = 20, .layout = Layout::kJoinedStream};
  LabelTrack first_only = none;
  first_only.labels[5] = first_only.labels[7] = Label::kTarget;
  plan = plan_samples(stream, first_only, joined);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(plan.error().message, HasSubstr("the held-out text has no target token"));

  SampleOptions without = joined;
  without.n_held_out = 0;
  plan = plan_samples(stream, first_only, without);
  ASSERT_TRUE(plan);  // two targets are enough for a plan

  EXPECT_EQ(plan->counts[0].n_target, 2u);
  EXPECT_EQ(plan->counts[1].n_windows, 0u);

  first_only.labels[7] = Label::kOther;
  plan = plan_samples(stream, first_only, without);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(plan.error().message, HasSubstr("has 1 target and"));
}

TEST(PlanSamples, ATargetInAnExcludedPositionOnlyIsNone) {
  const TokenStream stream = stream_of({20, 20});
  LabelTrack track{.concept_name = "words:x", .labels = std::vector<Label>(40, Label::kOther)};
  track.labels[0] = track.labels[1] = track.labels[20] = track.labels[21] = Label::kTarget;
  EXPECT_FALSE(plan_samples(stream, track, {.skip_first = 2}));
  EXPECT_TRUE(plan_samples(stream, track, {.skip_first = 0}));
}

TEST(PlanSamples, RefusesOneDocumentWhereHeldOutTextIsWanted) {
  const TokenStream stream = stream_of({0, 100, 0});
  const auto plan = plan_samples(stream, track_of(stream, 3), {.window_length = 10});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(plan.error().message, HasSubstr("one document"));
  EXPECT_TRUE(plan_samples(stream, track_of(stream, 3), {.window_length = 10, .n_held_out = 0}));
}

TEST(PlanSamples, RefusesAJoinedStreamThatDiscoveryUsesUp) {
  const TokenStream stream = stream_of({100, 100});
  const auto plan = plan_samples(stream, track_of(stream, 3),
                                 {.window_length = 100, .n_discovery = 2, .layout = Layout::kJoinedStream});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(plan.error().message, HasSubstr("nothing is left for the held-out test"));
}

TEST(PlanSamples, RefusesEmptyText) {
  for (const TokenStream& stream : {stream_of({}), stream_of({0, 0}), TokenStream{}}) {
    const auto plan = plan_samples(stream, track_of(stream, 1), {});
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().kind, ErrorKind::kBadInput);
  }
}

TEST(PlanSamples, RefusesOptionsThatAskForNothing) {
  const TokenStream stream = stream_of({20, 20});
  const LabelTrack track = track_of(stream, 3);
  const std::vector<SampleOptions> wrong = {
      {.window_length = 0}, {.n_discovery = 0}, {.per_group = 0}, {.window_length = 4, .skip_first = 4}};
  for (const SampleOptions& options : wrong) {
    const auto plan = plan_samples(stream, track, options);
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().kind, ErrorKind::kUsage);
  }
}

TEST(PlanSamples, ABudgetTakesHalfOfItFromTheDocumentsOfEachSplit) {
  std::vector<std::uint64_t> lengths;
  for (std::uint64_t d = 0; d < 60; ++d) lengths.push_back(20 + d * 37 % 100);
  const TokenStream stream = stream_of(lengths);
  const LabelTrack track = track_of(stream, 5);
  SampleOptions options{.window_length = 32, .budget = 1000};
  const auto plan = plan_samples(stream, track, options);
  ASSERT_TRUE(plan) << plan.error().message;
  for (const Split split : {Split::kDiscovery, Split::kHeldOut}) {
    const SplitCounts& counts = counts_of(*plan, split);
    EXPECT_GE(counts.n_tokens, 500u);
    EXPECT_LT(counts.n_tokens, 500u + 32u) << "a window more";
    EXPECT_EQ(counts.n_windows, counts.n_windows_wanted);
  }
  options.n_held_out = 0;
  EXPECT_GE(counts_of(*plan_samples(stream, track, options), Split::kDiscovery).n_tokens, 1000u);
  options = {.window_length = 32, .budget = 1'000'000};
  const auto all = plan_samples(stream, track, options);
  ASSERT_TRUE(all);
  const std::uint64_t n_all =
      counts_of(*all, Split::kDiscovery).n_tokens + counts_of(*all, Split::kHeldOut).n_tokens;
  EXPECT_EQ(n_all, stream.n_tokens());
  EXPECT_NEAR(static_cast<double>(counts_of(*all, Split::kDiscovery).n_tokens),
              static_cast<double>(n_all) / 2, 120);
  options.budget = 0;
  EXPECT_FALSE(plan_samples(stream, track, options));
}

}  // namespace
}  // namespace penfield::sample
