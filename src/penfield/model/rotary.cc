#include "penfield/model/rotary.h"

#include <cmath>

#include "penfield/base/check.h"

namespace penfield::model {

void fill_table(const RotarySpec& spec, const RotaryTable& table) {
  const auto amplitude = static_cast<double>(spec.amplitude);
  for (std::size_t position = 0; position < table.cosines.rows; ++position) {
    for (std::size_t j = 0; j < spec.frequencies.size(); ++j) {
      const float angle = static_cast<float>(position) * spec.frequencies[j];
      table.cosines(position, j) = static_cast<float>(amplitude * std::cos(static_cast<double>(angle)));
      table.sines(position, j) = static_cast<float>(amplitude * std::sin(static_cast<double>(angle)));
    }
  }
}

void turn(std::span<float> head, std::span<const float> cosines, std::span<const float> sines) {
  const std::size_t half = cosines.size();
  PENFIELD_CHECK(head.size() >= 2 * half && sines.size() == half);
  float* const first = head.data();
  float* const second = head.data() + half;
  for (std::size_t j = 0; j < half; ++j) {
    const float a = first[j], b = second[j];
    first[j] = a * cosines[j] - b * sines[j];
    second[j] = b * cosines[j] + a * sines[j];
  }
}

}  // namespace penfield::model
