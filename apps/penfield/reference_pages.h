// docs/cli.md and the man page, from the list of commands and options.
#pragma once

#include <string>

#include "option_list.h"

namespace penfield::app {

[[nodiscard]] std::string markdown_reference(const CLI::App& root);
[[nodiscard]] std::string manual_page(const CLI::App& root);

}  // namespace penfield::app
