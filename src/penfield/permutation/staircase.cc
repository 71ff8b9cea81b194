#include "penfield/permutation/staircase.h"

#include <algorithm>

namespace penfield::permutation {
namespace {

constexpr std::size_t kFewPoints = 64;

}  // namespace

void Staircase::add(std::uint32_t rank, float statistic) {
  steps_.push_back({rank, statistic});
  if (steps_.size() >= 2 * n_pruned_ + kFewPoints) prune();
}

void Staircase::add(const Staircase& other) {
  steps_.insert(steps_.end(), other.steps_.begin(), other.steps_.end());
  prune();
}

std::span<const Staircase::Step> Staircase::steps() {
  if (n_pruned_ != steps_.size()) prune();
  return steps_;
}

float Staircase::greatest() {
  const std::span<const Step> all = steps();
  return all.empty() ? -1.0f : all.back().statistic;
}

void Staircase::prune() {
  std::sort(steps_.begin(), steps_.end(), [](const Step& a, const Step& b) {
    return a.rank != b.rank ? a.rank > b.rank : a.statistic > b.statistic;
  });
  std::size_t n = 0;
  for (const Step& step : steps_) {
    if (n == 0 || step.statistic > steps_[n - 1].statistic) steps_[n++] = step;
  }
  steps_.resize(n);
  n_pruned_ = n;
}

}  // namespace penfield::permutation
