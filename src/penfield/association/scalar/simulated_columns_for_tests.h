// Test data: seeded columns with shapes like those of activations.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "penfield/base/random.h"

namespace penfield::association::simulated {

inline double normal(Random& random) {  // Box & Muller 1958
  const double radius = std::sqrt(-2.0 * std::log(1.0 - random.uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * random.uniform());
}

inline double gelu(double v) {
  return 0.5 * v * (1.0 + std::erf(v / std::numbers::sqrt2));
}

// Labels of n samples with n_target targets, in seeded random order.
inline std::vector<std::uint8_t> labels(std::size_t n, std::size_t n_target, std::uint64_t seed) {
  std::vector<std::uint8_t> out(n, 0);
  for (std::size_t i = 0; i < n_target; ++i) out[i] = 1;
  Random random(seed);
  random.shuffle(std::span<std::uint8_t>(out));
  return out;
}

// [labels.size(), n_units]: alternately normal, GELU-shaped, heavy-tailed, rounded, shifted and scaled
// columns, with effects from -max_d to max_d SD.
template <class T>
std::vector<T> activations(const std::vector<std::uint8_t>& labels, std::size_t n_units, double max_d,
                           std::uint64_t seed) {
  std::vector<T> x(labels.size() * n_units);
  Random random(seed);
  for (std::size_t unit = 0; unit < n_units; ++unit) {
    const double d = max_d * (2.0 * random.uniform() - 1.0);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      double v = normal(random) + (labels[i] != 0 ? d : 0.0);
      switch (unit % 6) {
        case 1:
          v = gelu(1.5 * v - 1.0);
          break;
        case 2:
          v = v * std::fabs(v) * std::exp(0.2 * std::fabs(v));
          break;
        case 3:
          v = std::round(4.0 * v) / 4.0;
          break;
        case 4:
          v = v + 300.0;
          break;
        case 5:
          v = v * 1e-6;
          break;
        default:
          break;
      }
      x[i * n_units + unit] = static_cast<T>(v);
    }
  }
  return x;
}

}  // namespace penfield::association::simulated
