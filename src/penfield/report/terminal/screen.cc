#include "penfield/report/terminal/screen.h"

#include <fmt/format.h>

#include <algorithm>

#include "penfield/report/words/visible_text.h"

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

// No-break spaces have done their work once the lines are set; what is searched for and copied has plain
// ones.
std::string spaces_for_no_break(std::string set) {
  constexpr std::string_view kNoBreak = "\u00a0";
  for (std::size_t at = set.find(kNoBreak); at != std::string::npos; at = set.find(kNoBreak, at)) {
    set.replace(at, kNoBreak.size(), " ");
  }
  return set;
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
  return fmt::format("\x1b[{}{}38;2;{};{};{};48;2;{};{};{}m{}{}", attributes, attributes.empty() ? "" : ";",
                     kHeatInk.r, kHeatInk.g, kHeatInk.b, background.r, background.g, background.b, safe,
                     kReset);
}

std::string Screen::wrap(std::string_view any, std::string_view first) const {
  const std::size_t indent = display_width(first);
  const std::size_t room = std::max<std::size_t>(options_.width, indent + 1) - indent;
  std::string out(first);
  std::size_t used = 0;
  const auto new_line = [&] {
    out += '\n';
    out.append(indent, ' ');
    used = 0;
  };
  while (!any.empty()) {
    const std::string_view raw = any.substr(0, any.find(' '));
    any.remove_prefix(std::min(any.size(), raw.size() + 1));
    const std::string safe = text(raw);
    std::string_view word = safe;
    if (word.empty()) continue;
    if (used > 0 && used + 1 + display_width(word) > room) {
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
  return spaces_for_no_break(std::move(out)) + "\n";
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
