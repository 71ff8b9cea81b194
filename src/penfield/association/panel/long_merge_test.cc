#include "penfield/association/panel/long_merge.h"

#include <gtest/gtest.h>
#include <hwy/aligned_allocator.h>

#include <cmath>

#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/random.h"

namespace penfield::association {
namespace {

template <class T>
class LongPlacements : public ::testing::Test {};
using Types = ::testing::Types<float, double>;
TYPED_TEST_SUITE(LongPlacements, Types);

void expect_same(const Placements& got, const Placements& want) {
  EXPECT_EQ(got.sums.target, want.sums.target);
  EXPECT_EQ(got.sums.target_squared, want.sums.target_squared);
  EXPECT_EQ(got.sums.comparison_squared, want.sums.comparison_squared);
  EXPECT_EQ(got.pooled.ties, want.pooled.ties);
  EXPECT_EQ(got.pooled.lower_quartile, want.pooled.lower_quartile);
  EXPECT_EQ(got.pooled.upper_quartile, want.pooled.upper_quartile);
  EXPECT_EQ(got.cut.gain, want.cut.gain);
  EXPECT_EQ(std::isnan(got.cut.below), std::isnan(want.cut.below));
  if (std::isnan(want.cut.below)) return;
  EXPECT_EQ(got.cut.below, want.cut.below);
  EXPECT_EQ(got.cut.above, want.cut.above);
}

// Neighbouring columns are of other kinds: far apart, overlapping, of few values or of one, so that the four
// that advance together come to their ends at other times.
template <class T>
void fill(PanelView<T> panel, OrderKey<T>* keys, Random& random) {
  constexpr double kShift[] = {0, 1, -1, 20, -20, 0.2};
  constexpr double kStep[] = {0, 0.01, 0.5, 4, 1000};  // 0: as drawn
  for (std::size_t i = 0; i < panel.n(); ++i) {
    for (std::size_t c = 0; c < kPanelUnits; ++c) {
      const double v = simulated::normal(random) + (i < panel.n_target ? kShift[c % 6] : 0.0);
      const double step = kStep[c % 5];
      panel.data[i * kPanelUnits + c] = static_cast<T>(step == 0 ? v : std::round(v / step) * step);
    }
  }
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    OrderKey<T>* const column = keys + c * panel.n();
    for (std::size_t i = 0; i < panel.n(); ++i) column[i] = order_key(panel.data[i * kPanelUnits + c]);
    std::sort(column, column + panel.n_target);
    std::sort(column + panel.n_target, column + panel.n());
    for (std::size_t i = 0; i < panel.n(); ++i) panel.data[i * kPanelUnits + c] = value_of_key<T>(column[i]);
  }
}

TYPED_TEST(LongPlacements, AreThoseOfTheScalarMerge) {
  using T = TypeParam;
  Random random(11);
  for (const std::size_t n : {2u, 3u, 8u, 63u, 64u, 65u, 127u, 200u, 1000u, 20000u}) {
    for (const std::size_t n_target : {std::size_t{1}, n / 3 + 1, n / 2, n - 1}) {
      const auto memory = hwy::AllocateAligned<T>(n * kPanelUnits);
      const PanelView<T> panel{memory.get(), n_target, n - n_target};
      std::vector<OrderKey<T>> keys(n * kPanelUnits);
      fill(panel, keys.data(), random);
      for (int turn = 0; turn < 3; ++turn) {
        PanelArray<Called> called;
        for (std::size_t c = 0; c < kPanelUnits; ++c)
          called[c] = static_cast<Called>(static_cast<int>(c + static_cast<std::size_t>(turn)) % 3 - 1);
        const PanelArray<Placements> got = long_placements(panel, keys.data(), called);
        for (std::size_t c = 0; c < kPanelUnits; ++c) {
          SCOPED_TRACE(::testing::Message() << n << " " << n_target << " column " << c << " turn " << turn);
          expect_same(got[c], merge_placements(panel.data + c, n_target, panel.comparison() + c,
                                               panel.n_comparison, kPanelUnits, called[c]));
        }
      }
    }
  }
}

}  // namespace
}  // namespace penfield::association
