// The diverging colour scale of Penfield: blue for negative, white at zero, orange for positive.
//
// Used by the terminal, the figures and the page. Blue and orange are distinguishable under every common form
// of colour blindness, and both ends are light enough for one dark text colour to be legible on all steps
// (contrast ≥ 4.5, WCAG 2.1 AA).
#pragma once

#include <cstdint>

namespace penfield::report {

struct Rgb {
  std::uint8_t r = 0, g = 0, b = 0;
  bool operator==(const Rgb&) const = default;
};

// The text colour on any colour of the scale.
inline constexpr Rgb kHeatInk = {0x14, 0x14, 0x14};

// The background for `value` on a scale from -limit to limit; white at 0, for NaN, and if limit <= 0. Values
// beyond the limits have the colour of the limit.
[[nodiscard]] Rgb heat_colour(double value, double limit);

// The scale in steps, -kHeatSteps … kHeatSteps, as a legend shows it.
inline constexpr int kHeatSteps = 12;
[[nodiscard]] Rgb heat_step_colour(int step);

// WCAG 2.1 contrast ratio, 1 … 21.
[[nodiscard]] double contrast_ratio(Rgb a, Rgb b);

}  // namespace penfield::report
