// Units as an SQLite database.
#pragma once

#include <span>
#include <string>

#include "penfield/base/result.h"
#include "penfield/findings/finding.h"

namespace penfield::store {

// The bytes of a database file with one table, `units` (see export.h). kIo: SQLite ran out of memory.
[[nodiscard]] Result<std::string> make_sqlite(std::span<const findings::Finding> units);

}  // namespace penfield::store
