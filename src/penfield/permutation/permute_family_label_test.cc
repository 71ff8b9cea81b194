// A column that is the label itself, whose studentised statistic is as large as it can be.
#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <vector>

#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/random.h"
#include "penfield/permutation/permute_family.h"

namespace penfield::permutation {
namespace {

// Nothing but its own arrangement and the mirrored one reaches a column that is the label; a weaker column
// beside it keeps its rank.
TEST(PermuteFamily, AColumnThatIsTheLabelIsReachedByItsOwnArrangementAlone) {
  constexpr std::size_t kBlocks = 20, kUses = 3, kPermutations = 500;
  std::vector<std::uint8_t> labels;
  std::vector<std::uint32_t> block;
  std::vector<float> x;
  Random random(6);
  for (std::uint32_t b = 0; b < kBlocks; ++b) {
    for (std::size_t use = 0; use < kUses; ++use) {
      labels.push_back(static_cast<std::uint8_t>(b % 2));
      block.push_back(b);
      x.push_back(static_cast<float>(b % 2));
      x.push_back(static_cast<float>(b % 2) + static_cast<float>(association::simulated::normal(random)));
    }
  }
  const Exchange exchange = exchange_within(labels, block);
  ASSERT_EQ(exchange.statistic, Statistic::kStudentisedMeans);
  const PermutedLabels permuted = PermutedLabels::draw(exchange, kPermutations, 9);
  std::uint32_t n_same = 0;
  for (std::size_t p = 0; p < kPermutations; ++p) {
    std::size_t n_equal = 0;
    for (std::size_t k = 0; k < kBlocks; ++k)
      n_equal += permuted.is_target(p, k) == (exchange.label_of_item[k] != 0) ? 1 : 0;
    n_same += n_equal == 0 || n_equal == kBlocks ? 1 : 0;
  }
  for (const std::size_t n_columns : {1u, 2u}) {
    const MatrixView<const float> view(x.data(), labels.size(), n_columns, 2);
    const PermutationTable table = permute_family<float>(std::span(&view, 1), exchange, permuted);
    EXPECT_GT(table.statistic[0], 1e6);
    EXPECT_EQ(table.n_single_step[0], n_same);
    EXPECT_EQ(table.n_step_down[0], n_same);
    if (n_columns == 1) continue;
    EXPECT_GE(table.n_step_down[1], n_same);
    EXPECT_LT(table.n_step_down[1], kPermutations / 10);
  }
}

}  // namespace
}  // namespace penfield::permutation
