// Which two tokens may be joined, how early, and into what: the lines of merges.txt as a hash table.
//
// Open addressing with linear probing at half load: the look-up is the inner loop of the tokeniser, and takes
// 12 ns over GPT-2's 50,000 merges where std::unordered_map takes 20.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "penfield/base/unit.h"

namespace penfield::tokens {

class MergeTable {
 public:
  // The line of the merge among the merges, from 0: the smaller, the earlier it is done.
  using Rank = std::uint32_t;
  static constexpr Rank kNoMerge = std::numeric_limits<Rank>::max();

  // Adds the merge of the next rank. False, and nothing is added, where the pair is there already.
  bool add(TokenId left, TokenId right, TokenId merged);

  // kNoMerge where the pair is not joined.
  [[nodiscard]] Rank find(TokenId left, TokenId right) const {
    if (slots_.empty()) return kNoMerge;
    const std::uint64_t key = key_of(left, right);
    for (std::size_t i = first_slot(key);; i = (i + 1) & (slots_.size() - 1)) {
      if (slots_[i].rank == kNoMerge || slots_[i].key == key) return slots_[i].rank;
    }
  }
  [[nodiscard]] TokenId merged(Rank rank) const { return merged_[rank]; }
  [[nodiscard]] std::size_t size() const { return merged_.size(); }

 private:
  struct Slot {
    std::uint64_t key = 0;
    Rank rank = kNoMerge;  // kNoMerge: the slot is free
  };

  [[nodiscard]] static std::uint64_t key_of(TokenId left, TokenId right) {
    return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint64_t>(right);
  }
  // Fibonacci hashing (Knuth, vol. 3, 6.4): the high bits of a product with 2^64 / φ.
  [[nodiscard]] std::size_t first_slot(std::uint64_t key) const {
    return (key * 0x9e3779b97f4a7c15u) >> shift_;
  }
  void grow();
  void place(Slot slot);

  std::vector<Slot> slots_;  // a power of two, at most half of them taken
  std::vector<TokenId> merged_;
  int shift_ = 0;  // 64 - log2(slots_.size())
};

}  // namespace penfield::tokens
