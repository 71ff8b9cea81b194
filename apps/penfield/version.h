// Which program this is and what it was built with.
#pragma once

#include <string>

namespace penfield::app {

extern const char* const kVersion;  // "0.1.0"

// "penfield 0.1.0".
[[nodiscard]] std::string version_line();
// The version, then what it was built from and with, and which kernels this processor gets; a line each.
[[nodiscard]] std::string version_facts();
[[nodiscard]] std::string version_json();

}  // namespace penfield::app
