// The page without results, web/dist/index.html at build time.
#pragma once

#include <string_view>

namespace penfield::report {

[[nodiscard]] std::string_view page_source();

}  // namespace penfield::report
