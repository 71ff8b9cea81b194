// The greatest statistic of one permutation over the units of rank i and beyond, for every i at once, in the
// few points that decide it.
//
// Step-down needs max over rank >= i of T for each i. Kept for all units that is a matrix of permutations ×
// units; but a point (rank, T) matters only where no other has a rank as high and a T as great, and of m
// points in random order only about ln m are left (Barndorff-Nielsen & Sobel 1966: the maxima of a random
// sample in the plane). So units can come in any order, block by block, and memory stays that of a few dozen
// points a permutation.
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

  // Amortised O(log n). The set of steps that remains does not depend on the order in which points came.
  void add(std::uint32_t rank, float statistic);
  void add(const Staircase& other);

  // Highest rank first; statistics rise. Step k's statistic is the greatest over all ranks above that of step
  // k + 1, up to its own; beyond the first step's rank there is no point.
  [[nodiscard]] std::span<const Step> steps();
  // Greatest of all points; -1 where there is none.
  [[nodiscard]] float greatest();

 private:
  void prune();

  std::vector<Step> steps_;
  std::size_t n_pruned_ = 0;  // the first so many are a staircase
};

}  // namespace penfield::permutation
