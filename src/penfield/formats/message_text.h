// Makes text from a file safe to show in a one-line error on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace penfield::formats {

// Printable ASCII is kept; every other byte becomes \xNN, so that no line break, terminal command or invalid
// UTF-8 passes. Text longer than 80 bytes is cut and ends in "…".
[[nodiscard]] std::string message_text(std::string_view text);

}  // namespace penfield::formats
