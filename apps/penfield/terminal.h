// What the streams of this process can show.
#pragma once

#include "command.h"

namespace penfield::app {

struct Terminal {
  bool color = false;
  bool utf8 = true;
  int width = 80;
};

// For standard output. NO_COLOR, TERM=dumb and a stream that is no terminal switch colour off where `color` is auto.
[[nodiscard]] Terminal describe_output(When color);
[[nodiscard]] bool stderr_is_terminal();

}  // namespace penfield::app
