// A unit as a JSON object on one line, with the names and order of the columns of units.tsv.
#pragma once

#include <string>

#include "penfield/findings/finding.h"
#include "penfield/store/units_table.h"

namespace penfield::store {

// JSON has no NaN and no infinity: both are null. Flags are 0 or 1 and the direction is "+", "-" or "0", as
// in units.tsv.
void append_unit_json(std::string& out, const findings::Finding& unit, UnitColumns columns);

}  // namespace penfield::store
