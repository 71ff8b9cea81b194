// How similar the two groups of a split are in traits other than the concept: see TraitBalance.
#pragma once

#include <span>
#include <vector>

#include "penfield/sample/draw_groups.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/sample/token_traits.h"

namespace penfield::sample {

// One entry for each trait, in the order of kTraits. Neither group may be empty.
[[nodiscard]] std::vector<TraitBalance> measure_balance(const TokenTraits& traits,
                                                        std::span<const Window> windows,
                                                        const Candidates& candidates,
                                                        std::span<const Sample> drawn_targets,
                                                        std::span<const Sample> drawn_comparison);

}  // namespace penfield::sample
