// How long files, functions and rooms may be. What is longer is divided along a seam that a reader would
// name.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "floors.h"

namespace penfield::floors {

inline constexpr std::size_t kMostFileLines = 400, kMostFunctionLines = 60, kMostRoomLines = 3500;

// The source's length, and that of its functions outside classes: from the line that names one to its "}" in
// the first column, as clang-format lays out code.
[[nodiscard]] std::vector<std::string> check_lengths(const Source& source);

// The lines of each room, without its tests and without the rooms inside it.
[[nodiscard]] std::vector<std::string> check_room_lengths(const Rules& rules,
                                                          const std::vector<Source>& sources);

}  // namespace penfield::floors
