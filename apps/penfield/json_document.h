// What every JSON object that a command prints begins with; docs/schemas describes each.
#pragma once

#include <nlohmann/json.hpp>

#include "penfield/store/run_json.h"

namespace penfield::app {

inline nlohmann::ordered_json json_document() {
  return {{"schema_version", store::kSchemaVersion}};
}

}  // namespace penfield::app
