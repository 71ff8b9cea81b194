// Two result folders of the same scan, made in different ways.
#pragma once

#include <string>

namespace penfield::cli {

// The files of both have the same bytes, but for what run.json says of time, memory and threads; `folder` has
// no others.
void expect_same_result(const std::string& folder, const std::string& as);

}  // namespace penfield::cli
