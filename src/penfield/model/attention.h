// Causal attention of one head over one sequence.
//
// A block of query rows meets all keys that it sees at once, so no T×T matrix is ever in memory and (but for
// the block's corners) no work is done above the diagonal or before the window. The softmax is the plain
// two-pass one over whole rows: with 48 rows of at most 1024 keys the scores stay in the second-level cache,
// and the online form of Dao et al. 2022 would save nothing but that. A row's result depends on its own
// query, keys and values alone.
#pragma once

#include "penfield/base/matrix_view.h"
#include "penfield/model/architecture.h"
#include "penfield/model/buffers.h"

namespace penfield::model {

// query, key, value, out [T, d_head]: columns of wider matrices. out = softmax(scores) · value, scores =
// layer's scale · query · keyᵀ, capped where cap is given, of the keys up to the query and within the layer's
// window.
void attend(MatrixView<const float> query, MatrixView<const float> key, MatrixView<const float> value,
            const LayerSpec& layer, std::optional<float> cap, const ForwardBuffers::PerThread& scratch,
            MatrixView<float> out);

}  // namespace penfield::model
