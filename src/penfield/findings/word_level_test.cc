#include "penfield/findings/word_level.h"

#include <gtest/gtest.h>

namespace penfield::findings {
namespace {

using association::ClusteredAuc;

ClusteredAuc area(double auc, double half) {
  return {
      .auc = auc, .lo = auc - half, .hi = auc + half, .lo_90 = auc - 0.8 * half, .hi_90 = auc + 0.8 * half};
}

TEST(WordLevel, AUnitIsSpecificWhereItTellsTheConceptFromItsNearMiss) {
  const ClusteredAuc carrier = area(0.9, 0.05);
  EXPECT_EQ(judge_specificity(1, area(0.8, 0.1), carrier), Specificity::kSpecific);
  EXPECT_EQ(judge_specificity(1, area(0.7, 0.15), carrier), Specificity::kUndecided);
  EXPECT_EQ(judge_specificity(1, area(0.2, 0.05), carrier), Specificity::kUndecided) << "the wrong side";
}

TEST(WordLevel, ACarrierTellsTheNearMissFromTheRestAndTheConceptFromItNot) {
  EXPECT_EQ(judge_specificity(1, area(0.52, 0.05), area(0.9, 0.05)), Specificity::kCarrier);
  EXPECT_EQ(judge_specificity(1, area(0.52, 0.05), area(0.62, 0.05)), Specificity::kUndecided);
  EXPECT_EQ(judge_specificity(1, area(0.52, 0.2), area(0.9, 0.05)), Specificity::kUndecided)
      << "not equivalent";
}

TEST(WordLevel, ASuppressedUnitIsJudgedByTheAreaOfItsNegative) {
  EXPECT_EQ(judge_specificity(-1, area(0.2, 0.1), area(0.1, 0.05)), Specificity::kSpecific);
  EXPECT_EQ(judge_specificity(-1, area(0.48, 0.05), area(0.1, 0.05)), Specificity::kCarrier);
  EXPECT_EQ(judge_effect(-1, Answer::kYes, area(0.1, 0.05)), Effect::kStrong);
  EXPECT_EQ(judge_effect(1, Answer::kYes, area(0.1, 0.05)), Effect::kNone);
}

TEST(WordLevel, AnEffectIsReplicatedAndSurelyLarge) {
  EXPECT_EQ(judge_effect(1, Answer::kYes, area(0.9, 0.05)), Effect::kStrong);
  EXPECT_EQ(judge_effect(1, Answer::kYes, area(0.9, 0.15)), Effect::kModerate);
  EXPECT_EQ(judge_effect(1, Answer::kYes, area(0.7, 0.05)), Effect::kNone);
  EXPECT_EQ(judge_effect(1, Answer::kNo, area(0.9, 0.05)), Effect::kNone);
  EXPECT_EQ(judge_effect(1, Answer::kNotKnown, area(0.9, 0.05)), Effect::kNotKnown);
  EXPECT_EQ(judge_effect(1, Answer::kYes, {}), Effect::kNotKnown);
  EXPECT_EQ(judge_specificity(1, {}, area(0.9, 0.05)), Specificity::kNotKnown);
  EXPECT_EQ(judge_specificity(0, area(0.9, 0.05), area(0.9, 0.05)), Specificity::kNotKnown);
}

}  // namespace
}  // namespace penfield::findings
