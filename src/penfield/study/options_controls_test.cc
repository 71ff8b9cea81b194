#include "penfield/study/rows/control_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/study/options.h"

namespace penfield::study {
namespace {

model::Architecture model_of(std::uint32_t n_layers, std::uint32_t n_positions) {
  model::Architecture out;
  out.layers.resize(n_layers);
  out.n_positions = n_positions;
  return out;
}

using store::NullKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(ControlOptions, NothingAskedForIsRecordedAsSuch) {
  ControlOptions options;
  ASSERT_TRUE(resolve(options));
  EXPECT_THAT(describe(options),
              ElementsAre(Pair("against", "all others"), Pair("match", "none"), Pair("near-miss", "auto"),
                          Pair("cap-per-type", "none"), Pair("draws", "1"), Pair("null", "none"),
                          Pair("null-runs", "20")));
}

TEST(ControlOptions, EverythingAskedForReachesTheDraw) {
  StudyRequest request;
  request.controls = {.against = "upos:NOUN",
                      .match = sample::parse_traits("position,length", "--match").value(),
                      .cap_per_type = 3,
                      .n_draws = 7,
                      .nulls = parse_nulls("weights,labels,weights").value(),
                      .n_null_runs = 5};
  const auto plan = resolve(request, model_of(2, 128));
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_THAT(plan->sample.match, ElementsAre(sample::Trait::kLength, sample::Trait::kPosition));
  EXPECT_EQ(plan->sample.cap_per_type, 3u);
  EXPECT_EQ(plan->sample.n_draws, 7u);
  EXPECT_THAT(*plan->controls.nulls, ElementsAre(NullKind::kLabels, NullKind::kWeights));
  const auto& flags = plan->flags;
  for (const auto& [name, value] : describe(plan->controls)) {
    EXPECT_EQ(std::count(flags.begin(), flags.end(), std::pair(name, value)), 1) << name;
  }
}

TEST(ControlOptions, WhatThereIsNotIsNamed) {
  const auto refused = parse_nulls("labels,wieghts");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("did you mean weights?"));
  EXPECT_EQ(refused.error().kind, ErrorKind::kUsage);
  ControlOptions no_run{.nulls = std::vector{NullKind::kLabels}, .n_null_runs = 0};
  EXPECT_TRUE(parse_nulls("none")->empty());
  EXPECT_EQ(resolve(no_run).error().kind, ErrorKind::kUsage);
}

TEST(ControlOptions, RunsOfNoNullAreRefused) {
  ControlOptions options{.nulls = std::vector<NullKind>(), .n_null_runs = 20};
  const auto refused = resolve(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(refused.error().message, HasSubstr("--null-runs 20"));
  for (const char* nulls : {"weights,types", "init", "rotation"}) {
    ControlOptions given{.nulls = parse_nulls(nulls).value(), .n_null_runs = 3};
    ASSERT_TRUE(resolve(given));
    EXPECT_EQ(given.n_null_runs, 3u);
  }
}

}  // namespace
}  // namespace penfield::study
