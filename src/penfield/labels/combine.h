// The concepts "A and B" and "A and not B": several label tracks of one stream -> one.
#pragma once

#include <span>
#include <vector>

#include "penfield/labels/label_track.h"

namespace penfield::labels {

// A token is a target where every track of all_of (at least one) has it as a target and no track of none_of
// has. A token that any track excludes is kExcluded: a further piece of a word that one of them marks, or a
// text without the tags that one of them needs. Each track has one label a token.
[[nodiscard]] std::vector<Label> combine(std::span<const std::vector<Label>> all_of,
                                         std::span<const std::vector<Label>> none_of);

}  // namespace penfield::labels
