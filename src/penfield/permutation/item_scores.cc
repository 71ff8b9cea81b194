#include "penfield/permutation/item_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "penfield/base/check.h"

namespace penfield::permutation {
namespace {

using Row = double[kScoreColumns];

// Of the spread of a column: below this, what is left between items is rounding.
constexpr double kNoSpread = 1e-12;

struct Range {
  alignas(64) Row lowest, highest, origin;
  alignas(64) Row inv_width;  // a power of two near 1/(highest − lowest): squares neither overflow nor vanish
};

// Whole rows have a fixed length, which the compiler unrolls; the last columns of a matrix are copied into
// one.
template <class T>
const T* whole_row(const MatrixView<const T>& x, std::size_t r, T* copy) {
  const T* row = x.data + r * x.stride;
  if (x.cols == kScoreColumns) return row;
  std::copy_n(row, x.cols, copy);
  return copy;
}

// Returns the columns with a value that is no number, as bits.
template <class T>
std::uint32_t find_ranges(const MatrixView<const T>& x, Range& range) {
  alignas(64) T lowest[kScoreColumns], highest[kScoreColumns], bad[kScoreColumns] = {};
  alignas(64) T copy[kScoreColumns] = {};
  const T* row = whole_row(x, 0, copy);
  std::copy_n(row, kScoreColumns, lowest);
  std::copy_n(row, kScoreColumns, highest);
  for (std::size_t r = 0; r < x.rows; ++r) {
    row = whole_row(x, r, copy);
    for (std::size_t c = 0; c < kScoreColumns; ++c) {
      lowest[c] = row[c] < lowest[c] ? row[c] : lowest[c];
      highest[c] = row[c] > highest[c] ? row[c] : highest[c];
      bad[c] += row[c] * T{0};  // NaN exactly where the value is no number
    }
  }
  std::uint32_t bits = 0;
  for (std::size_t c = 0; c < kScoreColumns; ++c) {
    bits |= std::uint32_t{bad[c] != T{0}} << c;
    range.lowest[c] = static_cast<double>(lowest[c]);
    range.highest[c] = static_cast<double>(highest[c]);
    const double half_width = range.highest[c] / 2 - range.lowest[c] / 2;
    const bool usual = half_width > 0 && half_width <= std::numeric_limits<double>::max();
    range.inv_width[c] = usual ? std::ldexp(1.0, std::clamp(-std::ilogb(half_width), -1000, 1000)) : 0.0;
  }
  return bits;
}

// Sum of each item's samples, about the first sample of the column.
template <class T>
void sum_items(const MatrixView<const T>& x, const Exchange& exchange, const Range& range, Row* values) {
  alignas(64) T copy[kScoreColumns] = {};
  std::fill_n(&values[0][0], exchange.n_items() * kScoreColumns, 0.0);
  for (std::size_t r = 0; r < x.rows; ++r) {
    const T* row = whole_row(x, r, copy);
    double* value = values[exchange.item_of_sample[r]];
    for (std::size_t c = 0; c < kScoreColumns; ++c) {
      // Half the range at a time: the difference of two values near the largest double is no double.
      value[c] += (static_cast<double>(row[c]) * 0.5 - range.origin[c]) * range.inv_width[c];
    }
  }
}

// Takes the mean of its stratum's samples from each item of stratum g, and adds the stratum's part of the
// variance.
void centre_stratum(const Exchange& exchange, std::size_t g, Row* values, double* variance) {
  const std::size_t first = exchange.first_of_stratum[g];
  const std::size_t last = exchange.first_of_stratum[g + 1];
  alignas(64) Row mean = {};
  alignas(64) Row squares = {};
  double n_samples = 0, n_target = 0;
  for (std::size_t k = first; k < last; ++k) {
    n_samples += exchange.n_samples_of_item[k];
    n_target += exchange.label_of_item[k];
    for (std::size_t c = 0; c < kScoreColumns; ++c) mean[c] += values[k][c];
  }
  for (double& value : mean) value /= n_samples;
  for (std::size_t k = first; k < last; ++k) {
    const double size = exchange.n_samples_of_item[k];
    for (std::size_t c = 0; c < kScoreColumns; ++c) {
      values[k][c] -= size * mean[c];
      squares[c] += values[k][c] * values[k][c];
    }
  }
  const auto n = static_cast<double>(last - first);
  const double weight = n_target * (n - n_target) / (n * (n - 1));
  for (std::size_t c = 0; c < kScoreColumns; ++c) variance[c] += weight * squares[c];
}

// Makes means of the items' sums, takes the mean of its stratum from each, and gives their variance.
void centre_means(const Exchange& exchange, Row* values, double* variance) {
  for (std::size_t k = 0; k < exchange.n_items(); ++k) {
    const double size = exchange.n_samples_of_item[k];
    for (std::size_t c = 0; c < kScoreColumns; ++c) values[k][c] /= size;
  }
  for (std::size_t g = 0; g < exchange.n_strata(); ++g) {
    const std::size_t first = exchange.first_of_stratum[g], last = exchange.first_of_stratum[g + 1];
    alignas(64) Row mean = {};
    for (std::size_t k = first; k < last; ++k) {
      for (std::size_t c = 0; c < kScoreColumns; ++c) mean[c] += values[k][c];
    }
    for (double& value : mean) value /= static_cast<double>(last - first);
    for (std::size_t k = first; k < last; ++k) {
      for (std::size_t c = 0; c < kScoreColumns; ++c) {
        values[k][c] -= mean[c];
        variance[c] += values[k][c] * values[k][c];
      }
    }
  }
  const auto n = static_cast<double>(exchange.n_items() - 1);
  for (std::size_t c = 0; c < kScoreColumns; ++c) variance[c] /= n;
}

// The score of each block and, in the item behind them, what makes a sum over kept signs one over all signs.
template <class T>
void score_blocks(const MatrixView<const T>& x, const Exchange& exchange, const Range& range, Row* values,
                  double* variance) {
  alignas(64) T copy[kScoreColumns] = {};
  alignas(64) Row mean = {};
  const std::size_t n_blocks = exchange.n_items() - 1;
  std::vector<double> weight_of_block(n_blocks, 0.0);
  std::fill_n(&values[0][0], exchange.n_items() * kScoreColumns, 0.0);
  for (std::size_t r = 0; r < x.rows; ++r) {
    const T* row = whole_row(x, r, copy);
    const double weight = exchange.weight_of_sample[r];
    double* value = values[exchange.item_of_sample[r]];
    weight_of_block[exchange.item_of_sample[r]] += weight;
    for (std::size_t c = 0; c < kScoreColumns; ++c) {
      const double scaled = (static_cast<double>(row[c]) * 0.5 - range.origin[c]) * range.inv_width[c];
      mean[c] += scaled;
      value[c] += weight * scaled;
    }
  }
  for (double& value : mean) value /= static_cast<double>(x.rows);
  double* const last = values[n_blocks];
  for (std::size_t k = 0; k < n_blocks; ++k) {
    for (std::size_t c = 0; c < kScoreColumns; ++c) {
      values[k][c] -= weight_of_block[k] * mean[c];
      variance[c] += values[k][c] * values[k][c];
      last[c] -= values[k][c];
      values[k][c] *= 2;
    }
  }
}

}  // namespace

template <class T>
std::uint32_t item_scores(MatrixView<const T> x, const Exchange& exchange, ItemScratch& scratch,
                          float* scores) {
  PENFIELD_CHECK(x.rows == exchange.item_of_sample.size() && x.rows > 0 && x.cols <= kScoreColumns);
  Range range{};
  const std::uint32_t bad = find_ranges(x, range);
  for (std::size_t c = 0; c < kScoreColumns; ++c)
    range.origin[c] = c < x.cols ? static_cast<double>(x(0, c)) * 0.5 : 0.0;
  scratch.values.resize(exchange.n_items() * kScoreColumns);
  auto* const values = reinterpret_cast<Row*>(scratch.values.data());
  alignas(64) Row variance = {};
  if (exchange.statistic == Statistic::kSignFlips) {
    score_blocks(x, exchange, range, values, variance);
  } else if (exchange.statistic == Statistic::kStudentisedMeans) {
    sum_items(x, exchange, range, values);
    centre_means(exchange, values, variance);
  } else {
    sum_items(x, exchange, range, values);
    for (std::size_t g = 0; g < exchange.n_strata(); ++g) centre_stratum(exchange, g, values, variance);
  }

  alignas(64) Row inv_sd = {};
  std::uint32_t usable = 0;
  for (std::size_t c = 0; c < x.cols; ++c) {
    const bool has_spread = range.inv_width[c] > 0 && variance[c] > kNoSpread * kNoSpread;
    if ((bad >> c & 1u) != 0 || !has_spread) continue;
    usable |= 1u << c;
    inv_sd[c] = 1.0 / std::sqrt(variance[c]);
  }
  for (std::size_t k = 0; k < exchange.n_items(); ++k) {
    for (std::size_t c = 0; c < kScoreColumns; ++c) {
      const bool wanted = inv_sd[c] > 0;  // a value that is no number times zero is none
      scores[k * kScoreColumns + c] = wanted ? static_cast<float>(values[k][c] * inv_sd[c]) : 0.0f;
    }
  }
  return usable;
}

template std::uint32_t item_scores<float>(MatrixView<const float>, const Exchange&, ItemScratch&, float*);
template std::uint32_t item_scores<double>(MatrixView<const double>, const Exchange&, ItemScratch&, float*);

}  // namespace penfield::permutation
