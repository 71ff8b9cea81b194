#include "penfield/association/panel/long_merge.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <span>

namespace penfield::association {
namespace {

constexpr std::size_t kTogether = 4;  // columns
static_assert(kPanelUnits % kTogether == 0);
constexpr std::size_t kWord = 64;

// What eight steps of a merge add up to, the lowest bit first: counts within them alone.
struct ByteSums {
  std::uint8_t n_target = 0;
  std::uint8_t below_target = 0;          // Σ over targets of the comparisons before
  std::uint8_t below_target_squared = 0;  // Σ of their squares
  std::uint8_t below_comparison = 0;      // the same over comparisons
  std::uint8_t below_comparison_squared = 0;
};

constexpr std::array<ByteSums, 256> sums_of_bytes() {
  std::array<ByteSums, 256> out{};
  for (unsigned byte = 0; byte < out.size(); ++byte) {
    unsigned n_target = 0, n_comparison = 0;
    ByteSums& sums = out[byte];
    for (unsigned bit = 0; bit < 8; ++bit) {
      if ((byte >> bit & 1u) != 0) {
        sums.below_target = static_cast<std::uint8_t>(sums.below_target + n_comparison);
        sums.below_target_squared =
            static_cast<std::uint8_t>(sums.below_target_squared + n_comparison * n_comparison);
        ++n_target;
      } else {
        sums.below_comparison = static_cast<std::uint8_t>(sums.below_comparison + n_target);
        sums.below_comparison_squared =
            static_cast<std::uint8_t>(sums.below_comparison_squared + n_target * n_target);
        ++n_comparison;
      }
    }
    sums.n_target = static_cast<std::uint8_t>(n_target);
  }
  return out;
}

constexpr std::array<ByteSums, 256> kSumsOfBytes = sums_of_bytes();

// Up to 64 steps of a merge, the lowest bit first.
struct Steps {
  std::uint64_t is_target = 0;
  std::uint64_t is_equal = 0;  // the other group's next value was the same
};

// One column's merge. Of equal values in both groups, those go first that make a cut between them look worse:
// so no cut within a run of equal values does better than both its ends, and none has to be told from a cut
// between two values.
template <class T>
class ColumnMerge {
 public:
  ColumnMerge() = default;
  ColumnMerge(PanelView<T> panel, std::size_t column, Called called)
      : target_(panel.data + column),
        comparison_(panel.comparison() + column),
        n_target_(panel.n_target),
        n_comparison_(panel.n_comparison),
        of_a_target_(-2 * static_cast<std::int64_t>(called) * static_cast<std::int64_t>(n_comparison_)),
        of_a_comparison_(2 * static_cast<std::int64_t>(called) * static_cast<std::int64_t>(n_target_)),
        tie_(called == Called::kAbove ? 1 : 0) {}

  [[nodiscard]] const T* target() const { return target_; }
  [[nodiscard]] const T* comparison() const { return comparison_; }
  [[nodiscard]] std::size_t n_targets_taken() const { return i_; }
  [[nodiscard]] std::size_t n_comparisons_taken() const { return j_; }
  [[nodiscard]] bool targets_go_first() const { return of_a_target_ <= 0; }
  // Whether a value stood in both groups.
  [[nodiscard]] bool has_equal() const { return corrected_ > 0; }
  // Steps that can be taken before either group may be at its end.
  [[nodiscard]] std::size_t n_safe() const { return std::min(n_target_ - i_, n_comparison_ - j_); }

  void take(const Steps& steps, std::size_t n_steps) {
    if (steps.is_equal != 0) correct_equal(steps);
    std::size_t step = 0;
    for (; step + 8 <= n_steps; step += 8) take_byte(steps.is_target >> step & 255u);
    for (; step < n_steps; ++step) take_one((steps.is_target >> step & 1u) != 0);
  }

  // What is left of one group lies above all of the other, and no cut there does better.
  [[nodiscard]] Placements finish() const {
    const std::uint64_t rest_target = n_target_ - i_;
    const std::uint64_t rest_comparison = n_comparison_ - j_;
    const std::uint64_t of_target = 2 * n_comparison_;
    const std::uint64_t of_comparison = 2 * n_target_;
    Placements out;
    out.sums = {
        .target = sums_.target + rest_target * of_target,
        .target_squared = sums_.target_squared + rest_target * of_target * of_target,
        .comparison_squared = sums_.comparison_squared + rest_comparison * of_comparison * of_comparison};
    if (cut_i_ + cut_j_ == 0) return out;
    constexpr T kInfinity = std::numeric_limits<T>::infinity();
    const T below_target = cut_i_ == 0 ? -kInfinity : target_[(cut_i_ - 1) * kPanelUnits];
    const T below_comparison = cut_j_ == 0 ? -kInfinity : comparison_[(cut_j_ - 1) * kPanelUnits];
    const T above_target = cut_i_ == n_target_ ? kInfinity : target_[cut_i_ * kPanelUnits];
    const T above_comparison = cut_j_ == n_comparison_ ? kInfinity : comparison_[cut_j_ * kPanelUnits];
    out.cut = {.below = static_cast<double>(std::max(below_target, below_comparison)),
               .above = static_cast<double>(std::min(above_target, above_comparison)),
               .gain = static_cast<double>(least_) / 2};
    return out;
  }

 private:
  void take_one(bool is_target) {
    if (is_target) {
      sums_.target += 2 * j_;
      sums_.target_squared += 4 * j_ * j_;
    } else {
      sums_.comparison_squared += 4 * i_ * i_;
    }
    move_cut(is_target);
  }

  void take_byte(std::uint64_t byte) {
    constexpr std::uint64_t kTwo = 2;
    const ByteSums& of = kSumsOfBytes[byte];
    const std::uint64_t n_target = of.n_target;
    const std::uint64_t n_comparison = 8 - n_target;
    sums_.target += 2 * (n_target * j_ + of.below_target);
    sums_.target_squared += 4 * ((n_target * j_ + kTwo * of.below_target) * j_ + of.below_target_squared);
    sums_.comparison_squared +=
        4 * ((n_comparison * i_ + kTwo * of.below_comparison) * i_ + of.below_comparison_squared);
    const std::int64_t most = gain_ + tie_ + 8 * std::max(of_a_target_, of_a_comparison_);
    if (most > least_) {
      for (unsigned bit = 0; bit < 8; ++bit) move_cut((byte >> bit & 1u) != 0);
    } else {
      i_ += n_target;
      j_ += n_comparison;
      gain_ += static_cast<std::int64_t>(n_target) * of_a_target_ +
               static_cast<std::int64_t>(n_comparison) * of_a_comparison_;
    }
  }

  // Counts a value, and keeps the cut above it if none was better.
  void move_cut(bool is_target) {
    i_ += static_cast<std::size_t>(is_target);
    j_ += static_cast<std::size_t>(!is_target);
    gain_ += is_target ? of_a_target_ : of_a_comparison_;
    const bool is_better = gain_ + tie_ > least_;
    least_ = is_better ? gain_ : least_;
    cut_i_ = is_better ? i_ : cut_i_;
    cut_j_ = is_better ? j_ : cut_j_;
  }

  // Values that stand in both groups: what is added here makes up for counting one group's as below the
  // other's.
  void correct_equal(const Steps& steps) {
    for (std::uint64_t rest = steps.is_equal; rest != 0; rest &= rest - 1) {
      const std::uint64_t before = (rest & -rest) - 1;
      const std::size_t i = i_ + static_cast<std::size_t>(std::popcount(steps.is_target & before));
      const std::size_t j = j_ + static_cast<std::size_t>(std::popcount(before)) - (i - i_);
      if (i + j < corrected_) continue;  // of the run before
      const T value = target_[i * kPanelUnits];
      std::size_t i_end = i;
      std::size_t j_end = j;
      while (i_end < n_target_ && target_[i_end * kPanelUnits] == value) ++i_end;
      while (j_end < n_comparison_ && comparison_[j_end * kPanelUnits] == value) ++j_end;
      corrected_ = i_end + j_end;
      const std::uint64_t n_target = i_end - i;
      const std::uint64_t n_comparison = j_end - j;
      const std::uint64_t of_target = j + j_end;
      const std::uint64_t of_comparison = i + i_end;
      const std::uint64_t taken_target = 2 * (targets_go_first() ? j : j_end);
      const std::uint64_t taken_comparison = 2 * (targets_go_first() ? i_end : i);
      // Unsigned, so that what is too much by now is taken away.
      sums_.target += n_target * (of_target - taken_target);
      sums_.target_squared += n_target * (of_target * of_target - taken_target * taken_target);
      sums_.comparison_squared +=
          n_comparison * (of_comparison * of_comparison - taken_comparison * taken_comparison);
    }
  }

  const T* target_ = nullptr;
  const T* comparison_ = nullptr;
  std::size_t n_target_ = 0, n_comparison_ = 0;
  std::uint64_t i_ = 0, j_ = 0;  // taken of either group
  std::uint64_t corrected_ = 0;  // of both groups together, up to the end of the last run of equal values
  PlacementSums sums_;
  // Gains in halves, so that a tie of two cuts can be decided by one half.
  std::int64_t of_a_target_ = 0, of_a_comparison_ = 0, tie_ = 0;
  std::int64_t gain_ = 0, least_ = 1;
  std::uint64_t cut_i_ = 0, cut_j_ = 0;  // below the best cut; none at all: no cut does better than chance
};

// n_steps <= 64 of several merges, all of which have so many.
template <std::size_t N, class T>
void advance(std::span<ColumnMerge<T>, N> merges, std::size_t n_steps) {
  std::array<const T*, N> target{};
  std::array<const T*, N> comparison{};
  std::array<std::uint64_t, N> first{};
  std::array<Steps, N> steps{};
  for (std::size_t k = 0; k < N; ++k) {
    target[k] = merges[k].target() + merges[k].n_targets_taken() * kPanelUnits;
    comparison[k] = merges[k].comparison() + merges[k].n_comparisons_taken() * kPanelUnits;
    first[k] = merges[k].targets_go_first() ? 1 : 0;
  }
  for (std::size_t step = 0; step < n_steps; ++step) {
    for (std::size_t k = 0; k < N; ++k) {
      // Numbers, not bools: nothing here may become a branch.
      const std::uint64_t is_equal = *target[k] == *comparison[k] ? 1 : 0;
      const std::uint64_t is_less = *target[k] < *comparison[k] ? 1 : 0;
      const std::uint64_t is_target = is_less | (is_equal & first[k]);
      steps[k].is_target |= is_target << step;
      steps[k].is_equal |= is_equal << step;
      target[k] += is_target * kPanelUnits;
      comparison[k] += (is_target ^ 1) * kPanelUnits;
    }
  }
  for (std::size_t k = 0; k < N; ++k) merges[k].take(steps[k], n_steps);
}

// The columns in which a value stands twice in one group.
template <class T>
PanelArray<bool> ties_within(PanelView<T> panel) {
  PanelArray<std::uint32_t> n_equal{};
  for (std::size_t i = 1; i < panel.n(); ++i) {
    if (i == panel.n_target) continue;  // the first comparison
    const T* row = panel.data + i * kPanelUnits;
    for (std::size_t c = 0; c < kPanelUnits; ++c) n_equal[c] |= row[c] == row[c - kPanelUnits] ? 1u : 0u;
  }
  PanelArray<bool> out{};
  for (std::size_t c = 0; c < kPanelUnits; ++c) out[c] = n_equal[c] != 0;
  return out;
}

// Runs of equal values are counted by a pass of their own, which most columns need not.
template <class T>
void fill_pooled(PanelView<T> panel, const PanelArray<bool>& has_ties, PanelArray<Placements>& out) {
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    const T* target = panel.data + c;
    const T* comparison = panel.comparison() + c;
    if (has_ties[c])
      out[c].pooled.ties = tie_sum(target, panel.n_target, comparison, panel.n_comparison, kPanelUnits);
    fill_quartiles(target, panel.n_target, comparison, panel.n_comparison, kPanelUnits, out[c].pooled);
  }
}

}  // namespace

template <class T>
PanelArray<Placements> long_placements(PanelView<T> panel, const PanelArray<Called>& called) {
  PanelArray<Placements> out;
  PanelArray<bool> has_ties = ties_within(panel);
  for (std::size_t first = 0; first < kPanelUnits; first += kTogether) {
    std::array<ColumnMerge<T>, kTogether> merges;
    for (std::size_t k = 0; k < kTogether; ++k)
      merges[k] = ColumnMerge<T>(panel, first + k, called[first + k]);
    const auto all_have_a_word = [&] {
      return std::all_of(merges.begin(), merges.end(),
                         [](const ColumnMerge<T>& merge) { return merge.n_safe() >= kWord; });
    };
    while (all_have_a_word()) advance(std::span<ColumnMerge<T>, kTogether>(merges), kWord);
    for (std::size_t k = 0; k < kTogether; ++k) {
      const std::span<ColumnMerge<T>, 1> one(&merges[k], 1);
      while (one[0].n_safe() > 0) advance(one, std::min(kWord, one[0].n_safe()));
      out[first + k] = one[0].finish();
      has_ties[first + k] = has_ties[first + k] || one[0].has_equal();
    }
  }
  fill_pooled(panel, has_ties, out);
  return out;
}

template PanelArray<Placements> long_placements<float>(PanelView<float>, const PanelArray<Called>&);
template PanelArray<Placements> long_placements<double>(PanelView<double>, const PanelArray<Called>&);

}  // namespace penfield::association
