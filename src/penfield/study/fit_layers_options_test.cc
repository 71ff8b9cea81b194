#include "penfield/study/rows/row_regression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "penfield/base/random.h"
#include "penfield/study/fit_layers.h"

namespace penfield::study {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::uint32_t kTokens = 60;  // of discovery; as many held out
constexpr std::uint32_t kUnits = 3;

std::vector<float> random_values() {
  Random random(4);
  std::vector<float> out(std::size_t{2} * kTokens * kUnits);
  for (float& value : out) value = static_cast<float>(random.uniform());
  return out;
}

// values: [2 kTokens, kUnits]
activations::ActivationBlock block_of(const std::vector<float>& values) {
  activations::ActivationBlock block;
  block.values = MatrixView<const float>(values.data(), std::size_t{2} * kTokens, kUnits);
  return block;
}

// Two windows of tokens of one letter up to five, with and without a space; the first holds two documents,
// which part it in the middle, the second one.
class RowRegressionTest : public ::testing::Test {
 protected:
  RowRegressionTest() {
    Random random(3);
    documents_.resize(3);
    for (std::uint32_t t = 0; t < 2 * kTokens; ++t) {
      text::Document& document = documents_[t / 30 < 2 ? t / 30 : 2];
      const std::uint64_t length = 1 + random.below(5);
      std::string token(length, 'a');
      const bool has_space = random.below(2) == 0;
      if (has_space) token.insert(0, " ");
      stream_.ids.push_back(TokenId{static_cast<std::uint32_t>(2 * length + (has_space ? 1 : 0))});
      stream_.begin_bytes.push_back(document.text.size());
      document.text += token;
      stream_.end_bytes.push_back(document.text.size());
      plan_.samples.push_back(
          {.window = t / kTokens, .position = t % kTokens, .is_target = random.below(2) == 0});
    }
    stream_.document_first = {0, 30, 60, 120};
    plan_.windows = {{.split = sample::Split::kDiscovery, .first_token = 0, .n_tokens = kTokens},
                     {.split = sample::Split::kHeldOut, .first_token = kTokens, .n_tokens = kTokens}};
    plan_.n_discovery_samples = kTokens;
  }

  [[nodiscard]] RowFacts facts(const RegressionOptions& options) const {
    return row_facts(stream_, sample::TokenTraits(stream_, documents_), plan_, options);
  }

  tokens::TokenStream stream_;
  std::vector<text::Document> documents_;
  sample::SamplePlan plan_;
};

TEST_F(RowRegressionTest, FactsAreThoseOfTheSamples) {
  const RowFacts of = facts({.adjust = {sample::Trait::kLength, sample::Trait::kPosition}});
  ASSERT_EQ(of.covariates.size(), 2 * plan_.samples.size());
  for (std::uint32_t t = 0; t < 2 * kTokens; ++t) {
    EXPECT_EQ(of.covariates[std::size_t{2} * t], static_cast<std::uint32_t>(stream_.ids[t]) / 2);
    EXPECT_EQ(of.covariates[std::size_t{2} * t + 1], t % kTokens);
    EXPECT_EQ(facts({.cluster = Cluster::kDocument}).clusters[t], t < 30 ? 0u : t < 60 ? 1u : 2u);
    EXPECT_EQ(facts({.cluster = Cluster::kWord}).clusters[t], static_cast<std::uint32_t>(stream_.ids[t]));
  }
}

TEST_F(RowRegressionTest, NothingAskedForIsNothingSet) {
  SplitRows rows = rows_of_plan(plan_);
  ASSERT_TRUE(set_regressions({}, facts({}), rows).has_value());
  EXPECT_EQ(rows.discovery.regression, nullptr);
  EXPECT_EQ(rows.held_out.regression, nullptr);
}

// Through fit_layers: what fit_columns gives for the same covariates and clusters.
TEST_F(RowRegressionTest, BothSplitsAreAdjusted) {
  const RegressionOptions options{.intervals = association::Intervals::kWald,
                                  .adjust = {sample::Trait::kLength, sample::Trait::kPosition},
                                  .cluster = Cluster::kWord};
  SplitRows rows = rows_of_plan(plan_);
  const auto set = set_regressions(options, facts(options), rows);
  ASSERT_TRUE(set.has_value()) << set.error().message;
  Random random(4);
  std::vector<float> values;
  for (std::uint32_t i = 0; i < 2 * kTokens * kUnits; ++i) {
    const bool is_target = plan_.samples[i / kUnits].is_target;
    values.push_back(static_cast<float>(random.uniform()) + (is_target ? 0.2F : 0.0F));
  }
  const activations::ActivationBlock block = block_of(values);
  const findings::LayerFits fits = LayerFitter().fit(block, rows);
  const association::FitTable want = association::fit_columns(
      block.view().block(0, kTokens, 0, kUnits), rows.discovery.labels, rows.discovery.regression->options());
  const association::FitTable plain =
      association::fit_columns(block.view().block(0, kTokens, 0, kUnits), rows.discovery.labels);
  for (std::size_t unit = 0; unit < kUnits; ++unit) {
    EXPECT_EQ(fits.discovery.rows[unit].beta, want.rows[unit].beta);
    EXPECT_NE(fits.discovery.rows[unit].beta, plain.rows[unit].beta);
    EXPECT_GT(fits.discovery.rows[unit].se_cluster, 0);
    EXPECT_FALSE(std::isnan(fits.held_out.rows[unit].beta));
    EXPECT_GT(fits.held_out.rows[unit].df_cluster, 1);
  }
}

// Unseen words are adjusted as all words are, or have areas and no p where that cannot be.
TEST_F(RowRegressionTest, UnseenWordsAreAdjustedToo) {
  const RegressionOptions options{.intervals = association::Intervals::kWald,
                                  .adjust = {sample::Trait::kLength, sample::Trait::kPosition}};
  SplitRows rows = rows_of_plan(plan_);
  rows.test.emplace();
  rows.test->unseen = rows.held_out;
  RowFacts of = facts(options);
  ASSERT_TRUE(set_regressions(options, of, rows).has_value());
  const std::vector<float> values = random_values();
  const activations::ActivationBlock block = block_of(values);
  const findings::LayerFits fits = LayerFitter().fit(block, rows);
  rows.test->unseen.rows.resize(5);
  rows.test->unseen.labels = {1, 0, 1, 0, 1};  // fewer samples than two covariates ask for
  ASSERT_TRUE(set_regressions(options, of, rows).has_value());
  EXPECT_FALSE(rows.test->unseen.regression->is_possible());
  const findings::LayerFits few = LayerFitter().fit(block, rows);
  for (std::size_t unit = 0; unit < kUnits; ++unit) {
    EXPECT_EQ(fits.unseen.rows[unit].neglog10_p_lrt, fits.held_out.rows[unit].neglog10_p_lrt);
    EXPECT_TRUE(std::isnan(fits.unseen.rows[unit].beta_lo)) << "nobody is shown it";
    EXPECT_TRUE(std::isnan(few.unseen.rows[unit].neglog10_p_lrt));
    EXPECT_FALSE(std::isnan(few.unseen.rows[unit].auc));
  }
}

// Permuted labels come with the regression of the true ones.
TEST_F(RowRegressionTest, OtherLabelsOnTheSameRowsAreFittedAsTheyStand) {
  const RegressionOptions options{.adjust = {sample::Trait::kLength, sample::Trait::kPosition}};
  SplitRows rows = rows_of_plan(plan_);
  ASSERT_TRUE(set_regressions(options, facts(options), rows).has_value());
  std::vector<std::uint8_t> labels = rows.discovery.labels;
  std::rotate(labels.begin(), labels.begin() + 7, labels.end());
  SplitRows other = rows;
  other.discovery = with_labels(rows.discovery, labels);
  SplitRows anew = rows_of_plan(plan_);
  anew.discovery.labels = labels;
  ASSERT_TRUE(set_regressions(options, facts(options), anew).has_value());
  const std::vector<float> values = random_values();
  const activations::ActivationBlock block = block_of(values);
  const findings::LayerFits got = LayerFitter().fit(block, other);
  const findings::LayerFits want = LayerFitter().fit(block, anew);
  const findings::LayerFits before = LayerFitter().fit(block, rows);
  for (std::size_t unit = 0; unit < kUnits; ++unit) {
    EXPECT_EQ(got.discovery.rows[unit].beta, want.discovery.rows[unit].beta);
    EXPECT_NE(got.discovery.rows[unit].beta, before.discovery.rows[unit].beta);
  }
}

// Two documents in discovery, one held out: counted, and too few for an error.
TEST_F(RowRegressionTest, FewDocumentsHaveNoError) {
  const RegressionOptions options{.cluster = Cluster::kDocument};
  SplitRows rows = rows_of_plan(plan_);
  ASSERT_TRUE(set_regressions(options, facts(options), rows).has_value());
  EXPECT_EQ(rows.discovery.regression->clusters().n_with_target, 2u);
  EXPECT_EQ(rows.held_out.regression->clusters().n, 1u);
  const std::vector<float> values = random_values();
  const activations::ActivationBlock block = block_of(values);
  const findings::LayerFits fits = LayerFitter().fit(block, rows);
  EXPECT_FALSE(std::isnan(fits.discovery.rows[0].se));
  EXPECT_TRUE(std::isnan(fits.discovery.rows[0].se_cluster) && std::isnan(fits.held_out.rows[0].se_cluster));
}

TEST_F(RowRegressionTest, OneDocumentIsRefused) {
  const std::size_t n_before = documents_[0].text.size();
  for (std::size_t t = 30; t < 60; ++t) {
    stream_.begin_bytes[t] += n_before;
    stream_.end_bytes[t] += n_before;
  }
  documents_[0].text += documents_[1].text;
  documents_.erase(documents_.begin() + 1);
  stream_.document_first = {0, 60, 120};
  const RegressionOptions options{.cluster = Cluster::kDocument};
  SplitRows rows = rows_of_plan(plan_);
  const auto set = set_regressions(options, facts(options), rows);
  ASSERT_FALSE(set.has_value());
  EXPECT_EQ(set.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(set.error().message, AllOf(HasSubstr("--cluster document"), HasSubstr("--discovery")));
}

TEST_F(RowRegressionTest, ATraitThatAllShareIsRefusedByName) {
  const RegressionOptions options{.adjust = {sample::Trait::kLeadingSpace}};
  RowFacts of = facts(options);
  std::fill(of.covariates.begin() + kTokens, of.covariates.end(), 1.0);
  SplitRows rows = rows_of_plan(plan_);
  const auto set = set_regressions(options, of, rows);
  ASSERT_FALSE(set.has_value());
  EXPECT_THAT(set.error().message,
              AllOf(HasSubstr("--adjust"), HasSubstr("held-out"), HasSubstr("leading-space")));
}

TEST(RegressionFlags, AreWordsThatTheCommandLineKnows) {
  const auto flags = describe({.firth = association::Firth::kAlways,
                               .intervals = association::Intervals::kProfile,
                               .adjust = {sample::Trait::kLength, sample::Trait::kPosition},
                               .cluster = Cluster::kDocument});
  EXPECT_THAT(flags, testing::ElementsAre(
                         testing::Pair("firth", "always"), testing::Pair("intervals", "profile"),
                         testing::Pair("adjust", "length,position"), testing::Pair("cluster", "document")));
}

}  // namespace
}  // namespace penfield::study
