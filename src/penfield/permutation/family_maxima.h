// One family of columns during a max-statistic permutation.
//
// The columns come in blocks, in the same order in every pass: once with the observed labels (observe), by
// which they are ranked, then once for each group of permutations (climb). A few numbers for each column and
// a staircase for each permutation are kept.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"
#include "penfield/permutation/exchange.h"
#include "penfield/permutation/permutation_table.h"
#include "penfield/permutation/score_panel.h"
#include "penfield/permutation/shared_columns.h"
#include "penfield/permutation/staircase.h"
#include "penfield/permutation/statistic_counts.h"

namespace penfield::permutation {

class FamilyMaxima {
 public:
  // panels: one for each thread, of the same exchange. Both must outlive the family.
  // shared: the processes that have the columns; this one observes and climbs its own.
  FamilyMaxima(const Exchange& exchange, std::span<ScorePanel> panels, SharedColumns shared = {});

  template <class T>
  void observe(MatrixView<const T> x);
  // Call after the last block. n_trivial: permutations that reproduce the observed statistics. Errors: those
  // of another process.
  [[nodiscard]] Result<void> rank(std::size_t n_trivial);

  // labels [permutations, n_items]: valid until end_group. Every block must pass through climb in between.
  void begin_group(MatrixView<const float> labels);
  template <class T>
  void climb(MatrixView<const T> x);
  // Errors: those of another process.
  [[nodiscard]] Result<void> end_group();

  [[nodiscard]] PermutationTable table() &&;

 private:
  static constexpr std::uint32_t kNoRank = ~std::uint32_t{0};
  static constexpr std::size_t kLevels = 33;

  // The state of a thread for one permutation.
  struct Seen {
    Staircase stairs;
    // [level] largest |M| of the columns of lower levels. A column of rank r has level bit_width(n − 1 − r):
    // all columns of lower levels have higher ranks, so a column that does not exceed this needs no step.
    std::array<float, kLevels> below{};
  };
  struct ThreadState {
    std::vector<Seen> seen;               // [permutations of the group]
    std::vector<StatisticCounts> counts;  // of the first permutations, from which the band is computed
  };

  // What the group's permutations give for the columns of one or of all processes.
  struct GroupSums {
    std::vector<Staircase> stairs;        // [permutations of the group]
    std::vector<StatisticCounts> counts;  // of those of the band
  };

  [[nodiscard]] Result<void> gather_statistics();
  [[nodiscard]] GroupSums sum_threads() const;
  [[nodiscard]] Result<void> add_other_processes(GroupSums& sums) const;
  [[nodiscard]] std::size_t level_of(std::uint32_t rank) const;
  void climb_panel(ScorePanel& panel, std::span<const std::uint32_t> ranks, ThreadState& state) const;
  void meet(std::uint32_t rank, float statistic, Seen& seen) const;
  // What a permutation's statistic must exceed to count as having reached `statistic`: less by its rounding
  // error. Rises with the statistic.
  [[nodiscard]] double least_reaching(float statistic) const;
  [[nodiscard]] std::size_t first_reached(float greatest) const;
  [[nodiscard]] double median_of_sorted() const;
  void count_reached(Staircase& stairs);
  void fill_inflation(PermutationTable& table);
  // −log10 p of a squared statistic.
  [[nodiscard]] double neglog10_p_of(double squared) const;
  void fill_rank_bands(PermutationTable& table);
  void fill_effective(PermutationTable& table) const;

  const Exchange& exchange_;
  std::span<ScorePanel> panels_;
  SharedColumns shared_;
  std::size_t width_ = 0;
  float margin_ = 0;
  std::vector<float> statistic_;      // [n_columns] |M|; -1: excluded
  std::vector<std::uint32_t> order_;  // columns by rank
  std::vector<std::uint32_t> rank_;   // [n_columns]; of the columns that this process climbs
  std::vector<float> sorted_;         // |M| by rank
  std::size_t n_permutations_ = 0;
  // By rank, as differences: +1 at the start of a run of reached ranks, −1 after its end.
  std::vector<std::int64_t> single_, step_down_;
  std::vector<float> greatest_;  // |M|, one a permutation
  std::vector<double> medians_;  // of |M|, one a permutation of the band
  std::vector<std::uint64_t> band_ranks_;
  std::vector<std::vector<float>> at_ranks_;  // [band ranks] |M|, one a permutation of the band
  // Of the group.
  MatrixView<const float> labels_;
  std::size_t next_column_ = 0;
  std::vector<ThreadState> threads_;
};

}  // namespace penfield::permutation
