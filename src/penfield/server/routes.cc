#include "penfield/server/routes.h"

#include <algorithm>

namespace penfield::server {

Route find_route(std::string_view target) {
  constexpr std::string_view kUnits = "/api/v1/units/";
  constexpr std::size_t kLongestName = 40;  // L4294967295.mlp.post.4294967295 has 31
  if (target == "/") return {Endpoint::kPage, {}};
  if (target == "/api/v1/folders") return {Endpoint::kFolders, {}};
  if (target == "/api/v1/live") return {Endpoint::kLive, {}};
  if (target == "/api/v1/open") return {Endpoint::kOpen, {}};
  if (!target.starts_with(kUnits)) return {};
  const std::string_view name = target.substr(kUnits.size());
  const auto of_a_name = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
  };
  if (name.empty() || name.size() > kLongestName || !std::ranges::all_of(name, of_a_name)) return {};
  return {Endpoint::kUnit, name};
}

}  // namespace penfield::server
