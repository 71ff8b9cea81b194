// Unsigned numbers in the order of the floats that they stand for: what long columns are sorted and merged
// by.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

namespace penfield::association {

template <class T>
using OrderKey = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

// −0 counts as 0; no NaN.
template <class T>
[[nodiscard]] inline OrderKey<T> order_key(T value) {
  using Key = OrderKey<T>;
  constexpr int kSignBit = 8 * sizeof(T) - 1;
  const auto bits = std::bit_cast<Key>(value + T{0});
  return bits ^ ((Key{0} - (bits >> kSignBit)) | Key{1} << kSignBit);
}

template <class T>
[[nodiscard]] inline T value_of_key(OrderKey<T> key) {
  using Key = OrderKey<T>;
  constexpr int kSignBit = 8 * sizeof(T) - 1;
  return std::bit_cast<T>(static_cast<Key>(key ^ (((key >> kSignBit) - 1) | Key{1} << kSignBit)));
}

}  // namespace penfield::association
