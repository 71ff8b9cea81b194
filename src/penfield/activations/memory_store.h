// Captured matrices in memory: what a scan of a few windows uses.
#pragma once

#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/base/aligned_floats.h"

namespace penfield::activations {

class MemoryStore final : public ActivationStore {
 public:
  explicit MemoryStore(const CapturePlan& plan);
  // What the constructor allocates.
  [[nodiscard]] static std::uint64_t bytes(const CapturePlan& plan);

  [[nodiscard]] bool has_pass(std::size_t) const override { return false; }
  [[nodiscard]] Result<void> put(std::size_t pass, std::size_t matrix,
                                 MatrixView<const float> values) override;
  [[nodiscard]] Result<void> end_pass(std::size_t) override { return {}; }
  // One call: a matrix is whole.
  [[nodiscard]] Result<void> visit_columns(std::size_t matrix, const ColumnsVisitor& visit) const override;

 private:
  std::vector<AlignedFloats> matrices_;
};

}  // namespace penfield::activations
