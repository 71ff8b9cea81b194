// Bytes as instructions: numbers and texts taken off the front, zeros and nothing behind the end.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace penfield::fuzz {

class Tape {
 public:
  explicit Tape(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool is_empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    const std::string_view one = take(1);
    return one.empty() ? 0 : static_cast<std::uint8_t>(one[0]);
  }
  // Little-endian, of as many bytes as the first one says, 0 to 8.
  std::uint64_t number() {
    std::uint64_t value = 0;
    int shift = 0;
    for (const char c : take(byte() % 9)) {
      value |= std::uint64_t{static_cast<unsigned char>(c)} << shift;
      shift += 8;
    }
    return value;
  }
  // Of the length that the first byte says.
  std::string_view text() { return take(byte()); }
  std::string_view rest() { return take(rest_.size()); }

 private:
  std::string_view take(std::size_t n) {
    const std::string_view taken = rest_.substr(0, std::min(n, rest_.size()));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view rest_;
};

}  // namespace penfield::fuzz
