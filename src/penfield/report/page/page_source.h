// The page without results, web/dist/index.html, as it was when the program was built.
#pragma once

#include <string_view>

namespace penfield::report {

[[nodiscard]] std::string_view page_source();

}  // namespace penfield::report
