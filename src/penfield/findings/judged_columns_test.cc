// Columns whose findings are made as they are asked for, against the table of all findings.
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/findings/judge.h"

namespace penfield::findings {
namespace {

// More columns than a block of work holds; a tenth without a fit.
association::FitTable many_fits() {
  Random random(5);
  association::FitTable fits{.n_target = 30, .n_comparison = 50, .rows = {}};
  for (int i = 0; i < 3000; ++i) {
    association::UnitFit& fit = fits.rows.emplace_back();
    fit.status = i % 10 == 0 ? association::FitStatus::kConstant : association::FitStatus::kOk;
    if (i % 10 == 0) continue;
    fit.beta = random.uniform() - 0.5;
    fit.neglog10_p_lrt = 8 * random.uniform();
    fit.neglog10_p_rank = 8 * random.uniform();
    fit.auc = random.uniform();
  }
  return fits;
}

permutation::PermutationTable permutations_of(std::size_t n) {
  permutation::PermutationTable table;
  table.n_permutations = 999;
  table.n_tests = n;
  for (std::size_t i = 0; i < n; ++i) {
    table.statistic.push_back(static_cast<double>(i % 40));
    table.n_single_step.push_back(static_cast<std::uint32_t>(i % 200));
    table.n_step_down.push_back(static_cast<std::uint32_t>(i % 190));
  }
  table.greatest.assign(999, 30);
  return table;
}

// Also where both are no number.
void expect_same(double a, double b) {
  EXPECT_TRUE(a == b || (std::isnan(a) && std::isnan(b))) << a << " and " << b;
}

void expect_same(const Finding& a, const Finding& b) {
  EXPECT_EQ(a.unit, b.unit);
  EXPECT_EQ(a.n_target, b.n_target);
  EXPECT_EQ(a.n_comparison, b.n_comparison);
  EXPECT_EQ(a.significant, b.significant);
  EXPECT_EQ(a.direction, b.direction);
  EXPECT_EQ(a.fit.status, b.fit.status);
  EXPECT_EQ(a.fit.note, b.fit.note);
  expect_same(a.fit.auc, b.fit.auc);
  expect_same(a.neglog10_p, b.neglog10_p);
  expect_same(a.neglog10_p_adj, b.neglog10_p_adj);
  expect_same(a.beta_corrected, b.beta_corrected);
}

TEST(JudgedColumns, AreTheFindingsOfJudge) {
  const association::FitTable fits = many_fits();
  const permutation::PermutationTable permuted = permutations_of(fits.rows.size());
  for (const Correction correction :
       {Correction::kBonferroni, Correction::kBenjaminiHochberg, Correction::kMaxT}) {
    const FindingOptions options{.correction = correction, .family = Family::kModel};
    const bool by_permutation = correction == Correction::kMaxT;
    const FindingTable expected =
        judge(std::vector<LayerFits>{{.site = Site::kColumn, .discovery = fits}}, options,
              by_permutation ? std::span(&permuted, 1) : std::span<const permutation::PermutationTable>());
    ASSERT_GT(expected.n_significant, 10u);
    const JudgedColumns columns(fits, options, by_permutation ? &permuted : nullptr);
    EXPECT_EQ(columns.family().n_tests, fits.rows.size());
    expect_same(columns.family().neglog10_p_threshold, expected.families.front().neglog10_p_threshold);
    const std::vector<Finding> all = columns.all();
    ASSERT_EQ(all.size(), expected.units.size());
    for (std::size_t i = 0; i < all.size(); ++i) expect_same(all[i], expected.units[i]);
    std::vector<Finding> some(700);
    columns.copy(2300, some);
    for (std::size_t i = 0; i < some.size(); ++i) expect_same(some[i], expected.units[2300 + i]);
  }
}

}  // namespace
}  // namespace penfield::findings
