// A family whose columns are divided among processes has the table of one process, to the bit.
#include "penfield/permutation/shared_columns.h"

#include <gtest/gtest.h>

#include <mutex>

#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/threads_as_team_for_tests.h"
#include "penfield/permutation/permute_family.h"

namespace penfield::permutation {
namespace {

void expect_same_table(const PermutationTable& got, const PermutationTable& want) {
  EXPECT_EQ(got.n_tests, want.n_tests);
  EXPECT_EQ(got.statistic, want.statistic);
  EXPECT_EQ(got.n_single_step, want.n_single_step);
  EXPECT_EQ(got.n_step_down, want.n_step_down);
  EXPECT_EQ(got.greatest, want.greatest);
  EXPECT_EQ(got.inflation, want.inflation);
  EXPECT_EQ(got.inflation_lo, want.inflation_lo);
  EXPECT_EQ(got.inflation_hi, want.inflation_hi);
  EXPECT_EQ(got.n_effective, want.n_effective);
  ASSERT_EQ(got.rank_bands.size(), want.rank_bands.size());
  for (std::size_t i = 0; i < want.rank_bands.size(); ++i) {
    EXPECT_EQ(got.rank_bands[i].lo, want.rank_bands[i].lo);
    EXPECT_EQ(got.rank_bands[i].hi, want.rank_bands[i].hi);
  }
}

TEST(SharedColumns, GiveTheTableOfOneProcess) {
  constexpr std::size_t kSamples = 120;
  const std::vector<std::size_t> runs = {40, 7, 0, 33, 64};  // of five processes one has no column
  std::vector<std::size_t> first = {0};
  for (const std::size_t n : runs) first.push_back(first.back() + n);
  const std::size_t n_columns = first.back();
  const auto labels = association::simulated::labels(kSamples, kSamples / 2, 1);
  const auto x = association::simulated::activations<float>(labels, n_columns, 0.6, 2);
  const MatrixView<const float> whole(x.data(), kSamples, n_columns);
  const Exchange exchange = exchange_freely(labels);
  const auto permuted = PermutedLabels::draw(exchange, 250, 7);
  const MatrixView<const float> blocks[] = {whole};
  const PermutationTable want = permute_family<float>(blocks, exchange, permuted);
  ASSERT_FALSE(want.rank_bands.empty());
  for (const std::uint32_t n : {1u, 2u, 3u, 5u}) {
    SCOPED_TRACE(n);
    std::mutex mutex;
    run_team(n, [&](const Team& team) {
      const EachBlock<float> own = [&](const ColumnsOfFamily<float>& take) -> Result<void> {
        for (std::size_t run = 0; run < runs.size(); ++run) {
          if (team.share().has(run)) take(0, whole.block(0, kSamples, first[run], runs[run]));
        }
        return {};
      };
      const auto tables = permute_families<float>(1, own, exchange, permuted, {&team, runs});
      const std::lock_guard lock(mutex);
      ASSERT_TRUE(tables);
      expect_same_table(tables->front(), want);
    });
  }
}

TEST(SharedColumns, AnErrorOfOneProcessIsThatOfAll) {
  const auto labels = association::simulated::labels(40, 20, 1);
  const auto x = association::simulated::activations<float>(labels, 8, 0.6, 2);
  const Exchange exchange = exchange_freely(labels);
  const auto permuted = PermutedLabels::draw(exchange, 20, 7);
  std::mutex mutex;
  run_team(2, [&](const Team& team) {
    const EachBlock<float> own = [&](const ColumnsOfFamily<float>& take) -> Result<void> {
      if (!team.is_first()) return io_error("the disk of the second");
      take(0, MatrixView<const float>(x.data(), 40, 8).block(0, 40, 0, 4));
      return {};
    };
    auto tables = permute_families<float>(1, own, exchange, permuted, {&team, {4, 4}});
    if (!team.is_first())
      tables = tl::unexpected<Error>(team.meet(tl::unexpected<Error>(tables.error())).error());
    const std::lock_guard lock(mutex);
    ASSERT_FALSE(tables);
    EXPECT_EQ(tables.error().message, "the disk of the second");
  });
}

}  // namespace
}  // namespace penfield::permutation
