// The terminal's width and abilities (colour, UTF-8), and text coloured and wrapped for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "penfield/report/words/colour_scale.h"

namespace penfield::report {

enum class Palette : std::uint8_t { k16, k256, k24Bit };

struct TerminalOptions {
  std::size_t width = 80;  // columns
  bool color = false;      // colours and text attributes by escape sequences
  Palette palette = Palette::k24Bit;
  bool utf8 = true;  // otherwise ASCII alone
};

enum class Paint : std::uint8_t { kPlain, kBold, kDim, kPositive, kNegative, kWarning };

class Screen {
 public:
  explicit Screen(const TerminalOptions& options) : options_(options) {}

  [[nodiscard]] const TerminalOptions& options() const { return options_; }
  // Any text made safe to print: visible, and in ASCII if the terminal has nothing else.
  [[nodiscard]] std::string text(std::string_view any) const;
  // Puts escape sequences around a result of text(); without colour returns it unchanged.
  [[nodiscard]] std::string paint(std::string_view safe, Paint how) const;
  // Text on a heat colour, attributes as given ("4" underlined, "1" bold …).
  [[nodiscard]] std::string paint_heat(std::string_view safe, Rgb background,
                                       std::string_view attributes) const;
  // Lines of at most the screen's width, broken at spaces; a longer word is split. The first line begins with
  // `first`, the others with as many spaces. Ends with a line break.
  [[nodiscard]] std::string wrap(std::string_view any, std::string_view first = "") const;

 private:
  TerminalOptions options_;
};

// Pads with spaces to `width` columns on the left or on the right; longer text is returned unchanged.
[[nodiscard]] std::string pad_left(std::string_view safe, std::size_t width);
[[nodiscard]] std::string pad_right(std::string_view safe, std::size_t width);

}  // namespace penfield::report
