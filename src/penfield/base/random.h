// Random numbers that are the same on every platform.
//
// The output of std::mt19937_64 is specified; that of the standard distributions and of std::shuffle is not,
// so the bounded draw and the shuffle are implemented here. The bounded draw rejects the low 2^64 mod n
// values (as OpenBSD's arc4random_uniform does), which leaves no bias.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>

#include "penfield/base/check.h"

namespace penfield {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // An independent stream for each purpose, so that drawing more numbers in one place changes nothing in
  // another. The mixer is splitmix64 (Steele, Lea & Flood 2014).
  [[nodiscard]] static Random stream(std::uint64_t seed, std::uint64_t purpose) {
    std::uint64_t z = seed + 0x9e3779b97f4a7c15u * (purpose + 1);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return Random(z ^ (z >> 31));
  }

  // Uniform on 0 … n-1; n > 0.
  std::uint64_t below(std::uint64_t n) {
    PENFIELD_CHECK(n > 0);
    const std::uint64_t reject_below = (0 - n) % n;
    for (;;) {
      const std::uint64_t draw = engine_();
      if (draw >= reject_below) return draw % n;
    }
  }

  // Uniform on [0, 1), with 53 random bits.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

  // Fisher–Yates shuffle, from the end.
  template <class T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace penfield
