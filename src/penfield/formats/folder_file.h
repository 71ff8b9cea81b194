// Files of a model folder whose names come from a file (a shard index) or whose place may be a link.
#pragma once

#include <string>
#include <string_view>

#include "penfield/base/result.h"

namespace penfield::formats {

// <folder>/<name>, checked: `name` is a plain file name, and where it is a link, its target lies inside the
// folder, or in `blobs` beside `snapshots` of the Hugging Face cache that the folder belongs to
// (models--X/snapshots/REV/file -> ../../blobs/HASH). kBadInput otherwise; kIo where the file does not exist
// or cannot be reached.
[[nodiscard]] Result<std::string> file_in_folder(const std::string& folder, std::string_view name);

// True where something (also a broken link) has that name.
[[nodiscard]] bool exists_in_folder(const std::string& folder, std::string_view name);

}  // namespace penfield::formats
