#include "penfield/report/words/run_story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/report/words/synthetic_report_for_tests.h"

namespace penfield::report {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ContainsRegex;
using testing::Field;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

std::string fact(const RunStory& story, std::string_view name) {
  for (const RunFact& one : story.facts) {
    if (one.name == name) return one.value;
  }
  return "no such fact";
}

TEST(RunStory, TellsWhatWasAskedAndFound) {
  const RunStory story = tell_run(make_synthetic_report());
  EXPECT_EQ(story.title, "proper-noun in synthetic-gpt2");
  EXPECT_EQ(story.question,
            "Which of the 3,072 units in synthetic-gpt2 distinguish proper-noun tokens from other tokens?");
  EXPECT_EQ(fact(story, "Model"), "synthetic-gpt2, 6 layers × 512 units at mlp.pre");
  EXPECT_EQ(fact(story, "Weights"), "no such fact");
  EXPECT_EQ(fact(story, "BOS"), "no such fact");
  EXPECT_THAT(fact(story, "Held out"), StartsWith("189 target tokens"));
  EXPECT_EQ(fact(story, "Test"), "likelihood-ratio test, Bonferroni within each layer");
  EXPECT_EQ(fact(story, "Threshold"), "p\u00a0<\u00a09.8×10⁻⁵\u00a0=\u00a00.05\u00a0/\u00a0512");
  ASSERT_THAT(story.found, SizeIs(4));
  EXPECT_THAT(plain(story.found[0]),
              AllOf(HasSubstr(" of 3,072 units are significant: "), HasSubstr("(+), ")));
  EXPECT_THAT(plain(story.found[1]), HasSubstr("replicate on held-out text"));
  EXPECT_THAT(plain(story.found[3]), StartsWith("The most clearly suppressed unit is L"));
  EXPECT_THAT(plain(story.found[3]), ContainsRegex("\\[0\\.[0-9]+,\u00a00\\.[0-9]+\\] on held-out text\\.$"));
  EXPECT_THAT(story.found[3], Contains(Field(&Part::kind, Part::Kind::kUnit)));
}

TEST(RunStory, SaysThatTheModelIsQuantisedAndGivenBos) {
  ReportData data = make_synthetic_report();
  data.run.model.quantised = true;
  data.run.model.tensor_types = {{.type = "Q4_K", .n_tensors = 2, .n_values = 512},
                                 {.type = "F32", .n_tensors = 1, .n_values = 16}};
  data.run.model.bos = store::BosRecord{.token_id = 2, .token = "<bos>"};
  const RunStory story = tell_run(data);
  EXPECT_EQ(story.facts[1].name, "Weights");
  EXPECT_EQ(story.facts[1].value, "Q4_K, F32 (quantised: the findings are about the quantised model)");
  EXPECT_EQ(story.facts[2].name, "BOS");
  EXPECT_EQ(story.facts[2].value, "<bos> before every window; it is no sample");
}

TEST(RunStory, SaysWhenNothingWasFound) {
  const RunStory story = tell_run(make_synthetic_report({.is_null = true}));
  ASSERT_THAT(story.found, SizeIs(1));
  EXPECT_EQ(plain(story.found[0]), "No unit of 3,072 is significant.");
}

TEST(RunStory, SaysWhenThereIsNoHeldOutText) {
  ReportData data = make_synthetic_report();
  data.run.counts[1] = {};
  const RunStory story = tell_run(data);
  EXPECT_THAT(plain(story.found.at(1)), HasSubstr("no held-out text"));
  EXPECT_EQ(fact(story, "Held out"), "none");
}

TEST(RunStory, NamesAreSafe) {
  ReportData data = make_synthetic_report();
  data.run.model.name = "evil\x1b]0;x\x07";
  // NOLINTNEXTLINE(misc-misleading-bidirectional): an escape in this file
  data.run.text_files[0].path = "a/\u202etxt.exe";
  const RunStory story = tell_run(data);
  EXPECT_EQ(story.title, "proper-noun in evil\\u{1b}]0;x\\u{7}");
  EXPECT_EQ(fact(story, "Text"), "\\u{202e}txt.exe");
}

TEST(RunStory, AFolderIsCalledByItsOwnName) {
  ReportData data;
  data.run.concept_name = "c";
  const auto title_of = [&](const std::string& name) {
    data.run.model.name = name;
    return tell_run(data).title;
  };
  EXPECT_EQ(title_of("/home/me/models/demo/"), "c in demo");
  EXPECT_EQ(title_of("./demo"), "c in demo");
  EXPECT_EQ(title_of("owner/gpt2"), "c in owner/gpt2");
  EXPECT_EQ(title_of("/"), "c in /");
  EXPECT_EQ(title_of("."), "c in .");
  EXPECT_EQ(title_of(""), "c in the model");
}

TEST(RunStory, EmptyResultsAreToldToo) {
  const RunStory story = tell_run(ReportData{});
  EXPECT_EQ(plain(story.found.at(0)), "No unit of 0 is significant.");
}

TEST(ThresholdPhrase, FollowsTheCorrection) {
  ReportData data = make_synthetic_report();
  EXPECT_EQ(threshold_phrase(data), "p < 9.8×10⁻⁵ = 0.05 / 512");
  data.run.correction = findings::Correction::kNone;
  EXPECT_EQ(threshold_phrase(data), "p < 0.05");
  data.run.correction = findings::Correction::kBenjaminiHochberg;
  EXPECT_EQ(threshold_phrase(data), "adjusted p < 0.05");
  data.run.families.resize(1);
  EXPECT_EQ(threshold_phrase(data), "p up to 9.8×10⁻⁵");
}

}  // namespace
}  // namespace penfield::report
