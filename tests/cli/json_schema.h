// The JSON that commands print, held to docs/schemas: every key is described and every required key is there.
// Types and values are held by tools/check_schemas.py, with a library that we did not write.
#pragma once

#include <string>
#include <vector>

namespace penfield::cli {

// What differs between `json`, one document or one a line, and docs/schemas/NAME.json; empty: nothing.
[[nodiscard]] std::vector<std::string> differences_from_schema(const std::string& name,
                                                               const std::string& json);

}  // namespace penfield::cli
