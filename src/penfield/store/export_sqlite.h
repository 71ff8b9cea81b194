// A result as an SQLite database.
#pragma once

#include <string>

#include "penfield/base/result.h"
#include "penfield/store/export.h"

namespace penfield::store {

// The bytes of a database file with the tables `units`, `samples`, `windows` and `run` (see export.h). kIo:
// SQLite ran out of memory.
[[nodiscard]] Result<std::string> make_sqlite(const ExportedResult& result);

}  // namespace penfield::store
