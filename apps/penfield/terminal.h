// What the streams of this process can show.
#pragma once

#include "command.h"
#include "penfield/report/terminal/screen.h"

namespace penfield::app {

// Of standard output. NO_COLOR, TERM=dumb and a stream that is no terminal switch colour off where --color is
// auto; COLORTERM and TERM say how many colours there are.
[[nodiscard]] report::TerminalOptions screen_options(const Globals& globals);
[[nodiscard]] bool stderr_is_terminal();

}  // namespace penfield::app
