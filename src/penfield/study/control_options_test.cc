#include "penfield/study/control_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/study/options.h"

namespace penfield::study {
namespace {

using store::NullKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(ControlOptions, NothingAskedForIsRecordedAsSuch) {
  const auto plan = resolve_controls({});
  ASSERT_TRUE(plan);
  EXPECT_THAT(describe_controls(*plan),
              ElementsAre(Pair("against", "all others"), Pair("match", "none"), Pair("cap-per-type", "none"),
                          Pair("draws", "1"), Pair("null", "none"), Pair("null-runs", "20")));
}

TEST(ControlOptions, EverythingAskedForReachesTheDraw) {
  StudyRequest request;
  request.controls = {.against = "upos:NOUN",
                      .match = "position,length",
                      .cap_per_type = 3,
                      .n_draws = 7,
                      .nulls = "weights,labels,weights",
                      .n_null_runs = 5};
  const auto plan = resolve(request, 2, 128);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_THAT(plan->sample.match, ElementsAre(sample::Trait::kLength, sample::Trait::kPosition));
  EXPECT_EQ(plan->sample.cap_per_type, 3u);
  EXPECT_EQ(plan->sample.n_draws, 7u);
  EXPECT_THAT(plan->controls.nulls, ElementsAre(NullKind::kLabels, NullKind::kWeights));
  const auto& flags = plan->flags;
  for (const auto& [name, value] : describe_controls(plan->controls)) {
    EXPECT_EQ(std::count(flags.begin(), flags.end(), std::pair(name, value)), 1) << name;
  }
}

TEST(ControlOptions, WhatThereIsNotIsNamed) {
  ControlRequest request{.nulls = "labels,wieghts"};
  EXPECT_THAT(resolve_controls(request).error().message, HasSubstr("did you mean weights?"));
  EXPECT_EQ(resolve_controls(request).error().kind, ErrorKind::kUsage);
  request = {.match = "lenght"};
  EXPECT_THAT(resolve_controls(request).error().message, HasSubstr("--match lenght"));
  request = {.nulls = "labels", .n_null_runs = 0};
  EXPECT_EQ(resolve_controls(request).error().kind, ErrorKind::kUsage);
}

TEST(ControlOptions, RunsOfNoNullAreRefused) {
  for (const std::optional<std::string>& nulls :
       {std::optional<std::string>(), std::optional<std::string>("weights")}) {
    const auto refused = resolve_controls({.nulls = nulls, .n_null_runs = 20});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(refused.error().message, HasSubstr("--null-runs 20"));
  }
  EXPECT_EQ(resolve_controls({.nulls = "weights,types", .n_null_runs = 3})->n_null_runs, 3u);
}

}  // namespace
}  // namespace penfield::study
