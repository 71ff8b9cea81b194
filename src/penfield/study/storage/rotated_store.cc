#include "penfield/study/storage/rotated_store.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "penfield/base/aligned_floats.h"
#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/base/random.h"

namespace penfield::study {
namespace {

constexpr std::uint64_t kRotationPurpose = 0x726f746174650000;  // "rotate", and the number of the matrix

struct Turn {
  std::uint32_t a = 0, b = 0;
  float cosine = 1, sine = 0;
};

// The columns without NaN and infinity.
std::vector<std::uint32_t> finite_columns(MatrixView<const float> x) {
  std::vector<std::uint8_t> is_finite(x.cols, 1);
  for (std::size_t r = 0; r < x.rows; ++r) {
    for (std::size_t c = 0; c < x.cols; ++c) is_finite[c] &= std::isfinite(x(r, c)) ? 1 : 0;
  }
  std::vector<std::uint32_t> columns;
  for (std::uint32_t c = 0; c < x.cols; ++c) {
    if (is_finite[c] != 0) columns.push_back(c);
  }
  return columns;
}

// Of all rounds over the columns `order`, in their order.
std::vector<Turn> draw_turns(std::vector<std::uint32_t> order, Random random) {
  const std::size_t n_columns = order.size();
  std::vector<Turn> turns;
  std::size_t n_rounds = 0;
  for (std::size_t n = 1; n < n_columns; n *= 2) n_rounds += 2;
  for (std::size_t round = 0; round < n_rounds; ++round) {
    random.shuffle(std::span(order));
    for (std::size_t i = 0; i + 1 < n_columns; i += 2) {
      const double angle = 2 * std::numbers::pi * random.uniform();
      turns.push_back(
          {order[i], order[i + 1], static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))});
    }
  }
  return turns;
}

}  // namespace

Result<void> rotate_columns(MatrixView<float> x, std::uint64_t seed, const Watch& watch) {
  const std::vector<Turn> turns = draw_turns(finite_columns(x), Random::stream(seed, kRotationPurpose));
  parallel_for(x.rows, [&](std::size_t r, int) {
    if (watch.stop().stop_requested()) return;
    const std::span<float> row = x.row(r);
    for (const Turn& turn : turns) {
      const float a = row[turn.a], b = row[turn.b];
      row[turn.a] = turn.cosine * a - turn.sine * b;
      row[turn.b] = turn.sine * a + turn.cosine * b;
    }
  });
  return watch.check();
}

RotatedStore::RotatedStore(const activations::ActivationStore& base, std::uint64_t seed, const Watch& watch)
    : ActivationStore(base.plan(), base.team()), base_(base), seed_(seed), watch_(watch) {}

Result<void> RotatedStore::put(std::size_t, std::size_t, MatrixView<const float>) {
  PENFIELD_CHECK(false);
}

Result<void> RotatedStore::visit_columns(std::size_t matrix, const activations::ColumnsVisitor& visit) const {
  const activations::CapturedMatrix& shape = plan().matrices[matrix];
  const AlignedFloats values = allocate_aligned(shape.n_rows * shape.n_cols);
  const MatrixView<float> whole(values.get(), shape.n_rows, shape.n_cols);
  PENFIELD_TRY_VOID(
      base_.visit_columns(matrix, [&](std::size_t first, MatrixView<const float> some) -> Result<void> {
        for (std::size_t r = 0; r < some.rows; ++r) {
          const std::span<const float> from = some.row(r);
          std::copy(from.begin(), from.end(), whole.row(r).begin() + static_cast<std::ptrdiff_t>(first));
        }
        return {};
      }));
  PENFIELD_TRY_VOID(rotate_columns(whole, seed_ + matrix, watch_));
  return visit(0, whole);
}

}  // namespace penfield::study
