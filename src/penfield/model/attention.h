// Causal attention of one head over one sequence.
//
// A block of query rows meets all keys up to its own end at once, so no T×T matrix is ever in memory and (but
// for the last block's corner) no work is done above the diagonal. The softmax is the plain two-pass one over
// whole rows: with 48 rows of at most 1024 keys the scores stay in the second-level cache, and the online
// form of Dao et al. 2022 would save nothing but that. A row's result depends on its own query, keys and
// values alone.
#pragma once

#include "penfield/base/matrix_view.h"
#include "penfield/model/buffers.h"

namespace penfield::model {

// query, key, value, out [T, d_head]: columns of wider matrices. out = softmax(scale · query · keyᵀ, causal)
// · value.
void attend(MatrixView<const float> query, MatrixView<const float> key, MatrixView<const float> value,
            float scale, const ForwardBuffers::PerThread& scratch, MatrixView<float> out);

}  // namespace penfield::model
