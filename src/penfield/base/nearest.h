// "Did you mean": the name nearest to what was typed.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace penfield {

// Optimal string alignment: the fewest insertions, deletions, replacements and swaps of neighbours that turn
// `a` into `b`.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate with the smallest edit_distance to `typed`. Empty if that distance exceeds a third of the
// longer word's length (at least 2).
[[nodiscard]] std::string nearest_name(std::string_view typed, std::span<const std::string> candidates);

}  // namespace penfield
