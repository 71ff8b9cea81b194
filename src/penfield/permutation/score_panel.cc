#include "penfield/permutation/score_panel.h"

#include "penfield/base/check.h"
#include "penfield/numeric/matmul.h"
#include "penfield/permutation/studentise.h"

namespace penfield::permutation {

namespace {

std::size_t width_for(std::size_t n_items, std::size_t n_matrices) {
  constexpr std::size_t kPanelFloats = std::size_t{1} << 17;
  constexpr std::size_t kMostColumns = 256;
  return std::clamp(kPanelFloats / n_matrices / n_items / kScoreColumns * kScoreColumns, kScoreColumns,
                    kMostColumns);
}

}  // namespace

std::size_t panel_width(const Exchange& exchange) {
  return width_for(exchange.n_items(), exchange.statistic == Statistic::kStudentisedMeans ? 2 : 1);
}

std::uint64_t ScorePanel::bytes(std::size_t n_items) {
  std::size_t most = 0;
  for (const std::size_t n_matrices : {1, 2}) {
    const std::size_t width = width_for(n_items, n_matrices);
    most = std::max(most, n_matrices * (numeric::packed_floats(n_items, width) + kRows * width));
  }
  return (most + n_items * kScoreColumns) * sizeof(float) + n_items * kScoreColumns * sizeof(double);
}

ScorePanel::ScorePanel(const Exchange& exchange)
    : exchange_(&exchange),
      width_(panel_width(exchange)),
      scores_(allocate_aligned(exchange.n_items() * kScoreColumns)),
      packed_(allocate_aligned(numeric::packed_floats(exchange.n_items(), width_))),
      products_(allocate_aligned(kRows * width_)) {
  if (!is_studentised()) return;
  packed_squares_ = allocate_aligned(numeric::packed_floats(exchange.n_items(), width_));
  products_of_squares_ = allocate_aligned(kRows * width_);
}

template <class T>
std::vector<bool> ScorePanel::load(MatrixView<const T> x) {
  PENFIELD_CHECK(x.cols <= width_);
  n_columns_ = x.cols;
  const std::size_t n_items = exchange_->n_items();
  std::vector<bool> usable(x.cols);
  for (std::size_t c = 0; c < x.cols; c += kScoreColumns) {
    const std::size_t n = std::min(kScoreColumns, x.cols - c);
    const std::uint32_t bits = item_scores<T>(x.block(0, x.rows, c, n), *exchange_, items_, scores_.get());
    for (std::size_t k = 0; k < n; ++k) usable[c + k] = (bits >> k & 1u) != 0;
    numeric::pack({scores_.get(), n_items, kScoreColumns}, packed_.get() + c * n_items);
    if (!is_studentised()) continue;
    for (std::size_t i = 0; i < n_items * kScoreColumns; ++i) scores_.get()[i] *= scores_.get()[i];
    numeric::pack({scores_.get(), n_items, kScoreColumns}, packed_squares_.get() + c * n_items);
  }
  return usable;
}

MatrixView<float> ScorePanel::multiply(MatrixView<const float> labels) {
  const MatrixView<float> out(products_.get(), labels.rows, n_columns_, width_);
  numeric::multiply_packed(labels, packed_.get(), exchange_->n_items(), {}, numeric::Onto::kNothing, out);
  if (!is_studentised()) return out;
  const MatrixView<float> squares(products_of_squares_.get(), labels.rows, n_columns_, width_);
  numeric::multiply_packed(labels, packed_squares_.get(), exchange_->n_items(), {}, numeric::Onto::kNothing,
                           squares);
  const StudentisedGroups groups{.n_target = static_cast<float>(exchange_->n_target_items),
                                 .n_comparison = static_cast<float>(exchange_->n_comparison_items)};
  for (std::size_t row = 0; row < labels.rows; ++row)
    studentise(groups, out.row(row).data(), squares.row(row).data(), n_columns_);
  return out;
}

template std::vector<bool> ScorePanel::load<float>(MatrixView<const float>);
template std::vector<bool> ScorePanel::load<double>(MatrixView<const double>);

}  // namespace penfield::permutation
