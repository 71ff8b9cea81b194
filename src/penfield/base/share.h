// One of several equal shares of numbered work: passes, layers. Which share an item is of does not depend on
// what is done already, so processes that know only their own number divide the work alike.
#pragma once

#include <cstddef>
#include <cstdint>

namespace penfield {

struct Share {
  std::uint32_t index = 0, n = 1;  // share `index` of n, from 0

  [[nodiscard]] bool has(std::size_t item) const { return item % n == index; }
  [[nodiscard]] bool is_all() const { return n == 1; }
  bool operator==(const Share&) const = default;
};

}  // namespace penfield
