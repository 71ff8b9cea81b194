// The directions of the residual stream along which planted units read.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "penfield/base/random.h"

namespace penfield::planted {

// ±1/√width, as many plus as minus, shuffled: a unit vector whose components sum to 0.
inline std::vector<double> make_direction(std::size_t width, std::uint64_t seed, std::uint64_t purpose) {
  std::vector<double> u(width);
  const double length = 1.0 / std::sqrt(static_cast<double>(width));
  for (std::size_t i = 0; i < width; ++i) u[i] = i % 2 == 0 ? length : -length;
  Random random = Random::stream(seed, purpose);
  random.shuffle(std::span(u));
  return u;
}

// Such a vector orthogonal to u: of the components of one sign, every second is negated. The width is a
// multiple of 4.
inline std::vector<double> make_orthogonal(std::vector<double> u) {
  std::size_t n_seen[2] = {0, 0};
  for (double& value : u) {
    if (n_seen[value > 0]++ % 2 == 1) value = -value;
  }
  return u;
}

}  // namespace penfield::planted
