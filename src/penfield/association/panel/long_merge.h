// Placements of long columns. A merge that branches on which value is smaller is mispredicted half of the
// time. Here the comparison is arithmetic: a merge first becomes a string of bits, 1 for a target, with four
// columns advancing in turn because each step of a column depends on the previous one. Then eight bits at a
// time are looked up in a table, which suffices because placements depend only on their order.
#pragma once

#include "penfield/association/panel/order_keys.h"
#include "penfield/association/panel/panel.h"

namespace penfield::association {

// merge_placements for each column of the sorted panel.
//   keys  [kPanelUnits, n] order keys of its columns, one after the other
template <class T>
[[nodiscard]] PanelArray<Placements> long_placements(PanelView<T> panel, const OrderKey<T>* keys,
                                                     const PanelArray<Called>& called);

}  // namespace penfield::association
