// Result folders beside the one that is shown: what the explorer offers to open. Nothing else can be opened,
// so a requested name is compared with this list and never used as a path.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace penfield::server {

// The folder as it is named on the page: without a trailing slash, and with a last part ("." has none) to
// tell it from those beside it.
[[nodiscard]] std::string shown_name(const std::string& folder);

// Folders next to `shown` (a name as above) that hold a run.json, sorted, without itself; at most 200, and no
// name that is hidden or is not UTF-8. A folder that cannot be read has none beside it.
[[nodiscard]] std::vector<std::string> folders_beside(const std::string& shown);

}  // namespace penfield::server
