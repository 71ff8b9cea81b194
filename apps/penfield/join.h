// What `join` gives the scan that it repeats.
#pragma once

#include <string>
#include <vector>

namespace penfield::app {

struct JoinedParts {
  std::vector<std::string> parts;  // result folders of all parts
  std::string folder;              // of the result
  bool force = false;
};

}  // namespace penfield::app
