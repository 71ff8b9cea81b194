// Fonts for figures on machines that have none.
#pragma once

#include <string>

namespace penfield::python {

// Where fontconfig knows no DejaVu Sans, in which figures are written, adds the .ttf files of `folder` for
// this process, at the first call. A machine without any configuration of fonts gets an empty one, so that
// nothing is printed.
void add_fonts(const std::string& folder);

}  // namespace penfield::python
