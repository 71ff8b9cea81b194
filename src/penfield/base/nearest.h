// "Did you mean": the name nearest to what was typed.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace penfield {

// The candidate with the smallest optimal-string-alignment distance (insertions, deletions, replacements,
// swaps of neighbours) to `typed`. Empty if that distance exceeds a third of the longer word's length (at
// least 2).
[[nodiscard]] std::string nearest_name(std::string_view typed, std::span<const std::string> candidates);

}  // namespace penfield
