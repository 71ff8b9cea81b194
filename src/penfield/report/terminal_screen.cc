#include "penfield/report/terminal_screen.h"

#include <fmt/format.h>

#include <algorithm>

#include "penfield/report/visible_text.h"

namespace penfield::report {
namespace {

constexpr std::string_view kReset = "\x1b[0m";

std::string_view sequence(Paint how) {
  switch (how) {
    case Paint::kPlain:
      return "";
    case Paint::kBold:
      return "\x1b[1m";
    case Paint::kDim:
      return "\x1b[2m";
    // Mid-tones of the scale's two colours: they read on dark and on light backgrounds.
    case Paint::kPositive:
      return "\x1b[38;2;216;106;18m";
    case Paint::kNegative:
      return "\x1b[38;2;58;134;208m";
    case Paint::kWarning:
      return "\x1b[1;38;2;216;106;18m";
  }
  return "";
}

}  // namespace

std::string Screen::text(std::string_view any) const {
  std::string safe = visible(any);
  return options_.utf8 ? safe : to_ascii(safe);
}

std::string Screen::paint(std::string_view safe, Paint how) const {
  if (!options_.color || how == Paint::kPlain || safe.empty()) return std::string(safe);
  return fmt::format("{}{}{}", sequence(how), safe, kReset);
}

std::string Screen::paint_heat(std::string_view safe, Rgb background, std::string_view attributes) const {
  if (!options_.color || safe.empty()) return std::string(safe);
  return fmt::format("\x1b[{}{}38;2;{};{};{};48;2;{};{};{}m{}{}", attributes, attributes.empty() ? "" : ";", kHeatInk.r,
                     kHeatInk.g, kHeatInk.b, background.r, background.g, background.b, safe, kReset);
}

std::string Screen::wrap(std::string_view any, std::string_view first) const {
  const std::string safe = text(any);
  const std::size_t indent = display_width(first);
  const std::size_t room = std::max<std::size_t>(options_.width, indent + 1) - indent;
  std::string out(first);
  std::size_t used = 0;
  const auto new_line = [&] {
    out += '\n';
    out.append(indent, ' ');
    used = 0;
  };
  for (std::string_view rest = safe; !rest.empty();) {
    std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    if (word.empty()) continue;
    const std::size_t width = display_width(word);
    if (used > 0 && used + 1 + width > room) {
      new_line();
    } else if (used > 0) {
      out += ' ';
      ++used;
    }
    while (display_width(word) > room) {
      const std::size_t cut = prefix_of_width(word, room);
      out += word.substr(0, cut);
      word.remove_prefix(cut);
      if (!word.empty()) new_line();
    }
    out += word;
    used += display_width(word);
  }
  return out + "\n";
}

std::string pad_left(std::string_view safe, std::size_t width) {
  const std::size_t taken = display_width(safe);
  return std::string(width > taken ? width - taken : 0, ' ') + std::string(safe);
}

std::string pad_right(std::string_view safe, std::size_t width) {
  const std::size_t taken = display_width(safe);
  return std::string(safe) + std::string(width > taken ? width - taken : 0, ' ');
}

}  // namespace penfield::report
