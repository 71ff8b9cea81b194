#include "penfield/association/fit.h"

#include <algorithm>
#include <vector>

#include "penfield/association/fit_scalar.h"
#include "penfield/base/check.h"
#include "penfield/base/parallel.h"

namespace penfield::association {
namespace {

// Columns copied together: one cache line of floats, so that a row of the matrix is read whole.
constexpr std::size_t kPanel = 16;

struct Scratch {
  std::vector<double> panel;  // [kPanel, n_samples]
  ScalarScratch scalar;
};

// Rows of the matrix in the order in which columns are fitted: the target group first.
std::vector<std::size_t> rows_target_first(std::span<const std::uint8_t> labels) {
  std::vector<std::size_t> rows;
  rows.reserve(labels.size());
  for (const std::uint8_t wanted : {1, 0}) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      PENFIELD_CHECK(labels[i] <= 1);
      if (labels[i] == wanted) rows.push_back(i);
    }
  }
  return rows;
}

template <class T>
FitTable fit_any(MatrixView<const T> x, std::span<const std::uint8_t> labels) {
  PENFIELD_CHECK(x.rows == labels.size());
  const std::vector<std::size_t> rows = rows_target_first(labels);
  const auto n_target = static_cast<std::size_t>(std::count(labels.begin(), labels.end(), std::uint8_t{1}));
  FitTable table;
  table.n_target = n_target;
  table.n_comparison = rows.size() - n_target;
  table.rows.resize(x.cols);
  std::vector<Scratch> scratch(static_cast<std::size_t>(n_threads()));
  parallel_for((x.cols + kPanel - 1) / kPanel, [&](std::size_t panel, int thread) {
    Scratch& mine = scratch[static_cast<std::size_t>(thread)];
    mine.panel.resize(kPanel * rows.size());
    const std::size_t first = panel * kPanel;
    const std::size_t width = std::min(kPanel, x.cols - first);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t c = 0; c < width; ++c)
        mine.panel[c * rows.size() + i] = static_cast<double>(x(rows[i], first + c));
    }
    for (std::size_t c = 0; c < width; ++c) {
      const std::span<const double> column(mine.panel.data() + c * rows.size(), rows.size());
      table.rows[first + c] = fit_column_scalar(column, n_target, mine.scalar);
    }
  });
  return table;
}

}  // namespace

FitTable fit_columns(MatrixView<const float> x, std::span<const std::uint8_t> labels) {
  return fit_any(x, labels);
}
FitTable fit_columns(MatrixView<const double> x, std::span<const std::uint8_t> labels) {
  return fit_any(x, labels);
}

}  // namespace penfield::association
