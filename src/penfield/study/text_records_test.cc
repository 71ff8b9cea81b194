#include "penfield/study/text_records.h"

#include <gtest/gtest.h>

namespace penfield::study {
namespace {

using sample::Split;

// Two documents of four tokens, "Ab cd Ef gh" and "ij Kl mn Op"; the target is every capital.
LabelledText small_text() {
  LabelledText out;
  std::uint32_t id = 0;
  for (const char* text : {"Ab cd Ef gh", "ij Ab mn Ab"}) {
    text::Document document;
    document.text = text;
    out.stream.document_first.push_back(out.stream.ids.size());
    for (std::uint64_t t = 0; t < 4; ++t) {
      const std::uint64_t begin = t == 0 ? 0 : 3 * t - 1;
      const bool capital = std::isupper(document.text[3 * t]) != 0;
      out.stream.ids.push_back(TokenId{document.text.substr(3 * t, 2) == "Ab" && t > 0 ? 77 : id});
      ++id;
      out.stream.begin_bytes.push_back(begin);
      out.stream.end_bytes.push_back(3 * t + 2);
      out.track.labels.push_back(capital ? labels::Label::kTarget : labels::Label::kOther);
    }
    out.corpus.documents.push_back(document);
  }
  out.stream.document_first.push_back(8);
  return out;
}

sample::SamplePlan small_plan() {
  sample::SamplePlan plan;
  plan.windows = {{Split::kDiscovery, 0, 0, 6},
                  {Split::kHeldOut, 1, 6, 2}};  // the first crosses a document's end
  plan.samples = {{0, 2, true}, {0, 3, false}, {0, 5, true}, {1, 0, false}, {1, 1, true}};
  plan.n_discovery_samples = 3;
  return plan;
}

TEST(TextRecords, SampleRowsNameDocumentTokenAndGroup) {
  const auto rows = sample_rows(small_text(), small_plan());
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[0].token, "·Ef");
  EXPECT_EQ(rows[0].document, 0u);
  EXPECT_TRUE(rows[0].is_target);
  EXPECT_EQ(rows[2].token, "·Ab");
  EXPECT_EQ(rows[2].document, 1u);
  EXPECT_EQ(rows[2].token_id, 77u);
  EXPECT_EQ(rows[2].token_index, 5u);
  EXPECT_EQ(rows[4].token_index, 7u);
  EXPECT_EQ(rows[3].split, Split::kHeldOut);
  EXPECT_EQ(rows[3].position, 0u);
  EXPECT_EQ(rows[3].token, "·mn");
}

TEST(TextRecords, WindowTokensCoverTheWindowAcrossDocuments) {
  const std::vector<std::uint32_t> windows = {0, 1};
  const auto rows = window_tokens(small_text(), small_plan(), windows);
  ASSERT_EQ(rows.size(), 8u);
  EXPECT_EQ(rows[3].document, 0u);
  EXPECT_EQ(rows[4].document, 1u);
  EXPECT_EQ(rows[4].token, "ij");
  EXPECT_EQ(rows[4].position, 4u);
  EXPECT_TRUE(rows[5].is_target);
  EXPECT_TRUE(rows[5].is_sampled);
  EXPECT_FALSE(rows[4].is_sampled);
  EXPECT_EQ(rows[6].window, 1u);
  EXPECT_EQ(rows[6].position, 0u);
}

TEST(TextRecords, HeatmapWindowsAreTheFirstThatFitAndAtLeastOne) {
  sample::SamplePlan plan;
  for (int i = 0; i < 4; ++i) plan.windows.push_back({Split::kDiscovery, 0, 0, 100});
  for (int i = 0; i < 2; ++i) plan.windows.push_back({Split::kHeldOut, 1, 0, 500});
  EXPECT_EQ(heatmap_windows(plan, 250), (std::vector<std::uint32_t>{0, 1, 4}));
  EXPECT_EQ(heatmap_windows(plan, 1000), (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5}));
}

TEST(TextRecords, TargetTypesAreCountedInDiscoveryAlone) {
  const TargetTypes types = count_target_types(small_text(), small_plan(), 10);
  EXPECT_EQ(types.n_types, 2u);
  ASSERT_EQ(types.top.size(), 2u);
  std::uint64_t total = 0;
  for (const auto& type : types.top) total += type.n_target;
  EXPECT_EQ(total, 2u);
  EXPECT_EQ(count_target_types(small_text(), small_plan(), 1).top.size(), 1u);
}

}  // namespace
}  // namespace penfield::study
