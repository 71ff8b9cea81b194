#include "penfield/findings/judge.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/findings/names.h"

namespace penfield::findings {
namespace {

using association::FitStatus;
using association::FitTable;
using association::UnitFit;

UnitFit fit(double beta, double neglog10_p, FitStatus status = FitStatus::kOk) {
  UnitFit out;
  out.status = status;
  out.beta = beta;
  out.neglog10_p_lrt = out.neglog10_p_wald = out.neglog10_p_score = neglog10_p;
  out.auc = 0.75;
  return out;
}
UnitFit none(FitStatus status) {
  return fit(UnitFit::kNone, UnitFit::kNone, status);
}

FitTable table(std::vector<UnitFit> rows) {
  return {.n_target = 10, .n_comparison = 12, .rows = std::move(rows)};
}

LayerFits layer(std::uint32_t number, std::vector<UnitFit> discovery, std::vector<UnitFit> held_out = {}) {
  return {.layer = number, .discovery = table(std::move(discovery)), .held_out = table(std::move(held_out))};
}

FindingTable judge_one(const LayerFits& fits, const FindingOptions& options = {}) {
  return judge(std::vector<LayerFits>{fits}, options);
}

TEST(Judge, TheStudysBorderIsStrict) {
  // Four units: the border is .05 / 4.
  const double border = std::log10(4.0) - std::log10(0.05);
  const double above = std::nextafter(border, 10) + 1e-12;
  const FindingTable t = judge_one(layer(18, {fit(1, border), fit(1, above), fit(-1, above), fit(1, 0)}));
  EXPECT_FALSE(t.units[0].significant);
  EXPECT_TRUE(t.units[1].significant);
  EXPECT_TRUE(t.units[2].significant);
  EXPECT_FALSE(t.units[3].significant);
  EXPECT_EQ(t.n_significant, 2u);
  EXPECT_EQ(t.units[2].direction, -1);
  ASSERT_EQ(t.families.size(), 1u);
  EXPECT_EQ(t.families[0].name, "L18");
  EXPECT_EQ(t.families[0].n_tests, 4u);
  EXPECT_DOUBLE_EQ(t.families[0].neglog10_p_threshold, border);
}

TEST(Judge, LikelihoodAndRanksOnTwoSidesOfTheBorderAreNoted) {
  const double border = std::log10(3.0) - std::log10(0.05);
  std::vector<UnitFit> units(3, fit(1, border + 1));
  units[0].neglog10_p_rank = border + 0.5;
  units[1].neglog10_p_rank = border - 0.5;
  const FindingTable t = judge_one(layer(0, units));
  EXPECT_EQ(t.units[0].fit.note, association::FitNote::kNone);
  EXPECT_EQ(t.units[1].fit.note, association::FitNote::kDiscordant);
  EXPECT_EQ(t.units[2].fit.note, association::FitNote::kNone) << "it has no rank test";
  const FindingTable by_rank = judge_one(layer(0, units), {.test = findings::Test::kRank});
  EXPECT_TRUE(by_rank.units[0].significant);
  EXPECT_FALSE(by_rank.units[1].significant || by_rank.units[2].significant);
}

TEST(Judge, APThatIsAlphaButForRoundingIsNotBelowIt) {
  for (const Correction correction : {Correction::kBonferroni, Correction::kHolm,
                                      Correction::kBenjaminiHochberg, Correction::kBenjaminiYekutieli}) {
    for (const std::size_t m : {1u, 2u, 3u, 7u, 10u, 64u, 199u}) {
      for (const double alpha : {.05, .01, .1, .001, 1e-9}) {
        double sum = 0;
        for (std::size_t i = m; i > 0; --i) sum += 1.0 / static_cast<double>(i);
        const double factor =
            static_cast<double>(m) * (correction == Correction::kBenjaminiYekutieli ? sum : 1);
        std::vector<UnitFit> units(m, fit(1, 0));
        units[0] = fit(1, -std::log10(alpha / factor));
        EXPECT_EQ(judge_one(layer(0, units), {.correction = correction, .alpha = alpha}).n_significant, 0u)
            << m << " tests, alpha " << alpha;
        units[0] = fit(1, -std::log10(alpha / factor * (1 - 1e-10)));
        EXPECT_EQ(judge_one(layer(0, units), {.correction = correction, .alpha = alpha}).n_significant, 1u)
            << m << " tests, alpha " << alpha;
      }
    }
  }
}

TEST(Judge, UnitsWithoutAPCountInTheirFamilyAndAreNeverFound) {
  const FindingTable t = judge_one(layer(
      0, {none(FitStatus::kConstant), none(FitStatus::kNonFinite), none(FitStatus::kTooFew), fit(1, 50)}));
  EXPECT_EQ(t.families[0].n_tests, 4u);
  EXPECT_DOUBLE_EQ(t.units[3].neglog10_p_adj, 50 - std::log10(4.0));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(std::isnan(t.units[i].neglog10_p_adj));
    EXPECT_FALSE(t.units[i].significant);
    EXPECT_EQ(t.units[i].direction, 0);
  }
}

TEST(Judge, SeparatedUnitsHaveALikelihoodRatioButNoWald) {
  const LayerFits fits = layer(0, {fit(2, 60, FitStatus::kSeparated), fit(1, 50, FitStatus::kQuasiSeparated),
                                   fit(1, 40, FitStatus::kNotConverged), fit(1, 30)});
  const auto found = [&](findings::Test test) {
    std::vector<bool> out;
    for (const Finding& f : judge_one(fits, {.test = test}).units) out.push_back(f.significant);
    return out;
  };
  EXPECT_EQ(found(findings::Test::kLrt), (std::vector<bool>{true, true, false, true}));
  EXPECT_EQ(found(findings::Test::kWald), (std::vector<bool>{false, false, false, true}));
  EXPECT_EQ(found(findings::Test::kScore), (std::vector<bool>{true, true, true, true}));
}

TEST(Judge, EachTestReadsItsOwnP) {
  UnitFit f = fit(1, 0);
  f.neglog10_p_lrt = 11;
  f.neglog10_p_wald = 12;
  f.neglog10_p_score = 13;
  EXPECT_EQ(neglog10_p_of(f, findings::Test::kLrt), 11);
  EXPECT_EQ(neglog10_p_of(f, findings::Test::kWald), 12);
  EXPECT_EQ(neglog10_p_of(f, findings::Test::kScore), 13);
  const FindingTable t = judge_one(layer(0, {f}, {f}), {.test = findings::Test::kWald});
  EXPECT_EQ(t.units[0].neglog10_p, 12);
  EXPECT_EQ(t.units[0].held_out.neglog10_p, 12);
}

TEST(Judge, ReplicationAsksForSignAndHeldOutPOverTheWholeScan) {
  // Three are found in two layers, so the held-out border is .05 / 3.
  const double border = std::log10(3.0) - std::log10(0.05);
  const std::vector<LayerFits> layers = {
      layer(0, {fit(1, 20), fit(1, 20)}, {fit(1, border + 1e-9), fit(-1, 20)}),
      layer(1, {fit(-1, 20), fit(1, 0)}, {fit(-1, border - 1e-9), fit(1, 20)}),
  };
  const FindingTable t = judge(layers, {});
  EXPECT_EQ(t.n_significant, 3u);
  EXPECT_TRUE(t.units[0].replicated);
  EXPECT_FALSE(t.units[1].replicated);  // other sign
  EXPECT_FALSE(t.units[2].replicated);  // p too large
  EXPECT_FALSE(t.units[3].replicated);  // not found in the first place
  EXPECT_EQ(t.n_replicated, 1u);
  EXPECT_DOUBLE_EQ(t.layers[0].sign_concordance, 0.5);
  EXPECT_DOUBLE_EQ(t.layers[1].sign_concordance, 1);
  EXPECT_EQ(t.layers[0].n_replicated_positive, 1u);
  EXPECT_EQ(t.layers[1].n_replicated_negative, 0u);
  EXPECT_EQ(t.layers[1].n_significant_negative, 1u);
}

TEST(Judge, CountsUnitsOfEitherSignByLayer) {
  const auto of_signs = [](std::initializer_list<int> signs) {
    std::vector<UnitFit> fits;
    for (const int sign : signs) fits.push_back(fit(sign, 20));
    return fits;
  };
  const std::vector<UnitFit> found = of_signs({-1, -1, -1, -1, -1, 1, 1});
  const FindingTable t = judge_one(layer(0, found, of_signs({-1, -1, -1, 1, 1, 1, -1})), {});
  EXPECT_EQ(t.layers[0].n_significant_negative, 5u);
  EXPECT_EQ(t.layers[0].n_significant_positive, 2u);
  EXPECT_EQ(t.layers[0].n_replicated_negative, 3u);
  EXPECT_EQ(t.layers[0].n_replicated_positive, 1u);
}

TEST(Judge, SharesOfReplicationHaveIntervalsForLayersAndModel) {
  std::vector<UnitFit> found(8, fit(1, 20));
  std::vector<UnitFit> again(8, fit(1, 20));
  again[0] = fit(-1, 20);
  again[1] = fit(1, 0.1);
  const FindingTable t =
      judge(std::vector<LayerFits>{layer(0, found, again), layer(1, {fit(1, 0)}, {fit(1, 20)})}, {});
  const Replication& r = t.layers[0].replication;
  EXPECT_EQ(r.n_significant, 8u);
  EXPECT_EQ(r.n_replicated, 6u);
  EXPECT_EQ(r.n_concordant, 7u);
  EXPECT_DOUBLE_EQ(r.replicated.share, 0.75);
  EXPECT_DOUBLE_EQ(r.concordant.share, 0.875);
  EXPECT_LT(r.replicated.lo, 0.75);
  EXPECT_GT(r.replicated.hi, 0.75);
  EXPECT_EQ(t.layers[1].replication.n_significant, 0u);
  EXPECT_TRUE(std::isnan(t.layers[1].replication.replicated.share));
  EXPECT_EQ(t.replication.n_concordant, 7u);
  EXPECT_EQ(t.replication.replicated.lo, r.replicated.lo);
}

TEST(Judge, OnlySignificantUnitsHaveACorrectedBeta) {
  // The border is .05 / 4; the first unit lies just behind it, the second far.
  const double border = std::log10(4.0) - std::log10(0.05);
  const FindingTable t =
      judge_one(layer(0, {fit(2, border + 0.01), fit(-2, 300), fit(2, border - 0.01), fit(2, 0)}));
  EXPECT_GT(t.units[0].beta_corrected, 0);
  EXPECT_LT(t.units[0].beta_corrected, 1);
  EXPECT_NEAR(t.units[1].beta_corrected, -2, 1e-12);
  EXPECT_TRUE(std::isnan(t.units[2].beta_corrected));
  EXPECT_TRUE(std::isnan(t.units[3].beta_corrected));
}

TEST(Judge, WhatWasAskedOfTheHeldOutTokensStandsWithTheUnit) {
  LayerFits fits = layer(0, {fit(1, 20), fit(1, 1)}, {fit(1, 20), fit(1, 20)});
  fits.predictions = {{.brier = 0.2}, {.brier = 0.3}};
  fits.unseen = {.n_target = 4, .n_comparison = 5, .rows = {fit(1, 3), none(FitStatus::kConstant)}};
  const FindingTable t = judge_one(fits);
  EXPECT_EQ(t.units[1].held_out.prediction.brier, 0.3);
  EXPECT_EQ(t.units[0].held_out.unseen_n_target, 4u);
  EXPECT_EQ(t.units[0].held_out.unseen_n_comparison, 5u);
  EXPECT_EQ(t.units[0].held_out.unseen_neglog10_p, 3);
  EXPECT_EQ(t.units[0].held_out.unseen_auc, 0.75);
  EXPECT_TRUE(std::isnan(t.units[1].held_out.unseen_neglog10_p));
}

TEST(Judge, AHeldOutUnitWithoutAFitDoesNotReplicate) {
  const FindingTable t =
      judge_one(layer(0, {fit(1, 20), fit(0, 20)}, {none(FitStatus::kConstant), fit(0, 20)}));
  EXPECT_EQ(t.n_significant, 2u);
  EXPECT_EQ(t.n_replicated, 0u);
  EXPECT_EQ(t.layers[0].sign_concordance, 0);
}

TEST(Judge, WithoutHeldOutTextNothingIsSaidOfIt) {
  const FindingTable t = judge_one(layer(0, {fit(1, 20)}));
  EXPECT_TRUE(t.units[0].significant);
  EXPECT_FALSE(t.units[0].replicated);
  EXPECT_EQ(t.units[0].held_out.n_target, 0u);
  EXPECT_TRUE(std::isnan(t.units[0].held_out.beta));
  EXPECT_TRUE(std::isnan(t.layers[0].sign_concordance));
  EXPECT_TRUE(std::isnan(t.layers[0].best_held_out_auc));
}

TEST(Judge, FamiliesAreLayersOrTheModel) {
  std::vector<LayerFits> layers = {layer(1, {fit(1, 2), fit(1, 2)}), layer(0, {fit(1, 2)})};
  layers.push_back(layer(0, {fit(1, 2)}));
  layers.back().site = Site::kAttnQ;
  const FindingTable by_layer = judge(layers, {});
  ASSERT_EQ(by_layer.families.size(), 3u);
  EXPECT_EQ(by_layer.families[0].name, "L0");
  EXPECT_EQ(by_layer.families[1].name, "L1");
  EXPECT_EQ(by_layer.families[2].name, "L0.attn.q");
  EXPECT_EQ(by_layer.units[0].neglog10_p_adj, 2);
  EXPECT_DOUBLE_EQ(by_layer.units[1].neglog10_p_adj, 2 - std::log10(2.0));
  const FindingTable by_model = judge(layers, {.family = Family::kModel});
  ASSERT_EQ(by_model.families.size(), 1u);
  EXPECT_EQ(by_model.families[0].name, "model");
  EXPECT_EQ(by_model.families[0].n_tests, 4u);
  for (const Finding& f : by_model.units) EXPECT_DOUBLE_EQ(f.neglog10_p_adj, 2 - std::log10(4.0));
}

TEST(Judge, RowsStandBySiteLayerIndex) {
  std::vector<LayerFits> layers = {layer(2, {fit(1, 1), fit(2, 1)}), layer(0, {fit(3, 1)}),
                                   layer(1, {fit(4, 1)})};
  layers[1].site = Site::kMlpPost;
  const FindingTable t = judge(layers, {});
  ASSERT_EQ(t.units.size(), 4u);
  for (std::size_t i = 1; i < t.units.size(); ++i) EXPECT_LT(t.units[i - 1].unit, t.units[i].unit);
  EXPECT_EQ(t.units[0].fit.beta, 4);
  EXPECT_EQ(t.units[3].fit.beta, 3);
  EXPECT_EQ(t.units[0].n_target, 10u);
  EXPECT_EQ(t.units[0].n_comparison, 12u);
}

TEST(Judge, ThresholdOfAStepProcedureIsTheLargestPItTook) {
  const std::vector<UnitFit> fits = {fit(1, 9), fit(1, 2.5), fit(1, 2), fit(1, 0.1),
                                     none(FitStatus::kConstant)};
  const FindingTable bh = judge_one(layer(0, fits), {.correction = Correction::kBenjaminiHochberg});
  EXPECT_EQ(bh.n_significant, 3u);
  EXPECT_EQ(bh.families[0].neglog10_p_threshold, 2);
  const FindingTable nothing =
      judge_one(layer(0, {fit(1, 0.1)}), {.correction = Correction::kBenjaminiYekutieli});
  EXPECT_TRUE(std::isnan(nothing.families[0].neglog10_p_threshold));
  EXPECT_DOUBLE_EQ(
      judge_one(layer(0, fits), {.correction = Correction::kNone}).families[0].neglog10_p_threshold,
      -std::log10(0.05));
}

TEST(Judge, TheBestUnitOfALayerIsThatOfTheSmallestP) {
  const FindingTable t = judge_one(layer(
      3, {none(FitStatus::kConstant), fit(1, 5), fit(-1, 1e5, FitStatus::kSeparated), fit(1, 1e5), fit(1, 4)},
      {fit(1, 1), fit(1, 1), fit(1, 1), fit(1, 1), fit(1, 1)}));
  EXPECT_EQ(t.layers[0].best_index, 2u);
  EXPECT_EQ(t.layers[0].best_neglog10_p, 1e5);
  EXPECT_EQ(t.layers[0].best_held_out_auc, 0.75);
  EXPECT_EQ(t.layers[0].n_units, 5u);
  EXPECT_EQ(t.layers[0].n_ok, 3u);
  EXPECT_EQ(t.layers[0].n_separated, 1u);
  EXPECT_EQ(t.layers[0].layer, 3u);
}

TEST(Judge, EmptyLayersAndNoLayers) {
  EXPECT_TRUE(judge({}, {.family = Family::kModel}).families.empty());
  const FindingTable t = judge_one(layer(0, {}));
  EXPECT_TRUE(t.units.empty());
  EXPECT_TRUE(t.families.empty());
  ASSERT_EQ(t.layers.size(), 1u);
  EXPECT_TRUE(std::isnan(t.layers[0].best_neglog10_p));
}

// Under the null, at most a share alpha of families has a finding by Bonferroni or Holm.
TEST(Judge, FamilyWiseErrorIsKept) {
  Random random(11);
  constexpr int kFamilies = 2000;
  int n_with_findings[2] = {0, 0};
  for (int i = 0; i < kFamilies; ++i) {
    std::vector<UnitFit> fits(50);
    for (UnitFit& one : fits) one = fit(1, -std::log10(1 - random.uniform()));
    n_with_findings[0] +=
        judge_one(layer(0, fits), {.correction = Correction::kBonferroni}).n_significant > 0;
    n_with_findings[1] += judge_one(layer(0, fits), {.correction = Correction::kHolm}).n_significant > 0;
  }
  // 1 - (1 - .05/50)^50 = .0488; 99.9% of a binomial of 2000 lies within 66 … 131.
  EXPECT_GT(n_with_findings[0], 66);
  EXPECT_LT(n_with_findings[0], 131);
  EXPECT_EQ(n_with_findings[1], n_with_findings[0]);  // the first step of Holm is Bonferroni's
}

TEST(CheckOptions, AlphaLiesBetweenZeroAndOne) {
  for (const double alpha : {0.0, 1.0, -0.1, 2.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    const auto checked = check_options({.alpha = alpha});
    ASSERT_FALSE(checked) << alpha;
    EXPECT_EQ(checked.error().kind, ErrorKind::kUsage);
  }
  EXPECT_TRUE(check_options({}));
}

TEST(Names, AreReadAsTheyAreWritten) {
  for (std::size_t i = 0; i < kTests.size(); ++i) {
    const auto test = static_cast<findings::Test>(i);
    EXPECT_EQ(parse_test(test_name(test)), test);
  }
  for (std::size_t i = 0; i < kCorrections.size(); ++i) {
    const auto correction = static_cast<Correction>(i);
    EXPECT_EQ(parse_correction(correction_name(correction)), correction);
  }
  for (const Family f : {Family::kLayer, Family::kModel}) EXPECT_EQ(parse_family(family_name(f)), f);
  EXPECT_EQ(correction_name(Correction::kBenjaminiHochberg), "bh");
  EXPECT_FALSE(parse_test("LRT"));
  EXPECT_FALSE(parse_correction(""));
  EXPECT_FALSE(parse_family("neuron"));
}

permutation::ItemTest words(double difference, double neglog10_p) {
  return {.difference = difference, .t = difference, .degrees_of_freedom = 40, .neglog10_p = neglog10_p};
}

TEST(Judge, TestsWordsWhereThatIsTheTest) {
  LayerFits fits = layer(3, {fit(1, 90), fit(1, 0.1)}, {fit(1, 90), fit(1, 90)});
  fits.words.discovery = {words(1, 0.2), words(1, 30)};
  fits.words.held_out = {words(1, 9), words(1, 20)};
  const FindingTable t = judge_one(fits, {.test = findings::Test::kWords});
  EXPECT_FALSE(t.units[0].significant);
  EXPECT_TRUE(t.units[1].significant);
  EXPECT_TRUE(t.units[1].replicated);
  EXPECT_EQ(t.units[1].held_out.neglog10_p, 20);
  EXPECT_EQ(t.units[0].neglog10_p_words, 0.2);
}

TEST(Judge, ReplicatesOnUnseenWordsWithTheSameSignAndAnEffectWithItsSize) {
  const UnitFit strong = fit(1, 90);
  LayerFits fits = layer(3, {strong, strong, strong, fit(1, 0)}, {strong, strong, strong, strong});
  fits.unseen = table({strong, strong, strong, strong});
  const double border = std::log10(3.0) - std::log10(0.05);  // three are significant
  fits.words.unseen = {words(1, border + 0.1), words(-1, 50), words(1, border - 0.1), words(1, 50)};
  fits.words.unseen_auc.assign(4, {.auc = 0.9, .lo = 0.85, .hi = 0.95, .lo_90 = 0.86, .hi_90 = 0.94});
  fits.words.n_unseen = {kFewestWords, kFewestWords};
  const FindingTable t = judge_one(fits);
  EXPECT_EQ(t.units[0].replicated_words, Answer::kYes);
  EXPECT_EQ(t.units[0].effect, Effect::kStrong);
  EXPECT_EQ(t.units[1].replicated_words, Answer::kNo) << "the other sign";
  EXPECT_EQ(t.units[2].replicated_words, Answer::kNo) << "beyond alpha / 3";
  EXPECT_EQ(t.units[3].replicated_words, Answer::kNo) << "not significant";
  EXPECT_EQ(t.units[1].effect, Effect::kNone);
  EXPECT_EQ(t.words.n_replicated, 1u);
  EXPECT_EQ(t.words.n_moderate, 1u);
  EXPECT_EQ(t.words.n_strong, 1u);

  fits.words.n_unseen.n_comparison = kFewestWords - 1;
  EXPECT_EQ(judge_one(fits).units[0].replicated_words, Answer::kNotKnown);
  EXPECT_EQ(judge_one(fits).units[0].effect, Effect::kNotKnown);
}

}  // namespace
}  // namespace penfield::findings
