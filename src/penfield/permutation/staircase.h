// The largest statistic of one permutation over the units of rank >= i, for every i, represented by the few
// points that determine it.
//
// Step-down needs the maximum of T over rank >= i for each i. Storing T for all units would be a matrix of
// permutations × units, but a point (rank, T) matters only if no other point has at least its rank and at
// least its T, and of m points in random order only about ln m remain (Barndorff-Nielsen & Sobel 1966: the
// maxima of a random sample in the plane). So units can come in any order, block by block, and each
// permutation needs only a few dozen points.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace penfield::permutation {

class Staircase {
 public:
  struct Step {
    std::uint32_t rank = 0;
    float statistic = 0;
  };

  // Amortised O(log n). The remaining steps do not depend on the order of the points.
  void add(std::uint32_t rank, float statistic);
  void add(const Staircase& other);

  // Highest rank first, with increasing statistics. The statistic of step k is the largest over the ranks
  // from that of step k + 1 (exclusive) to its own; no point has a rank above the first step's.
  [[nodiscard]] std::span<const Step> steps();
  // The largest statistic of all points; -1 without points.
  [[nodiscard]] float greatest();

 private:
  void prune();

  std::vector<Step> steps_;
  std::size_t n_pruned_ = 0;  // the first n_pruned_ points are a staircase
};

}  // namespace penfield::permutation
