#include "penfield/study/options.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace penfield::study {
namespace {

model::Architecture model_of(std::uint32_t n_layers, std::uint32_t n_positions) {
  model::Architecture out;
  out.layers.resize(n_layers);
  out.n_positions = n_positions;
  return out;
}

std::string flag(const StudyPlan& plan, std::string_view name) {
  const auto at =
      std::find_if(plan.flags.begin(), plan.flags.end(), [&](const auto& f) { return f.first == name; });
  return at == plan.flags.end() ? "missing" : at->second;
}

TEST(Options, StudyProfileIsThePublishedDesign) {
  StudyRequest request;
  request.profile = Profile::kStudy;
  const auto plan = resolve(request, model_of(24, 1024));
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->concept_spec, "proper-noun-study");
  EXPECT_EQ(plan->sample.skip_first, 0u);
  EXPECT_EQ(plan->sample.layout, sample::Layout::kJoinedStream);
  EXPECT_EQ(plan->sample.window_length, 1024u);
  EXPECT_EQ(plan->text.min_row_length, 50u);
  EXPECT_EQ(plan->text.max_rows, 200u);
  EXPECT_EQ(plan->test, findings::Test::kWald);
  EXPECT_EQ(plan->correction, findings::Correction::kBonferroni);
  EXPECT_EQ(plan->family, findings::Family::kLayer);
  EXPECT_EQ(plan->layers.size(), 24u);
  EXPECT_EQ(flag(*plan, "rows"), "200");
}

TEST(Options, ABosTokenIsAPositionOfTheWindowAndTheFirstToBeLeftOut) {
  StudyRequest request;
  auto plan = resolve(request, model_of(6, 256), TokenId{2});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->sample.window_length, 255u);  // of text
  EXPECT_EQ(plan->sample.skip_first, 0u);
  EXPECT_EQ(flag(*plan, "window"), "256");
  EXPECT_EQ(flag(*plan, "skip-first"), "1");
  EXPECT_EQ(flag(*plan, "bos"), "always");
  EXPECT_EQ(flag(*resolve(request, model_of(6, 256)), "bos"), "never");
  request.skip_first = 3;
  request.window = 10;
  plan = resolve(request, model_of(6, 256), TokenId{2});
  EXPECT_EQ(plan->sample.window_length, 9u);
  EXPECT_EQ(plan->sample.skip_first, 2u);
  request.skip_first = 0;
  EXPECT_EQ(resolve(request, model_of(6, 256), TokenId{2})->sample.skip_first, 0u);
  request.window = 1;
  EXPECT_TRUE(resolve(request, model_of(6, 256)));
  EXPECT_EQ(resolve(request, model_of(6, 256), TokenId{2}).error().kind, ErrorKind::kUsage);
}

TEST(Options, RobustProfileAndWhatIsGivenWins) {
  StudyRequest request;
  const auto robust = resolve(request, model_of(6, 256));
  ASSERT_TRUE(robust);
  EXPECT_EQ(robust->concept_spec, "proper-noun");
  EXPECT_EQ(robust->sample.skip_first, 1u);
  EXPECT_EQ(robust->sample.layout, sample::Layout::kDocuments);
  EXPECT_EQ(robust->text.min_row_length, 0u);
  EXPECT_FALSE(robust->text.max_rows);
  EXPECT_EQ(robust->family, findings::Family::kModel);
  request.profile = Profile::kStudy;
  request.concept_spec = "proper-noun";
  request.test = findings::Test::kScore;
  request.max_rows = 7;
  request.skip_first = 3;
  request.layers = "0,2-3";
  request.window = 100;
  const auto mixed = resolve(request, model_of(6, 256));
  ASSERT_TRUE(mixed);
  EXPECT_EQ(mixed->concept_spec, "proper-noun");
  EXPECT_EQ(mixed->test, findings::Test::kScore);
  EXPECT_EQ(mixed->text.max_rows, 7u);
  EXPECT_EQ(mixed->sample.skip_first, 3u);
  EXPECT_EQ(mixed->sample.window_length, 100u);
  EXPECT_EQ(mixed->layers, (std::vector<std::uint32_t>{0, 2, 3}));
}

TEST(Options, RobustProfileObservesMatchedWordsOfAllTextUpToABudget) {
  const auto plan = resolve(StudyRequest{}, model_of(6, 256));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->test, findings::Test::kWords);
  EXPECT_EQ(plan->correction, findings::Correction::kMaxT);
  EXPECT_EQ(plan->permutation.within, PermuteWithin::kTokenTypeAndDocument);
  EXPECT_EQ(plan->sample.budget, 40'960u);
  EXPECT_EQ(flag(*plan, "match"), "leading-space,length,log-frequency,position");
  EXPECT_EQ(flag(*plan, "held-out"), "half of the budget");
}

TEST(Options, DescriptiveProfileComparesTokensOfOneWindowWithAllOthers) {
  StudyRequest request;
  request.profile = Profile::kDescriptive;
  const auto plan = resolve(request, model_of(6, 256));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->test, findings::Test::kLrt);
  EXPECT_EQ(plan->correction, findings::Correction::kBonferroni);
  EXPECT_FALSE(plan->sample.budget);
  EXPECT_EQ(plan->sample.n_discovery, 1u);
  EXPECT_EQ(plan->sample.n_held_out, 1u);
  EXPECT_TRUE(plan->sample.match.empty());
  EXPECT_TRUE(plan->controls.nulls->empty());
}

TEST(Options, AnOptionThatSpeaksOfTokensLeavesTokensAsObservations) {
  StudyRequest request;
  request.test = findings::Test::kLrt;
  auto plan = resolve(request, model_of(6, 256));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->correction, findings::Correction::kBonferroni);
  request.test.reset();
  request.regression.adjust = {sample::Trait::kLength};
  plan = resolve(request, model_of(6, 256));
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->test, findings::Test::kLrt);
  request.regression.adjust.clear();
  request.permutation.within = PermuteWithin::kDocument;
  plan = resolve(request, model_of(6, 256));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->test, findings::Test::kScore);
}

TEST(Options, WindowsTakeThePlaceOfTheBudget) {
  StudyRequest request;
  request.n_discovery = 7;
  auto plan = resolve(request, model_of(6, 256));
  ASSERT_TRUE(plan);
  EXPECT_FALSE(plan->sample.budget);
  EXPECT_EQ(plan->sample.n_held_out, 7u);
  request.budget = 1000;
  EXPECT_EQ(resolve(request, model_of(6, 256)).error().kind, ErrorKind::kUsage);
  request.n_discovery.reset();
  request.n_held_out = 0;
  plan = resolve(request, model_of(6, 256));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->sample.budget, 1000u);
  EXPECT_EQ(flag(*plan, "discovery"), "the budget");
}

TEST(Options, ControlListsAreRunByDefaultWhereTheirActivationsAreFew) {
  model::Architecture small = model_of(6, 256), large = model_of(24, 1024);
  small.mlp.n_inner = 512;
  large.mlp.n_inner = 4096;
  EXPECT_EQ(flag(*resolve(StudyRequest{}, small), "null"), "lists");
  EXPECT_EQ(flag(*resolve(StudyRequest{}, large), "null"), "none");
  StudyRequest request;
  request.controls.nulls = parse_nulls("none").value();
  EXPECT_EQ(flag(*resolve(request, small), "null"), "none");
  request.controls.nulls = parse_nulls("lists").value();
  EXPECT_EQ(flag(*resolve(request, large), "null"), "lists");
  request.controls.against = "upos:NOUN";
  EXPECT_EQ(resolve(request, small).error().kind, ErrorKind::kUsage);
}

TEST(Options, RefusesWhatWouldHaveNoEffect) {
  using findings::Correction;
  using findings::MaxT;
  StudyRequest request;
  request.profile = Profile::kDescriptive;
  for (const Correction correction : {Correction::kBonferroni, Correction::kBenjaminiHochberg}) {
    for (const MaxT max_t : {MaxT::kStepDown, MaxT::kSingleStep}) {
      request.correction = correction;
      request.permutation = {.n_permutations = 100, .max_t = max_t};
      ASSERT_FALSE(resolve(request, model_of(6, 256)));
      EXPECT_EQ(resolve(request, model_of(6, 256)).error().kind, ErrorKind::kUsage);
    }
    request.permutation = {.within = PermuteWithin::kTokenType};
    EXPECT_FALSE(resolve(request, model_of(6, 256)));
    request.permutation.n_permutations = 100;
    EXPECT_TRUE(resolve(request, model_of(6, 256))) << "permutations that describe";
  }
  request.correction = Correction::kMaxT;
  request.permutation = {.max_t = MaxT::kSingleStep, .within = PermuteWithin::kDocument};
  const auto plan = resolve(request, model_of(6, 256));
  ASSERT_TRUE(plan);
  EXPECT_EQ(flag(*plan, "maxt"), "single-step");
  EXPECT_EQ(flag(*plan, "permute-within"), "document");
}

TEST(Options, RefusesWhatTheModelDoesNotHave) {
  StudyRequest request;
  request.window = 257;
  EXPECT_EQ(resolve(request, model_of(6, 256)).error().kind, ErrorKind::kUsage);
  request.window.reset();
  request.layers = "6";
  EXPECT_EQ(resolve(request, model_of(6, 256)).error().kind, ErrorKind::kUsage);
  request.layers = "all";
  request.alpha = 1;
  EXPECT_EQ(resolve(request, model_of(6, 256)).error().kind, ErrorKind::kUsage);
}

}  // namespace
}  // namespace penfield::study
