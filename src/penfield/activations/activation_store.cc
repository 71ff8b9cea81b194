#include "penfield/activations/activation_store.h"

namespace penfield::activations {

Result<void> ActivationStore::for_each_block(const BlockVisitor& visit) const {
  for (std::size_t m = 0; m < plan_->matrices.size(); ++m) {
    const CapturedMatrix& matrix = plan_->matrices[m];
    if (matrix.kind != CapturedMatrix::Kind::kSamples) continue;
    PENFIELD_TRY_VOID(visit_columns(m, [&](std::size_t first_col, MatrixView<const float> values) {
      return visit({matrix.site, matrix.layer, static_cast<std::uint32_t>(first_col), values});
    }));
  }
  return {};
}

}  // namespace penfield::activations
