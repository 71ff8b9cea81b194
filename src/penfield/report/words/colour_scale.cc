#include "penfield/report/words/colour_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace penfield::report {
namespace {

constexpr Rgb kWhite = {0xff, 0xff, 0xff};
// Zero, half way and the end of each arm; straight lines in sRGB between them. The middle stop keeps the step
// from white to the first tints as visible as that from the middle to the end.
constexpr std::array<Rgb, 3> kOrange = {kWhite, {0xfd, 0xc0, 0x7c}, {0xe8, 0x75, 0x0f}};
constexpr std::array<Rgb, 3> kBlue = {kWhite, {0xa3, 0xca, 0xec}, {0x41, 0x8b, 0xcb}};

std::uint8_t mix(std::uint8_t from, std::uint8_t to, double share) {
  return static_cast<std::uint8_t>(std::lround(from + share * (static_cast<double>(to) - from)));
}

double linear(std::uint8_t channel) {
  const double s = channel / 255.0;
  return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
}

double luminance(Rgb c) {
  return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

}  // namespace

Rgb heat_colour(double value, double limit) {
  if (std::isnan(value) || !(limit > 0)) return kWhite;
  const std::array<Rgb, 3>& arm = value < 0 ? kBlue : kOrange;
  const double along = 2 * std::min(1.0, std::abs(value) / limit);  // 0 … 2
  const std::size_t stop = along < 1 ? 0 : 1;
  const double share = along - static_cast<double>(stop);
  const Rgb from = arm[stop], to = arm[stop + 1];
  return {mix(from.r, to.r, share), mix(from.g, to.g, share), mix(from.b, to.b, share)};
}

Rgb heat_step_colour(int step) {
  return heat_colour(step, kHeatSteps);
}

double contrast_ratio(Rgb a, Rgb b) {
  const double la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace penfield::report
