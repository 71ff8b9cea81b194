// The addresses that the server has. A target is compared byte for byte: nothing is decoded, resolved or
// looked up in a file system, so there is no spelling of a path that leads anywhere else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace penfield::server {

enum class Endpoint : std::uint8_t {
  kNone,
  kPage,     // GET  /
  kUnit,     // GET  /api/v1/units/NAME
  kFolders,  // GET  /api/v1/folders
  kLive,     // POST /api/v1/live
  kOpen,     // POST /api/v1/open
};

struct Route {
  Endpoint endpoint = Endpoint::kNone;
  std::string_view name;  // of the unit: letters, digits and points, as long as a unit's name can be
};

[[nodiscard]] Route find_route(std::string_view target);

[[nodiscard]] constexpr bool takes_post(Endpoint endpoint) {
  return endpoint == Endpoint::kLive || endpoint == Endpoint::kOpen;
}

// A request that has passed the gate.
struct Request {
  Endpoint endpoint = Endpoint::kNone;
  std::string name;  // of kUnit
  std::string body;  // of kLive, kOpen
};

}  // namespace penfield::server
