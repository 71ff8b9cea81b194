// Placements of long columns. A merge that asks which value is the smaller waits for a branch that no
// processor can foretell, half of the time in vain. Here the question is arithmetic: a merge first becomes a
// string of bits, 1 for a target, four columns in turns as each step of a column needs the one before; then
// eight bits at a time are looked up, as all that their placements need is in their order.
#pragma once

#include "penfield/association/panel/panel.h"

namespace penfield::association {

// merge_placements for each column of the sorted panel, without scratch.
template <class T>
[[nodiscard]] PanelArray<Placements> long_placements(PanelView<T> panel, const PanelArray<Called>& called);

}  // namespace penfield::association
