// Covariates: which are refused and by what name, and what the orthogonal columns keep of them.
#include "penfield/association/scalar/covariates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "penfield/association/scalar/rows_of_groups.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"

namespace penfield::association {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kSamples = 60;

class CovariatesTest : public ::testing::Test {
 protected:
  CovariatesTest() {
    Random random(5);
    for (std::size_t i = 0; i < kSamples; ++i) {
      values_.push_back(100.0 + 3.0 * simulated::normal(random));
      values_.push_back(1e6 * random.uniform());
      values_.push_back(random.below(2) == 0 ? 1.0 : 0.0);
    }
  }

  double& at(std::size_t sample, std::size_t covariate) { return values_[sample * 3 + covariate]; }
  Result<Covariates> prepare() { return Covariates::prepare({values_.data(), kSamples, 3}, names_, labels_); }
  void expect_refused(const char* name, const char* reason) {
    const Result<Covariates> result = prepare();
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().kind, ErrorKind::kBadInput);
    EXPECT_THAT(result.error().message, HasSubstr(std::string("covariate ") + name));
    EXPECT_THAT(result.error().message, HasSubstr(reason));
    EXPECT_EQ(result.error().message.find('\n'), std::string::npos);
  }

  std::vector<double> values_;
  std::vector<std::string> names_ = {"length", "frequency", "space"};
  std::vector<std::uint8_t> labels_ = simulated::labels(kSamples, 25, 3);
};

TEST_F(CovariatesTest, ColumnsAreOrthogonalAndOfMeanSquareOne) {
  const auto covariates = prepare();
  ASSERT_TRUE(covariates.has_value()) << covariates.error().message;
  ASSERT_EQ(covariates->m(), 4u);
  EXPECT_EQ(covariates->n_target(), 25u);
  for (std::size_t j = 0; j < 4; ++j) {
    for (std::size_t k = 0; k <= j; ++k) {
      double mean = 0;
      for (std::size_t i = 0; i < kSamples; ++i)
        mean += covariates->columns()[i * 4 + j] * covariates->columns()[i * 4 + k] / kSamples;
      EXPECT_NEAR(mean, j == k ? 1.0 : 0.0, 1e-14);
    }
  }
}

// The columns are lines of the covariates: their value at zero is where those lines lead.
TEST_F(CovariatesTest, KnowWhereTheCovariatesAreZero) {
  const auto as_is = prepare();
  for (std::size_t k = 0; k < 3; ++k) at(0, k) = 0;
  const auto with_zero = prepare();
  ASSERT_TRUE(as_is && with_zero);
  const std::vector<std::size_t> rows = rows_of_groups(labels_).rows;
  const std::size_t place = static_cast<std::size_t>(std::find(rows.begin(), rows.end(), 0u) - rows.begin());
  for (std::size_t j = 0; j < 4; ++j)
    EXPECT_NEAR(with_zero->columns()[place * 4 + j], with_zero->at_zero()[j], 1e-12);
  EXPECT_GT(std::fabs(as_is->at_zero()[1]), 10.0);
}

TEST_F(CovariatesTest, TheNullFitsTheLabelsOnCovariatesAlone) {
  const auto covariates = prepare();
  ASSERT_TRUE(covariates.has_value());
  for (std::size_t j = 0; j < 4; ++j) {  // the score is zero
    double score = 0;
    for (std::size_t i = 0; i < kSamples; ++i)
      score += (i < 25 ? 1 : -1) * covariates->null_wrong()[i] * covariates->columns()[i * 4 + j];
    EXPECT_NEAR(score, 0.0, 1e-12);
  }
  const Covariates none = Covariates::none(labels_);
  EXPECT_EQ(none.m(), 1u);
  EXPECT_NEAR(none.null_theta()[0], std::log(25.0 / 35.0), 1e-14);
  EXPECT_GT(covariates->null_log_likelihood(), none.null_log_likelihood());
}

TEST_F(CovariatesTest, RefusesWhatIsNoNumber) {
  at(17, 1) = std::numeric_limits<double>::infinity();
  expect_refused("frequency", "sample 17");
}

TEST_F(CovariatesTest, RefusesAConstant) {
  for (std::size_t i = 0; i < kSamples; ++i) at(i, 2) = 0.1;
  expect_refused("space", "same value");
}

TEST_F(CovariatesTest, RefusesALinearCombination) {
  for (std::size_t i = 0; i < kSamples; ++i) at(i, 2) = 2 * at(i, 0) - 1e-5 * at(i, 1) + 7;
  expect_refused("space", "linear combination");
}

TEST_F(CovariatesTest, RefusesOneThatPartsTheGroups) {
  for (std::size_t i = 0; i < kSamples; ++i) at(i, 1) = labels_[i] != 0 ? 5.0 + static_cast<double>(i) : 1.0;
  expect_refused("frequency", "without error");
}

TEST_F(CovariatesTest, RefusesTwoThatPartTheGroupsTogether) {
  for (std::size_t i = 0; i < kSamples; ++i) at(i, 2) = at(i, 0) + (labels_[i] != 0 ? 0.01 : -0.01);
  expect_refused("space", "with those before it");
}

// One that is zero in one group: the samples where it is not are told by it, and the others are left, on the
// other covariates.
TEST_F(CovariatesTest, OneThatSeparatesSomeSamplesLeavesTheOthers) {
  std::size_t n_separated = 0;
  for (std::size_t i = 0; i < kSamples; ++i) {
    at(i, 0) = labels_[i] != 0 && i % 2 == 0 ? 1.0 : 0.0;
    n_separated += at(i, 0) != 0 ? 1 : 0;
  }
  const Result<Covariates> covariates = prepare();
  ASSERT_TRUE(covariates.has_value()) << covariates.error().message;
  EXPECT_EQ(covariates->n(), kSamples);
  ASSERT_NE(covariates->limit(), nullptr);
  const CovariateLimit& limit = *covariates->limit();
  EXPECT_EQ(limit.covariates.n(), kSamples - n_separated);
  EXPECT_EQ(limit.covariates.m(), 3u);
  EXPECT_TRUE(limit.covariates.is_finite_at_zero());
  EXPECT_EQ(limit.covariates.limit(), nullptr);
  for (std::size_t i = 0; i < kSamples; ++i)
    EXPECT_EQ(limit.labels[i], at(i, 0) != 0 ? kLeftOut : labels_[i]);
}

TEST_F(CovariatesTest, RefusesWhereTooFewSamplesAreLeft) {
  std::size_t n_left = 2;  // of the targets
  for (std::size_t i = 0; i < kSamples; ++i) {
    at(i, 0) = labels_[i] != 0 && (n_left == 0 || n_left-- == 0) ? 1.0 : 0.0;
  }
  for (std::size_t i = 0; i < kSamples; ++i) at(i, 1) = labels_[i] == 0 && i != 1 && i != 3 ? 1.0 : 0.0;
  for (std::size_t i = 0; i < kSamples; ++i) at(i, 2) = static_cast<double>(i % 7);
  const Result<Covariates> covariates = prepare();
  ASSERT_FALSE(covariates.has_value());
  EXPECT_THAT(covariates.error().message, HasSubstr("too few"));
}

TEST_F(CovariatesTest, RefusesMoreThanTheSamplesBear) {
  const std::vector<double> few(std::size_t{4} * 6, 1.0);
  const std::vector<std::string> names = {"a", "b", "c", "d"};
  const std::vector<std::uint8_t> labels = {1, 0, 1, 0, 1, 0};
  EXPECT_FALSE(Covariates::prepare({few.data(), 6, 4}, names, labels).has_value());
}

}  // namespace
}  // namespace penfield::association
