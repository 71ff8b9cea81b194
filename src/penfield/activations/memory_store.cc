#include "penfield/activations/memory_store.h"

#include <algorithm>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"

namespace penfield::activations {

MemoryStore::MemoryStore(const CapturePlan& plan) : ActivationStore(plan) {
  for (const CapturedMatrix& matrix : plan.matrices) matrices_.push_back(allocate_aligned(matrix.n_values()));
}

std::uint64_t MemoryStore::bytes(const CapturePlan& plan) {
  return plan.n_values() * sizeof(float);
}

Result<void> MemoryStore::put(std::size_t pass, std::size_t matrix, MatrixView<const float> values) {
  const CapturedMatrix& shape = plan().matrices[matrix];
  const RowRange& rows = plan().passes[pass].rows(shape.kind);
  PENFIELD_CHECK(values.cols == shape.n_cols);
  const MatrixView<float> to(matrices_[matrix].get(), shape.n_rows, shape.n_cols);
  parallel_for(rows.from.size(), [&](std::size_t i, int) {
    const auto row = values.row(rows.from[i]);
    std::copy(row.begin(), row.end(), to.row(rows.first + i).begin());
  });
  return {};
}

Result<void> MemoryStore::visit_columns(std::size_t matrix, const ColumnsVisitor& visit) const {
  const CapturedMatrix& shape = plan().matrices[matrix];
  return visit(0, {matrices_[matrix].get(), shape.n_rows, shape.n_cols});
}

}  // namespace penfield::activations
