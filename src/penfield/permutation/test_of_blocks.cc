#include "penfield/permutation/test_of_blocks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/numeric/distributions.h"

namespace penfield::permutation {
namespace {

constexpr std::size_t kBlockColumns = 32;

struct BlockScratch {
  std::vector<double> scores;     // [n_blocks, kBlockColumns]
  std::vector<double> greatest;   // [kBlockColumns] |x − x̄|
  std::vector<double> mean_of_x;  // [kBlockColumns], about the first sample
};

template <class T>
void score(const MatrixView<const T>& x, const Exchange& exchange, const std::vector<double>& weight_of_block,
           BlockScratch& scratch) {
  scratch.scores.assign(weight_of_block.size() * kBlockColumns, 0.0);
  scratch.greatest.assign(kBlockColumns, 0.0);
  scratch.mean_of_x.assign(kBlockColumns, 0.0);
  for (std::size_t r = 0; r < x.rows; ++r) {
    double* const score = &scratch.scores[exchange.item_of_sample[r] * kBlockColumns];
    for (std::size_t c = 0; c < x.cols; ++c) {
      const double value = static_cast<double>(x(r, c)) - static_cast<double>(x(0, c));
      scratch.mean_of_x[c] += value / static_cast<double>(x.rows);
      scratch.greatest[c] = std::max(scratch.greatest[c], std::abs(value));
      score[c] += exchange.weight_of_sample[r] * value;
    }
  }
  for (std::size_t k = 0; k < weight_of_block.size(); ++k) {
    for (std::size_t c = 0; c < x.cols; ++c)
      scratch.scores[k * kBlockColumns + c] -= weight_of_block[k] * scratch.mean_of_x[c];
  }
}

// sum_of_labels: Σ (y − ȳ)²
ItemTest test_scores(const BlockScratch& scratch, std::size_t n_blocks, std::size_t column,
                     double sum_of_labels) {
  double sum = 0, squares = 0;
  for (std::size_t k = 0; k < n_blocks; ++k) {
    const double score = scratch.scores[k * kBlockColumns + column];
    sum += score;
    squares += score * score;
  }
  ItemTest out;
  if (!std::isfinite(sum) || !std::isfinite(squares)) return out;
  out.difference = sum / sum_of_labels;
  constexpr double kRounding = 1e-24;  // of squares: below it the scores are the rounding of their sums
  if (!(squares > kRounding * scratch.greatest[column] * scratch.greatest[column])) return out;
  const auto n = static_cast<double>(n_blocks);
  const double t2 = sum * sum / squares;  // at most n
  const double rest = std::max(n - t2, n * std::numeric_limits<double>::epsilon());
  out.t = std::copysign(std::sqrt(t2 * (n - 1) / rest), sum);
  out.degrees_of_freedom = n - 1;
  out.neglog10_p = numeric::neglog10_p_student_t(out.t, out.degrees_of_freedom);
  return out;
}

}  // namespace

template <class T>
std::vector<ItemTest> test_block_scores(MatrixView<const T> x, const Exchange& exchange) {
  PENFIELD_CHECK(exchange.statistic == Statistic::kSignFlips && x.rows == exchange.item_of_sample.size());
  std::vector<ItemTest> out(x.cols);
  const std::size_t n_blocks = exchange.n_items() - 1;
  if (n_blocks < 2) return out;
  std::vector<double> weight_of_block(n_blocks, 0.0);
  double sum_of_labels = 0;
  for (std::size_t r = 0; r < x.rows; ++r) {
    const double weight = exchange.weight_of_sample[r];
    weight_of_block[exchange.item_of_sample[r]] += weight;
    sum_of_labels += weight * weight;
  }
  std::vector<BlockScratch> scratch(static_cast<std::size_t>(n_threads()));
  const std::size_t n_panels = (x.cols + kBlockColumns - 1) / kBlockColumns;
  parallel_for(n_panels, [&](std::size_t panel, int thread) {
    const std::size_t first = panel * kBlockColumns;
    const std::size_t n = std::min(kBlockColumns, x.cols - first);
    BlockScratch& mine = scratch[static_cast<std::size_t>(thread)];
    score(x.block(0, x.rows, first, n), exchange, weight_of_block, mine);
    for (std::size_t c = 0; c < n; ++c) out[first + c] = test_scores(mine, n_blocks, c, sum_of_labels);
  });
  return out;
}

template std::vector<ItemTest> test_block_scores<float>(MatrixView<const float>, const Exchange&);
template std::vector<ItemTest> test_block_scores<double>(MatrixView<const double>, const Exchange&);

}  // namespace penfield::permutation
