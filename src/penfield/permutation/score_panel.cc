#include "penfield/permutation/score_panel.h"

#include "penfield/base/check.h"
#include "penfield/numeric/matmul.h"

namespace penfield::permutation {

std::size_t panel_width(std::size_t n_items) {
  constexpr std::size_t kPanelFloats = std::size_t{1} << 17;
  constexpr std::size_t kMostColumns = 256;
  return std::clamp(kPanelFloats / n_items / kScoreColumns * kScoreColumns, kScoreColumns, kMostColumns);
}

std::uint64_t ScorePanel::bytes(std::size_t n_items) {
  const std::size_t width = panel_width(n_items);
  const std::size_t n_floats =
      n_items * kScoreColumns + numeric::packed_floats(n_items, width) + kRows * width;
  return n_floats * sizeof(float) + n_items * kScoreColumns * sizeof(double);
}

ScorePanel::ScorePanel(const Exchange& exchange)
    : exchange_(&exchange),
      width_(panel_width(exchange.n_items())),
      scores_(allocate_aligned(exchange.n_items() * kScoreColumns)),
      packed_(allocate_aligned(numeric::packed_floats(exchange.n_items(), width_))),
      products_(allocate_aligned(kRows * width_)) {}

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
  }
  return usable;
}

MatrixView<float> ScorePanel::multiply(MatrixView<const float> labels) {
  const MatrixView<float> out(products_.get(), labels.rows, n_columns_, width_);
  numeric::multiply_packed(labels, packed_.get(), exchange_->n_items(), {}, numeric::Onto::kNothing, out);
  return out;
}

template std::vector<bool> ScorePanel::load<float>(MatrixView<const float>);
template std::vector<bool> ScorePanel::load<double>(MatrixView<const double>);

}  // namespace penfield::permutation
