#include "penfield/permutation/welch_of_items.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/numeric/distributions.h"

namespace penfield::permutation {
namespace {

constexpr std::size_t kColumnsATime = 32;

// The items of both labels of a stratum that has both.
struct Stratum {
  std::size_t first = 0, last = 0;
  double n[2] = {0, 0};  // by label
};

struct Strata {
  std::vector<Stratum> all;
  double degrees_of_freedom[2] = {0, 0};  // by label: items − strata
};

Strata strata_of(const Exchange& exchange) {
  Strata out;
  for (std::size_t g = 0; g < exchange.n_strata(); ++g) {
    Stratum stratum{exchange.first_of_stratum[g], exchange.first_of_stratum[g + 1]};
    for (std::size_t k = stratum.first; k < stratum.last; ++k) stratum.n[exchange.label_of_item[k]] += 1;
    if (stratum.n[0] == 0 || stratum.n[1] == 0) continue;
    out.all.push_back(stratum);
    for (const int label : {0, 1}) out.degrees_of_freedom[label] += stratum.n[label] - 1;
  }
  return out;
}

// values  [n_items, kColumnsATime], means of items
ItemTest test_column(const Exchange& exchange, const Strata& strata, const std::vector<double>& values,
                     std::size_t column) {
  double difference = 0, weights = 0, squares[2] = {0, 0}, per_item[2] = {0, 0};
  for (const Stratum& stratum : strata.all) {
    double mean[2] = {0, 0};
    for (std::size_t k = stratum.first; k < stratum.last; ++k)
      mean[exchange.label_of_item[k]] += values[k * kColumnsATime + column];
    for (const int label : {0, 1}) mean[label] /= stratum.n[label];
    for (std::size_t k = stratum.first; k < stratum.last; ++k) {
      const std::uint8_t label = exchange.label_of_item[k];
      const double deviation = values[k * kColumnsATime + column] - mean[label];
      squares[label] += deviation * deviation;
    }
    const double weight = stratum.n[0] * stratum.n[1] / (stratum.n[0] + stratum.n[1]);
    weights += weight;
    difference += weight * (mean[1] - mean[0]);
    for (const int label : {0, 1}) per_item[label] += weight * weight / stratum.n[label];
  }
  double variance[2];  // of D, by label
  for (const int label : {0, 1}) {
    variance[label] =
        squares[label] / strata.degrees_of_freedom[label] * per_item[label] / (weights * weights);
  }
  ItemTest out;
  const double both = variance[0] + variance[1];
  if (!std::isfinite(difference) || !std::isfinite(both)) return out;
  out.difference = difference / weights;
  if (!(both > 0)) return out;
  out.t = out.difference / std::sqrt(both);
  out.degrees_of_freedom = both * both /
                           (variance[0] * variance[0] / strata.degrees_of_freedom[0] +
                            variance[1] * variance[1] / strata.degrees_of_freedom[1]);
  out.neglog10_p = numeric::neglog10_p_student_t(out.t, out.degrees_of_freedom);
  return out;
}

// Means of items about the first sample of a column, so that a large common value costs no digits.
template <class T>
void item_means(const MatrixView<const T>& x, const Exchange& exchange, std::vector<double>& values) {
  values.assign(exchange.n_items() * kColumnsATime, 0.0);
  for (std::size_t r = 0; r < x.rows; ++r) {
    double* const value = &values[exchange.item_of_sample[r] * kColumnsATime];
    for (std::size_t c = 0; c < x.cols; ++c)
      value[c] += static_cast<double>(x(r, c)) - static_cast<double>(x(0, c));
  }
  for (std::size_t k = 0; k < exchange.n_items(); ++k) {
    for (std::size_t c = 0; c < x.cols; ++c) values[k * kColumnsATime + c] /= exchange.n_samples_of_item[k];
  }
}

}  // namespace

template <class T>
std::vector<ItemTest> test_item_means(MatrixView<const T> x, const Exchange& exchange) {
  PENFIELD_CHECK(exchange.statistic == Statistic::kStudentisedMeans &&
                 x.rows == exchange.item_of_sample.size());
  std::vector<ItemTest> out(x.cols);
  const Strata strata = strata_of(exchange);
  if (strata.degrees_of_freedom[0] < 1 || strata.degrees_of_freedom[1] < 1) return out;
  std::vector<std::vector<double>> scratch(static_cast<std::size_t>(n_threads()));
  const std::size_t n_panels = (x.cols + kColumnsATime - 1) / kColumnsATime;
  parallel_for(n_panels, [&](std::size_t panel, int thread) {
    const std::size_t first = panel * kColumnsATime;
    const std::size_t n = std::min(kColumnsATime, x.cols - first);
    std::vector<double>& values = scratch[static_cast<std::size_t>(thread)];
    item_means(x.block(0, x.rows, first, n), exchange, values);
    for (std::size_t c = 0; c < n; ++c) out[first + c] = test_column(exchange, strata, values, c);
  });
  return out;
}

template std::vector<ItemTest> test_item_means<float>(MatrixView<const float>, const Exchange&);
template std::vector<ItemTest> test_item_means<double>(MatrixView<const double>, const Exchange&);

}  // namespace penfield::permutation
