#include "penfield/activations/activation_store.h"

#include <algorithm>

#include "penfield/base/check.h"

namespace penfield::activations {

Result<void> ActivationStore::for_each_block(std::size_t n_columns, const BlockVisitor& visit,
                                             const Share& share) const {
  PENFIELD_CHECK(n_columns > 0);
  for (std::size_t m = share.index; m < plan_->matrices.size(); m += share.n) {
    const CapturedMatrix& matrix = plan_->matrices[m];
    if (matrix.kind != CapturedMatrix::Kind::kSamples) break;  // samples are first
    PENFIELD_TRY_VOID(
        visit_columns(m, [&](std::size_t first_col, MatrixView<const float> values) -> Result<void> {
          for (std::size_t at = 0; at < values.cols; at += n_columns) {
            const auto some = values.block(0, values.rows, at, std::min(n_columns, values.cols - at));
            PENFIELD_TRY_VOID(
                visit({matrix.site, matrix.layer, static_cast<std::uint32_t>(first_col + at), some}));
          }
          return {};
        }));
  }
  return {};
}

}  // namespace penfield::activations
