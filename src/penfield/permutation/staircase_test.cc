#include "penfield/permutation/staircase.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "penfield/base/random.h"

namespace penfield::permutation {
namespace {

constexpr std::uint32_t kRanks = 5000;

std::vector<Staircase::Step> random_points(Random& random, double slope) {
  std::vector<Staircase::Step> points;
  for (std::uint32_t rank = 0; rank < kRanks; ++rank) {
    const double noise = std::floor(1000 * random.uniform()) / 1000;  // with ties
    points.push_back({rank, static_cast<float>(noise - slope * rank / kRanks)});
  }
  random.shuffle(std::span(points));
  return points;
}

TEST(Staircase, KeepsTheGreatestOfEveryRankAndBeyond) {
  Random random(3);
  for (const double slope : {0.0, 1.0, 50.0, -3.0}) {
    const std::vector<Staircase::Step> points = random_points(random, slope);
    std::vector<float> greatest(kRanks, -100);
    Staircase stairs;
    for (const Staircase::Step& point : points) {
      stairs.add(point.rank, point.statistic);
      greatest[point.rank] = point.statistic;
    }
    for (std::size_t r = kRanks - 1; r-- > 0;) greatest[r] = std::max(greatest[r], greatest[r + 1]);
    const auto steps = stairs.steps();
    std::size_t k = steps.size();
    for (std::uint32_t r = 0; r < kRanks; ++r) {  // the last step whose rank is r or beyond
      while (k > 0 && steps[k - 1].rank < r) --k;
      ASSERT_GT(k, 0u);
      ASSERT_EQ(steps[k - 1].statistic, greatest[r]) << slope << ' ' << r;
    }
    EXPECT_EQ(stairs.greatest(), greatest[0]);
  }
}

TEST(Staircase, HasFewStepsWhereRanksSayNothing) {
  Random random(4);
  Staircase stairs;
  for (const Staircase::Step& point : random_points(random, 0)) stairs.add(point.rank, point.statistic);
  EXPECT_LT(stairs.steps().size(), 40u);
}

TEST(Staircase, IsTheSameInAnyOrderAndInParts) {
  Random random(5);
  std::vector<Staircase::Step> points = random_points(random, 0.5);
  Staircase whole, first, second;
  for (std::size_t i = 0; i < points.size(); ++i) {
    whole.add(points[i].rank, points[i].statistic);
    (i % 3 == 0 ? first : second)
        .add(points[points.size() - 1 - i].rank, points[points.size() - 1 - i].statistic);
  }
  first.add(second);
  const auto a = whole.steps();
  const auto b = first.steps();
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t k = 0; k < a.size(); ++k) {
    EXPECT_EQ(a[k].rank, b[k].rank);
    EXPECT_EQ(a[k].statistic, b[k].statistic);
  }
}

TEST(Staircase, WithoutPointsHasNone) {
  Staircase stairs;
  EXPECT_TRUE(stairs.steps().empty());
  EXPECT_EQ(stairs.greatest(), -1.0f);
}

}  // namespace
}  // namespace penfield::permutation
