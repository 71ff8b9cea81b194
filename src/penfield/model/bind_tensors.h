// From the bytes of a tensor to the parts of a model: for weights.cc.
#pragma once

#include <vector>

#include "penfield/model/block.h"
#include "penfield/model/weights.h"

namespace penfield::model {

// A matrix alone in its tensor, an output a row.
[[nodiscard]] numeric::WeightView bind_matrix(const StoredTensor& tensor);
// A norm's or bias's values as float32.
[[nodiscard]] std::vector<float> read_vector(const StoredTensor& tensor);
// The parts of a block that the tensor holds; vectors: where float32 copies are kept.
void bind_in_block(const ModelSpec& spec, const StoredTensor& tensor, Block& block,
                   std::vector<std::vector<float>>& vectors);

}  // namespace penfield::model
