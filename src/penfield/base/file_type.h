// What is at a path. Only that nothing is there is absence: a disk error, or a folder that may not be
// searched, is an error, so that nobody takes a file that cannot be seen for one that was never written.
#pragma once

#include <filesystem>
#include <string>

#include "penfield/base/result.h"

namespace penfield {

// Of what a link leads to; not_found if nothing is there, also at the end of a link. kIo: the system cannot
// say.
[[nodiscard]] Result<std::filesystem::file_type> file_type(const std::string& path);

// False only if nothing is at `path`; a dangling link is something. If the system cannot say this is true, so
// that whoever opens or moves the file gets the reason.
[[nodiscard]] bool exists(const std::string& path);

}  // namespace penfield
