#include "penfield/association/panel/long_merge.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <span>
#include <utility>
#include <vector>

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

// t³ − t of a run of t equal values.
constexpr std::uint64_t ties_of_run(std::uint64_t n) {
  return n * (n * n - 1);
}

// Their sum over the runs of a sorted group. The branch is foretold where runs are rare, and where they are
// long.
template <class T>
std::uint64_t ties_within(const T* group, std::size_t n) {
  std::uint64_t ties = 0;
  for (std::size_t i = 1; i < n; ++i) {
    if (group[i] != group[i - 1]) continue;
    const std::size_t begin = i - 1;
    while (i < n && group[i] == group[begin]) ++i;
    ties += ties_of_run(i - begin);
  }
  return ties;
}

// One column's merge. Of equal values in both groups, those go first that make a cut between them look worse:
// so no cut within a run of equal values does better than both its ends, and none has to be told from a cut
// between two values.
template <class Key>
class ColumnMerge {
 public:
  ColumnMerge() = default;
  // target, comparison: the sorted groups
  ColumnMerge(std::span<const Key> target, std::span<const Key> comparison, Called called)
      : target_(target.data()),
        comparison_(comparison.data()),
        n_target_(target.size()),
        n_comparison_(comparison.size()),
        of_a_target_(-2 * static_cast<std::int64_t>(called) * static_cast<std::int64_t>(n_comparison_)),
        of_a_comparison_(2 * static_cast<std::int64_t>(called) * static_cast<std::int64_t>(n_target_)),
        tie_(called == Called::kAbove ? 1 : 0) {}

  [[nodiscard]] const Key* target() const { return target_; }
  [[nodiscard]] const Key* comparison() const { return comparison_; }
  [[nodiscard]] std::size_t n_targets_taken() const { return i_; }
  [[nodiscard]] std::size_t n_comparisons_taken() const { return j_; }
  [[nodiscard]] bool targets_go_first() const { return of_a_target_ <= 0; }
  // Steps that can be taken before either group may be at its end.
  [[nodiscard]] std::size_t n_safe() const { return std::min(n_target_ - i_, n_comparison_ - j_); }

  void take(const Steps& steps, std::size_t n_steps) {
    if (steps.is_equal != 0) correct_equal(steps);
    std::size_t step = 0;
    for (; step + 8 <= n_steps; step += 8) take_byte(steps.is_target >> step & 255u);
    for (; step < n_steps; ++step) take_one((steps.is_target >> step & 1u) != 0);
    words_.push_back({steps.is_target, n_steps});
    gain_ += gain_of(words_.back());
    most_between_words_ = std::max(most_between_words_, gain_);
  }

  // What is left of one group lies above all of the other, and no cut there does better.
  // target, comparison: the values of the column, kPanelUnits apart
  template <class T>
  [[nodiscard]] Placements finish(const T* target, const T* comparison) const {
    const std::uint64_t rest_target = n_target_ - i_;
    const std::uint64_t rest_comparison = n_comparison_ - j_;
    const std::uint64_t of_target = 2 * n_comparison_;
    const std::uint64_t of_comparison = 2 * n_target_;
    Placements out;
    out.sums = {
        .target = sums_.target + rest_target * of_target,
        .target_squared = sums_.target_squared + rest_target * of_target * of_target,
        .comparison_squared = sums_.comparison_squared + rest_comparison * of_comparison * of_comparison};
    out.pooled.ties = static_cast<double>(ties_within(target_, n_target_) +
                                          ties_within(comparison_, n_comparison_) + cross_ties_);
    fill_quartiles(target, n_target_, comparison, n_comparison_, kPanelUnits, out.pooled);
    const Cut cut = find_cut();
    if (cut.i + cut.j == 0) return out;
    constexpr T kInfinity = std::numeric_limits<T>::infinity();
    const T below_target = cut.i == 0 ? -kInfinity : target[(cut.i - 1) * kPanelUnits];
    const T below_comparison = cut.j == 0 ? -kInfinity : comparison[(cut.j - 1) * kPanelUnits];
    const T above_target = cut.i == n_target_ ? kInfinity : target[cut.i * kPanelUnits];
    const T above_comparison = cut.j == n_comparison_ ? kInfinity : comparison[cut.j * kPanelUnits];
    out.cut = {.below = static_cast<double>(std::max(below_target, below_comparison)),
               .above = static_cast<double>(std::min(above_target, above_comparison)),
               .gain = static_cast<double>(cut.gain) / 2};
    return out;
  }

 private:
  // Steps of the merge, the lowest bit first, 1 for a target.
  struct Word {
    std::uint64_t is_target = 0;
    std::size_t n_steps = 0;
    [[nodiscard]] std::uint64_t n_target() const {
      return static_cast<std::uint64_t>(std::popcount(is_target));
    }
  };
  // Above so many of either group; none at all: no cut does better than chance.
  struct Cut {
    std::uint64_t i = 0, j = 0;
    std::int64_t gain = 1;
  };

  [[nodiscard]] std::int64_t gain_of(const Word& word) const {
    const auto n_target = static_cast<std::int64_t>(word.n_target());
    return n_target * of_a_target_ + (static_cast<std::int64_t>(word.n_steps) - n_target) * of_a_comparison_;
  }

  // Of equal gains the last if called above, else the first. Only words that can come up to the most that was
  // seen between two words are looked at bit by bit.
  [[nodiscard]] Cut find_cut() const {
    Cut best;
    std::uint64_t i = 0, j = 0;
    std::int64_t gain = 0;
    for (const Word& word : words_) {
      const std::int64_t most =
          gain + static_cast<std::int64_t>(word.n_steps) * std::max(of_a_target_, of_a_comparison_);
      if (most < most_between_words_ || most + tie_ <= best.gain) {
        gain += gain_of(word);
        i += word.n_target();
        j += word.n_steps - word.n_target();
        continue;
      }
      for (std::size_t step = 0; step < word.n_steps; ++step) {
        const bool is_target = (word.is_target >> step & 1u) != 0;
        i += is_target ? 1 : 0;
        j += is_target ? 0 : 1;
        gain += is_target ? of_a_target_ : of_a_comparison_;
        if (gain + tie_ > best.gain) best = {i, j, gain};
      }
    }
    return best;
  }

  void take_one(bool is_target) {
    if (is_target) {
      sums_.target += 2 * j_;
      sums_.target_squared += 4 * j_ * j_;
    } else {
      sums_.comparison_squared += 4 * i_ * i_;
    }
    (is_target ? i_ : j_) += 1;
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
    i_ += n_target;
    j_ += n_comparison;
  }

  // Values that stand in both groups: what is added here makes up for counting one group's as below the
  // other's.
  void correct_equal(const Steps& steps) {
    for (std::uint64_t rest = steps.is_equal; rest != 0; rest &= rest - 1) {
      const std::uint64_t before = (rest & -rest) - 1;
      const std::size_t i = i_ + static_cast<std::size_t>(std::popcount(steps.is_target & before));
      const std::size_t j = j_ + static_cast<std::size_t>(std::popcount(before)) - (i - i_);
      if (i + j < corrected_) continue;  // of the run before
      const Key value = target_[i];
      std::size_t i_end = i;
      std::size_t j_end = j;
      while (i_end < n_target_ && target_[i_end] == value) ++i_end;
      while (j_end < n_comparison_ && comparison_[j_end] == value) ++j_end;
      corrected_ = i_end + j_end;
      const std::uint64_t n_target = i_end - i;
      const std::uint64_t n_comparison = j_end - j;
      cross_ties_ += ties_of_run(n_target + n_comparison) - ties_of_run(n_target) - ties_of_run(n_comparison);
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

  const Key* target_ = nullptr;
  const Key* comparison_ = nullptr;
  std::size_t n_target_ = 0, n_comparison_ = 0;
  std::uint64_t i_ = 0, j_ = 0;   // taken of either group
  std::uint64_t cross_ties_ = 0;  // what runs in both groups have beyond those of either
  std::uint64_t corrected_ = 0;   // of both groups together, up to the end of the last run of equal values
  PlacementSums sums_;
  // Gains in halves, so that a tie of two cuts can be decided by one half.
  std::int64_t of_a_target_ = 0, of_a_comparison_ = 0, tie_ = 0;
  std::int64_t gain_ = 0, most_between_words_ = 0;
  std::vector<Word> words_;
};

// 1 if a < b, by arithmetic: a comparison might become a branch, which is foretold wrongly half of the time.
constexpr std::uint64_t borrow(std::uint32_t a, std::uint32_t b) {
  return (std::uint64_t{a} - std::uint64_t{b}) >> 63;
}
constexpr std::uint64_t borrow(std::uint64_t a, std::uint64_t b) {
  return ((~a & b) | ((~a | b) & (a - b))) >> 63;
}

// n_steps <= 64 of several merges, all of which have so many. What one step of each merge does is written out
// K times, so that all of it stays in registers.
template <class Key, std::size_t... K>
void advance(std::span<ColumnMerge<Key>, sizeof...(K)> merges, std::size_t n_steps,
             std::index_sequence<K...>) {
  std::array<const Key*, sizeof...(K)> target = {merges[K].target() + merges[K].n_targets_taken()...};
  std::array<const Key*, sizeof...(K)> comparison = {merges[K].comparison() +
                                                     merges[K].n_comparisons_taken()...};
  const std::array<bool, sizeof...(K)> first = {merges[K].targets_go_first()...};
  std::array<Steps, sizeof...(K)> steps{};
  for (std::size_t step = 0; step < n_steps; ++step) {
    const auto take = [step](const Key*& of_target, const Key*& of_comparison, bool target_first,
                             Steps& out) {
      const std::uint64_t is_less = borrow(*of_target, *of_comparison);
      const std::uint64_t is_greater = borrow(*of_comparison, *of_target);
      const std::uint64_t is_target = is_less | ((is_greater ^ 1) & static_cast<std::uint64_t>(target_first));
      out.is_target |= is_target << step;
      out.is_equal |= ((is_less | is_greater) ^ 1) << step;
      of_target += is_target;
      of_comparison += is_target ^ 1;
    };
    (take(target[K], comparison[K], first[K], steps[K]), ...);
  }
  (merges[K].take(steps[K], n_steps), ...);
}

}  // namespace

template <class T>
PanelArray<Placements> long_placements(PanelView<T> panel, const OrderKey<T>* keys,
                                       const PanelArray<Called>& called) {
  using Merge = ColumnMerge<OrderKey<T>>;
  PanelArray<Placements> out;
  for (std::size_t first = 0; first < kPanelUnits; first += kTogether) {
    std::array<Merge, kTogether> merges;
    for (std::size_t k = 0; k < kTogether; ++k) {
      const OrderKey<T>* const column = keys + (first + k) * panel.n();
      merges[k] =
          Merge({column, panel.n_target}, {column + panel.n_target, panel.n_comparison}, called[first + k]);
    }
    const auto all_have_a_word = [&] {
      return std::ranges::all_of(merges, [](const Merge& merge) { return merge.n_safe() >= kWord; });
    };
    while (all_have_a_word())
      advance(std::span<Merge, kTogether>(merges), kWord, std::make_index_sequence<kTogether>());
    for (std::size_t k = 0; k < kTogether; ++k) {
      Merge& merge = merges[k];
      while (merge.n_safe() > 0)
        advance(std::span<Merge, 1>(&merge, 1), std::min(kWord, merge.n_safe()),
                std::make_index_sequence<1>());
      out[first + k] = merge.finish(panel.data + first + k, panel.comparison() + first + k);
    }
  }
  return out;
}

template PanelArray<Placements> long_placements<float>(PanelView<float>, const OrderKey<float>*,
                                                       const PanelArray<Called>&);
template PanelArray<Placements> long_placements<double>(PanelView<double>, const OrderKey<double>*,
                                                        const PanelArray<Called>&);

}  // namespace penfield::association
