// The user's browser, if there is one to open.
#pragma once

#include <string>

namespace penfield::app {

// Hands the address to xdg-open and does not wait for it. Does nothing where no graphical session is, or no
// terminal from which somebody could have started this program by hand.
void open_browser(const std::string& url);

}  // namespace penfield::app
