// The secret that only a page of this server knows: a request that carries it was made by that page.
#pragma once

#include <string>
#include <string_view>

#include "penfield/base/result.h"

namespace penfield::server {

// 256 random bits of the system, as 64 hex digits. kIo: the system has none to give.
[[nodiscard]] Result<std::string> make_token();

// In a time that depends on the lengths alone.
[[nodiscard]] bool same_token(std::string_view given, std::string_view token);

}  // namespace penfield::server
