// Rotary positions: the turning of queries and keys (architecture.h, RotarySpec).
//
// Angles are float32 products of float32 numbers, as the reference implementations have them: at position
// 1000 the rounding of an angle is 3e-5, and a model was trained with it.
#pragma once

#include <cstddef>
#include <span>

#include "penfield/base/matrix_view.h"
#include "penfield/model/architecture.h"

namespace penfield::model {

// Cosines and sines of positions 0, 1, …, times the amplitude.
struct RotaryTable {
  MatrixView<float> cosines, sines;  // [positions, n / 2]
};

void fill_table(const RotarySpec& spec, const RotaryTable& table);

// In place: head_j -> head_j cos − head_(j + n/2) sin, head_(j + n/2) -> head_(j + n/2) cos + head_j sin.
// head: at least n values; those beyond stay.
void turn(std::span<float> head, std::span<const float> cosines, std::span<const float> sines);

}  // namespace penfield::model
