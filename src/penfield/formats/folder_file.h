// Files of a model folder whose names come from a file (a shard index), or that may be links.
#pragma once

#include <string>
#include <string_view>

#include "penfield/base/result.h"

namespace penfield::formats {

// Returns <folder>/<name> after checking it: `name` must be a plain file name, and if it is a link, its
// target must be inside the folder, or in `blobs` beside `snapshots` of the Hugging Face cache that the
// folder belongs to (models--X/snapshots/REV/file -> ../../blobs/HASH); otherwise kBadInput. kIo: the file
// does not exist or cannot be reached.
[[nodiscard]] Result<std::string> file_in_folder(const std::string& folder, std::string_view name);

// As exists() of base/file_type.h: true if anything has that name, including a broken link.
[[nodiscard]] bool exists_in_folder(const std::string& folder, std::string_view name);

}  // namespace penfield::formats
