#include "penfield/association/permute_family.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "penfield/association/item_scores.h"
#include "penfield/association/staircase.h"
#include "penfield/association/statistic_counts.h"
#include "penfield/base/aligned_floats.h"
#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/numeric/distributions.h"
#include "penfield/numeric/matmul.h"

namespace penfield::association {
namespace {

constexpr std::uint32_t kNoRank = std::numeric_limits<std::uint32_t>::max();
// Label rows that meet a panel of scores at once: their product stays in the second-level cache.
constexpr std::size_t kLabelRows = 96;
// Floats of label rows held at once.
constexpr std::size_t kLabelFloats = std::size_t{1} << 25;
// Floats of a panel of scores, at most; a panel has 32 to 256 columns.
constexpr std::size_t kPanelFloats = std::size_t{1} << 17;
constexpr std::size_t kMostPanelColumns = 256;
// Permutations that the band of the inflation rests on: its ends are the 5th smallest and the 5th greatest.
constexpr std::size_t kBandPermutations = 200;

std::size_t panel_columns(std::size_t n_items) {
  const std::size_t fit = kPanelFloats / n_items / kScoreColumns * kScoreColumns;
  return std::clamp(fit, kScoreColumns, kMostPanelColumns);
}

struct ThreadScratch {
  ItemScratch items;
  AlignedFloats scores, packed, products;
  std::vector<Staircase> stairs;        // one a permutation of the group
  std::vector<StatisticCounts> counts;  // one a permutation of the group that the band rests on
};

// A part of one block.
template <class T>
struct Panel {
  MatrixView<const T> x;
  std::size_t first_column = 0;  // in the family
};

template <class T>
class FamilyRun {
 public:
  FamilyRun(std::span<const MatrixView<const T>> blocks, const Exchange& exchange,
            const PermutedLabels& permuted)
      : blocks_(blocks), exchange_(exchange), permuted_(permuted), width_(panel_columns(exchange.n_items())) {
    PENFIELD_CHECK(exchange.n_items() > 0 && permuted.n_items() == exchange.n_items());
    for (const MatrixView<const T>& block : blocks) {
      for (std::size_t c = 0; c < block.cols; c += width_) {
        const std::size_t n = std::min(width_, block.cols - c);
        panels_.push_back({block.block(0, block.rows, c, n), n_columns_ + c});
      }
      n_columns_ += block.cols;
    }
    PENFIELD_CHECK(n_columns_ < kNoRank);
    const std::size_t n_chains = exchange.n_items() / numeric::kSumBlock;
    const std::size_t chain = std::min(exchange.n_items(), numeric::kSumBlock);
    // First-order bound of the error of a chain of so many sums, each of partial sums about 1.
    margin_ = 0x1p-24f * static_cast<float>(chain + n_chains);
    scratch_.resize(static_cast<std::size_t>(n_threads()));
  }

  PermutationTable run() {
    PermutationTable table;
    table.n_permutations = permuted_.n_permutations();
    table.n_single_step.assign(n_columns_, 0);
    table.n_step_down.assign(n_columns_, 0);
    observe(table);
    if (order_.empty()) return table;
    sort_out_trivial();
    const std::size_t group = std::max(kLabelRows, kLabelFloats / exchange_.n_items());
    for (std::size_t first = 0; first < moving_.size(); first += group)
      permute(std::span(moving_).subspan(first, std::min(group, moving_.size() - first)));
    finish(table);
    return table;
  }

 private:
  ThreadScratch& scratch_of(int thread) {
    ThreadScratch& mine = scratch_[static_cast<std::size_t>(thread)];
    if (!mine.scores) {
      mine.scores = allocate_aligned(exchange_.n_items() * kScoreColumns);
      mine.packed = allocate_aligned(numeric::packed_floats(exchange_.n_items(), width_));
      mine.products = allocate_aligned(kLabelRows * width_);
    }
    return mine;
  }

  // Packs the scores of a panel; returns its usable columns.
  std::vector<bool> pack_scores(const MatrixView<const T>& x, ThreadScratch& mine) {
    std::vector<bool> usable(x.cols);
    for (std::size_t c = 0; c < x.cols; c += kScoreColumns) {
      const std::size_t n = std::min(kScoreColumns, x.cols - c);
      const std::uint32_t bits =
          item_scores<T>(x.block(0, x.rows, c, n), exchange_, mine.items, mine.scores.get());
      for (std::size_t k = 0; k < n; ++k) usable[c + k] = (bits >> k & 1u) != 0;
      numeric::pack({mine.scores.get(), exchange_.n_items(), kScoreColumns},
                    mine.packed.get() + c * exchange_.n_items());
    }
    return usable;
  }

  MatrixView<float> product(MatrixView<const float> label_rows, std::size_t n_columns, ThreadScratch& mine) {
    const MatrixView<float> out(mine.products.get(), label_rows.rows, n_columns, width_);
    numeric::multiply_packed(label_rows, mine.packed.get(), exchange_.n_items(), {}, numeric::Onto::kNothing,
                             out);
    return out;
  }

  // Statistics of the labels as they are, and the columns' ranks by them.
  void observe(PermutationTable& table) {
    const std::vector<float> labels(exchange_.label_of_item.begin(), exchange_.label_of_item.end());
    const MatrixView<const float> row(labels.data(), 1, labels.size());
    statistic_.assign(n_columns_, -1.0f);
    parallel_for(panels_.size(), [&](std::size_t p, int thread) {
      ThreadScratch& mine = scratch_of(thread);
      const Panel<T>& panel = panels_[p];
      const std::vector<bool> usable = pack_scores(panel.x, mine);
      const MatrixView<float> sums = product(row, panel.x.cols, mine);
      for (std::size_t c = 0; c < panel.x.cols; ++c) {
        if (usable[c]) statistic_[panel.first_column + c] = std::fabs(sums(0, c));
      }
    });
    rank_.assign(n_columns_, kNoRank);
    for (std::uint32_t c = 0; c < n_columns_; ++c) {
      if (statistic_[c] >= 0) order_.push_back(c);
    }
    std::stable_sort(order_.begin(), order_.end(),
                     [&](auto a, auto b) { return statistic_[a] > statistic_[b]; });
    table.n_tests = order_.size();
    table.statistic.assign(n_columns_, PermutationTable::kNone);
    for (std::uint32_t r = 0; r < order_.size(); ++r) {
      rank_[order_[r]] = r;
      table.statistic[order_[r]] = square(statistic_[order_[r]]);
      sorted_.push_back(statistic_[order_[r]]);
    }
    single_.assign(order_.size() + 1, 0);
    step_down_.assign(order_.size() + 1, 0);
  }

  static double square(float statistic) {
    return static_cast<double>(statistic) * static_cast<double>(statistic);
  }

  // Labels that are the given ones, or those with the groups' names exchanged, give every column its own
  // statistic again: they reach all of them, and are not multiplied out.
  void sort_out_trivial() {
    for (std::size_t p = 0; p < permuted_.n_permutations(); ++p) {
      std::size_t n_same = 0;
      for (std::size_t k = 0; k < exchange_.n_items(); ++k)
        n_same += permuted_.is_target(p, k) == (exchange_.label_of_item[k] != 0);
      if (n_same > 0 && n_same < exchange_.n_items()) moving_.push_back(p);
    }
    const std::size_t n_trivial = permuted_.n_permutations() - moving_.size();
    single_[0] = step_down_[0] = static_cast<std::int64_t>(n_trivial);
    greatest_.assign(n_trivial, sorted_.front());
    medians_.assign(std::min(n_trivial, kBandPermutations), median_of_sorted());
  }

  [[nodiscard]] double median_of_sorted() const {
    const std::size_t n = sorted_.size();
    return 0.5 * (static_cast<double>(sorted_[(n - 1) / 2]) + static_cast<double>(sorted_[n / 2]));
  }

  // The columns of lowest rank, from wherever they lie: they go first, and what no permutation of them
  // exceeds needs no place on its staircase.
  std::vector<T> gather_lowest(std::size_t n_seed) const {
    const std::size_t n_samples = exchange_.item_of_sample.size();
    std::vector<T> x(n_samples * n_seed);
    for (std::size_t s = 0; s < n_seed; ++s) {
      std::size_t column = order_[order_.size() - n_seed + s];
      std::size_t block = 0;
      while (column >= blocks_[block].cols) column -= blocks_[block++].cols;
      for (std::size_t r = 0; r < n_samples; ++r) x[r * n_seed + s] = blocks_[block](r, column);
    }
    return x;
  }

  // Statistics of one group of permutations; adds what they reach to single_ and step_down_.
  void permute(std::span<const std::size_t> group) {
    std::vector<float> labels(group.size() * exchange_.n_items());
    for (std::size_t p = 0; p < group.size(); ++p) {
      for (std::size_t k = 0; k < exchange_.n_items(); ++k)
        labels[p * exchange_.n_items() + k] = permuted_.is_target(group[p], k) ? 1.0f : 0.0f;
    }
    const MatrixView<const float> rows(labels.data(), group.size(), exchange_.n_items());
    const std::size_t n_counted = std::min(group.size(), kBandPermutations - medians_.size());
    for (ThreadScratch& mine : scratch_) {
      mine.stairs.assign(group.size(), {});
      mine.counts.assign(n_counted, {});
    }
    std::vector<float> floor(group.size(), -1.0f);
    const std::size_t n_seed = std::min(order_.size(), 2 * width_);
    const std::vector<T> seed = gather_lowest(n_seed);
    const MatrixView<const T> seed_view(seed.data(), exchange_.item_of_sample.size(), n_seed);
    for (std::size_t end = n_seed; end > 0;) {
      const std::size_t n = std::min(width_, end);
      end -= n;
      climb_in_order(seed_view.block(0, seed_view.rows, end, n), rows,
                     static_cast<std::uint32_t>(order_.size() - n_seed + end), floor);
    }
    parallel_for(panels_.size(), [&](std::size_t p, int thread) {
      const Panel<T>& panel = panels_[p];
      climb(panel.x, rows, floor, std::span(rank_).subspan(panel.first_column, panel.x.cols),
            scratch_of(thread));
    });
    gather_group(group.size(), n_counted);
  }

  // act(permutation, its sums) over all label rows, for the panel whose scores are packed.
  template <class Act>
  void for_each_permutation(MatrixView<const float> rows, std::size_t n_columns, ThreadScratch& mine,
                            const Act& act) {
    for (std::size_t first = 0; first < rows.rows; first += kLabelRows) {
      const std::size_t n = std::min(kLabelRows, rows.rows - first);
      const MatrixView<float> sums = product(rows.block(first, n, 0, rows.cols), n_columns, mine);
      for (std::size_t p = 0; p < n; ++p) act(first + p, sums.data + p * sums.stride);
    }
  }

  // Columns of rank first_rank and up, the last first; floor is left at each permutation's greatest.
  void climb_in_order(const MatrixView<const T>& x, MatrixView<const float> rows, std::uint32_t first_rank,
                      std::span<float> floor) {
    ThreadScratch& mine = scratch_of(0);
    pack_scores(x, mine);
    for_each_permutation(rows, x.cols, mine, [&](std::size_t p, const float* sum) {
      for (std::size_t c = x.cols; c-- > 0;) {
        if (std::fabs(sum[c]) <= floor[p]) continue;
        floor[p] = std::fabs(sum[c]);
        mine.stairs[p].add(first_rank + static_cast<std::uint32_t>(c), floor[p]);
      }
    });
  }

  // Puts every statistic above its permutation's floor onto the staircases, and counts those that the band
  // needs.
  void climb(const MatrixView<const T>& x, MatrixView<const float> rows, std::span<const float> floor,
             std::span<const std::uint32_t> ranks, ThreadScratch& mine) {
    pack_scores(x, mine);
    for_each_permutation(rows, x.cols, mine, [&](std::size_t p, const float* sum) {
      for (std::size_t c = 0; c < x.cols; ++c) {
        if (std::fabs(sum[c]) > floor[p] && ranks[c] != kNoRank)
          mine.stairs[p].add(ranks[c], std::fabs(sum[c]));
      }
      if (p >= mine.counts.size()) return;
      for (std::size_t c = 0; c < x.cols; ++c) {
        if (ranks[c] != kNoRank) mine.counts[p].add(std::fabs(sum[c]));
      }
    });
  }

  void gather_group(std::size_t n_permutations, std::size_t n_counted) {
    for (std::size_t p = 0; p < n_permutations; ++p) {
      Staircase all;
      for (const ThreadScratch& mine : scratch_) all.add(mine.stairs[p]);
      count_reached(all);
    }
    for (std::size_t p = 0; p < n_counted; ++p) {
      StatisticCounts all;
      for (const ThreadScratch& mine : scratch_) all.add(mine.counts[p]);
      medians_.push_back(all.median());
    }
  }

  // First rank whose statistic `reach` attains; ranks are ordered by statistic, downwards.
  [[nodiscard]] std::size_t first_reached(float reach) const {
    const auto at = std::lower_bound(sorted_.begin(), sorted_.end(), reach,
                                     [&](float statistic, float most) { return statistic - margin_ > most; });
    return static_cast<std::size_t>(at - sorted_.begin());
  }

  // single_ and step_down_ hold differences: +1 where a run of reached ranks begins, −1 behind its end.
  void count_reached(Staircase& stairs) {
    greatest_.push_back(stairs.greatest());
    ++single_[first_reached(stairs.greatest())];
    --single_[order_.size()];
    const std::span<const Staircase::Step> steps = stairs.steps();
    for (std::size_t k = 0; k < steps.size(); ++k) {
      const std::size_t end = steps[k].rank + 1;
      const std::size_t tread = k + 1 < steps.size() ? steps[k + 1].rank + 1 : 0;
      const std::size_t first = std::max(tread, first_reached(steps[k].statistic));
      if (first >= end) continue;
      ++step_down_[first];
      --step_down_[end];
    }
  }

  void finish(PermutationTable& table) {
    std::int64_t single = 0, step_down = 0, most = 0;
    for (std::size_t r = 0; r < order_.size(); ++r) {
      single += single_[r];
      step_down += step_down_[r];
      most = std::max(most, step_down);
      table.n_single_step[order_[r]] = static_cast<std::uint32_t>(single);
      table.n_step_down[order_[r]] = static_cast<std::uint32_t>(most);
    }
    std::sort(greatest_.begin(), greatest_.end());
    for (const float value : greatest_) table.greatest.push_back(square(value));
    table.degrees_of_freedom =
        static_cast<double>(exchange_.n_items()) - static_cast<double>(exchange_.n_strata()) - 1;
    fill_inflation(table);
    fill_effective(table);
  }

  // λ: Devlin & Roeder 1999, Biometrics 55:997.
  void fill_inflation(PermutationTable& table) {
    constexpr double kMedianChi2 = 0.454936423119572;
    const auto lambda = [](double median) { return median * median / kMedianChi2; };
    table.inflation = lambda(median_of_sorted());
    std::sort(medians_.begin(), medians_.end());
    if (medians_.size() < kBandPermutations) return;
    constexpr std::size_t kTail = kBandPermutations / 40;
    table.inflation_lo = lambda(medians_[kTail - 1]);
    table.inflation_hi = lambda(medians_[medians_.size() - kTail]);
  }

  // The least p of m independent tests is Beta(1, m); the estimate of m by maximum likelihood is
  // −B / Σ ln(1 − p) (Dudbridge & Gusnanto 2008, Genet. Epidemiol. 32:227). p is that of M² under the beta
  // approximation of Pitman 1937, in which M²/(items − strata) is the square of a correlation.
  void fill_effective(PermutationTable& table) {
    const double df = table.degrees_of_freedom;
    if (df < 1 || greatest_.empty()) return;
    double sum = 0;
    for (const double statistic : table.greatest) {
      const double r2 = std::min(statistic / (df + 1), 1.0);
      const double p = std::pow(10.0, -numeric::neglog10_p_student_t(std::sqrt(df * r2 / (1 - r2)), df));
      sum += std::log1p(-p);
    }
    table.n_effective = -static_cast<double>(greatest_.size()) / sum;
  }

  std::span<const MatrixView<const T>> blocks_;
  const Exchange& exchange_;
  const PermutedLabels& permuted_;
  std::size_t width_ = 0, n_columns_ = 0;
  float margin_ = 0;
  std::vector<Panel<T>> panels_;
  std::vector<ThreadScratch> scratch_;
  std::vector<float> statistic_;      // [n_columns] |M|; -1: takes no part
  std::vector<std::uint32_t> order_;  // columns by rank
  std::vector<std::uint32_t> rank_;   // [n_columns]
  std::vector<float> sorted_;         // |M| by rank
  std::vector<std::size_t> moving_;   // permutations that change something
  std::vector<std::int64_t> single_, step_down_;
  std::vector<float> greatest_;  // |M|
  std::vector<double> medians_;  // of |M|, a permutation
};

}  // namespace

PermutationTable permute_family(std::span<const MatrixView<const float>> blocks, const Exchange& exchange,
                                const PermutedLabels& permuted) {
  return FamilyRun<float>(blocks, exchange, permuted).run();
}
PermutationTable permute_family(std::span<const MatrixView<const double>> blocks, const Exchange& exchange,
                                const PermutedLabels& permuted) {
  return FamilyRun<double>(blocks, exchange, permuted).run();
}

}  // namespace penfield::association
