#include "penfield/tokens/merge_table.h"

#include <bit>
#include <utility>

namespace penfield::tokens {

bool MergeTable::add(TokenId left, TokenId right, Merge merge) {
  if (find(left, right).rank != kNoMerge) return false;
  if (slots_.size() < 2 * (size_ + 1)) grow();
  place({key_of(left, right), merge});
  ++size_;
  return true;
}

void MergeTable::grow() {
  const std::vector<Slot> old =
      std::exchange(slots_, std::vector<Slot>(slots_.empty() ? 16 : slots_.size() * 2));
  shift_ = 64 - std::countr_zero(slots_.size());
  for (const Slot& slot : old) {
    if (slot.merge.rank != kNoMerge) place(slot);
  }
}

void MergeTable::place(Slot slot) {
  std::size_t i = first_slot(slot.key);
  while (slots_[i].merge.rank != kNoMerge) i = (i + 1) & (slots_.size() - 1);
  slots_[i] = slot;
}

}  // namespace penfield::tokens
