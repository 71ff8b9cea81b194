// Text that came from a file, made fit for a one-line error on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace penfield::formats {

// Printable ASCII as it is, every other byte as \xNN (no line break, no terminal command, no invalid UTF-8
// gets through); what is longer than 80 bytes is cut, with "…" behind it.
[[nodiscard]] std::string message_text(std::string_view text);

}  // namespace penfield::formats
