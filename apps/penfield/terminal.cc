#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace penfield::app {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here sets the environment
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// An unset locale is taken for UTF-8, as containers have none; one that is set and is not UTF-8 is believed.
bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view value = variable(name);
    if (value.empty()) continue;
    std::string upper(value);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return std::toupper(c); });
    return upper.find("UTF-8") != std::string::npos || upper.find("UTF8") != std::string::npos;
  }
  return true;
}

// COLORTERM promises 24-bit colour; without it TERM says how many colours there are.
report::Palette palette() {
  const std::string_view promised = variable("COLORTERM"), term = variable("TERM");
  if (promised == "truecolor" || promised == "24bit" || term.ends_with("-direct"))
    return report::Palette::k24Bit;
  if (term.empty())
    return report::Palette::k24Bit;  // no terminal: --color always, for a program that reads it
  return term.find("256color") != std::string_view::npos ? report::Palette::k256 : report::Palette::k16;
}

}  // namespace

report::TerminalOptions screen_options(const Globals& globals) {
  const bool is_terminal = isatty(STDOUT_FILENO) != 0;
  const bool dumb = variable("TERM") == "dumb";
  report::TerminalOptions options;
  options.color = globals.color == When::kAlways ||
                  (globals.color == When::kAuto && is_terminal && !dumb && variable("NO_COLOR").empty());
  options.palette = palette();
  options.utf8 = !dumb && locale_is_utf8();
  winsize size{};
  if (is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    options.width = size.ws_col;
  options.width = std::clamp<std::size_t>(options.width, 40, 160);
  return options;
}

bool stderr_is_terminal() {
  return isatty(STDERR_FILENO) != 0 && variable("TERM") != "dumb";
}

}  // namespace penfield::app
