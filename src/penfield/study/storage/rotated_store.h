// The activations of a layer in another basis: every unit a random mixture of all units of its layer.
//
// If what is found were a matter of the subspace, mixtures would tell the concept as well as neurons do;
// where neurons do better, the basis of neurons is special. The mixture is orthogonal: in each of 2·⌈log2 n⌉
// rounds the units are paired at random and each pair is turned by a random angle (Kac's walk with disjoint
// pairs: Kac 1956; fast random rotations of this kind: Ailon & Chazelle 2009, SIAM J. Comput. 39:302).
#pragma once

#include <cstdint>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/base/watch.h"

namespace penfield::study {

class RotatedStore final : public activations::ActivationStore {
 public:
  // base, watch: outlive the store. The same seed gives the same mixtures.
  RotatedStore(const activations::ActivationStore& base, std::uint64_t seed, const Watch& watch);

  [[nodiscard]] bool has_pass(std::size_t) const override { return true; }
  [[nodiscard]] Result<void> put(std::size_t, std::size_t, MatrixView<const float>) override;  // never called
  [[nodiscard]] Result<void> end_pass(std::size_t) override { return {}; }
  // One call: a matrix is collected whole, which takes its memory. Errors: those of base and of the watch.
  [[nodiscard]] Result<void> visit_columns(std::size_t matrix,
                                           const activations::ColumnsVisitor& visit) const override;

 private:
  const activations::ActivationStore& base_;
  std::uint64_t seed_;
  const Watch& watch_;
};

// Turns the columns of x in place. One that holds NaN or infinity stays as it is, and out of the mixtures.
// kInterrupted: `watch`, looked at before every row.
[[nodiscard]] Result<void> rotate_columns(MatrixView<float> x, std::uint64_t seed, const Watch& watch = {});

}  // namespace penfield::study
