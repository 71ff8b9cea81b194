#include "penfield/report/terminal/screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "penfield/report/words/visible_text.h"

namespace penfield::report {
namespace {

constexpr std::string_view kReset = "\x1b[0m";

// The six levels of a channel in the 6 × 6 × 6 cube of the 256 colours.
constexpr std::array<int, 6> kCubeLevels = {0, 95, 135, 175, 215, 255};

int cube_step(std::uint8_t channel) {
  int best = 0;
  for (int step = 1; step < 6; ++step) {
    if (std::abs(kCubeLevels.at(static_cast<std::size_t>(step)) - channel) <
        std::abs(kCubeLevels.at(static_cast<std::size_t>(best)) - channel))
      best = step;
  }
  return best;
}

int cube_index(Rgb colour) {
  return 16 + 36 * cube_step(colour.r) + 6 * cube_step(colour.g) + cube_step(colour.b);
}

// Two tints of each arm of the scale are all that 16 colours hold; near zero the terminal's own background
// stays.
std::string_view heat_of_16(Rgb colour) {
  const int warmth = int{colour.r} - int{colour.b};
  if (warmth >= 170) return "30;43";   // black on yellow (brown)
  if (warmth >= 60) return "30;103";   // on bright yellow
  if (warmth <= -105) return "97;44";  // white on blue
  if (warmth <= -35) return "30;106";  // black on bright cyan
  return "";
}

std::string_view sequence(Paint how, Palette palette) {
  if (palette != Palette::k24Bit) {
    const bool wide = palette == Palette::k256;
    if (how == Paint::kPositive) return wide ? "\x1b[38;5;172m" : "\x1b[33m";
    if (how == Paint::kNegative) return wide ? "\x1b[38;5;68m" : "\x1b[34m";
    if (how == Paint::kWarning) return wide ? "\x1b[1;38;5;172m" : "\x1b[1;33m";
  }
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
std::string spaces_for_no_break(std::string_view set) {
  constexpr std::string_view kNoBreak = "\u00a0";
  std::string out;
  out.reserve(set.size());
  for (std::size_t at = set.find(kNoBreak); at != std::string_view::npos; at = set.find(kNoBreak)) {
    out += set.substr(0, at);
    out += ' ';
    set.remove_prefix(at + kNoBreak.size());
  }
  return out += set;
}

}  // namespace

std::string Screen::text(std::string_view any) const {
  std::string safe = visible(any);
  return options_.utf8 ? safe : to_ascii(safe);
}

std::string Screen::paint(std::string_view safe, Paint how) const {
  if (!options_.color || how == Paint::kPlain || safe.empty()) return std::string(safe);
  return fmt::format("{}{}{}", sequence(how, options_.palette), safe, kReset);
}

std::string Screen::paint_heat(std::string_view safe, Rgb background, std::string_view attributes) const {
  if (!options_.color || safe.empty()) return std::string(safe);
  const std::string_view separator = attributes.empty() ? "" : ";";
  if (options_.palette == Palette::k16) {
    const std::string_view colour = heat_of_16(background);
    if (colour.empty() && attributes.empty()) return std::string(safe);
    return fmt::format("\x1b[{}{}{}m{}{}", attributes, colour.empty() ? "" : separator, colour, safe, kReset);
  }
  if (options_.palette == Palette::k256) {
    return fmt::format("\x1b[{}{}38;5;{};48;5;{}m{}{}", attributes, separator, cube_index(kHeatInk),
                       cube_index(background), safe, kReset);
  }
  return fmt::format("\x1b[{}{}38;2;{};{};{};48;2;{};{};{}m{}{}", attributes, separator, kHeatInk.r,
                     kHeatInk.g, kHeatInk.b, background.r, background.g, background.b, safe, kReset);
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
    std::size_t width = display_width(word);
    if (used > 0 && used + 1 + width > room) {
      new_line();
    } else if (used > 0) {
      out += ' ';
      ++used;
    }
    while (width > room) {
      const std::string_view line = word.substr(0, prefix_of_width(word, room));
      out += line;
      width -= display_width(line);
      word.remove_prefix(line.size());
      if (!word.empty()) new_line();
    }
    out += word;
    used += width;
  }
  return spaces_for_no_break(out) + "\n";
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
