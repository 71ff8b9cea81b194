// Sums of targets' item values and of their squares, made into Welch's t.
#pragma once

#include <cstddef>

namespace penfield::permutation {

struct StudentisedGroups {
  float n_target = 0, n_comparison = 0;  // items of each label, at least 2
};

// sums     [n] S of item_scores.h; becomes T, rounded as IEEE division and square root are: the same on every
//          processor
// squares  [n] Q of item_scores.h
// The squared error v1/K1 + v0/K0 counts as at least 10^-6 of (1/K1 + 1/K0), that of items without any
// effect: the rounding of sums in single precision is below that, so a column that is the label itself has a
// large T and no infinite one.
void studentise(const StudentisedGroups& groups, float* sums, const float* squares, std::size_t n);

}  // namespace penfield::permutation
