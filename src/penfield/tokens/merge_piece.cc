// The merges of one piece: its symbols in a linked list, and a heap of the pairs that may be joined.
#include <algorithm>
#include <functional>
#include <limits>

#include "penfield/tokens/char_class.h"
#include "penfield/tokens/tokenizer.h"

namespace penfield::tokens {
namespace {

using Symbol = EncodeScratch::Symbol;
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

// The symbols that merging begins with, written from the front of a piece to its back. A stretch without a
// symbol belongs to the symbol before it.
class SymbolWriter {
 public:
  SymbolWriter(const Spec& spec, std::string_view piece, EncodeScratch& scratch)
      : spec_(spec), piece_(piece), scratch_(scratch) {
    scratch_.symbols.resize(piece.size());
  }
  // The byte of the first symbol; kNone: there is none.
  std::uint32_t write() {
    for (std::size_t at = 0; at < piece_.size();) {
      at = spec_.alphabet == Alphabet::kBytes ? write_byte(at) : write_character(at);
    }
    return first_;
  }

 private:
  std::size_t write_byte(std::size_t at) {
    const auto& id = spec_.byte_tokens[static_cast<unsigned char>(piece_[at])];
    if (id) {
      add(at, *id);
    } else {
      write_unknown(at, at + 1);
    }
    return at + 1;
  }
  std::size_t write_character(std::size_t at) {
    const std::size_t end = character_at(piece_, at).end;
    const auto found = spec_.by_text.find(piece_.substr(at, end - at));
    if (found != spec_.by_text.end()) {
      add(at, found->second);
    } else if (all_have_byte_tokens(at, end)) {
      for (std::size_t b = at; b < end; ++b)
        add(b, *spec_.byte_tokens[static_cast<unsigned char>(piece_[b])]);
    } else {
      write_unknown(at, end);
    }
    return end;
  }
  void write_unknown(std::size_t at, std::size_t end) {
    if (!spec_.unknown) {
      scratch_.n_bytes_without_token += end - at;
      return;
    }
    if (!spec_.fuse_unknown || unknown_end_ != at) add(at, *spec_.unknown);
    unknown_end_ = end;
  }
  [[nodiscard]] bool all_have_byte_tokens(std::size_t begin, std::size_t end) const {
    const std::string_view bytes = piece_.substr(begin, end - begin);
    return std::all_of(bytes.begin(), bytes.end(),
                       [&](char c) { return spec_.byte_tokens[static_cast<unsigned char>(c)].has_value(); });
  }
  void add(std::size_t begin, TokenId id) {
    const auto at = static_cast<std::uint32_t>(begin);
    if (last_ == kNone) {
      first_ = at;
    } else {
      scratch_.symbols[last_].next = at;
    }
    scratch_.symbols[at] = {id, {}, static_cast<std::uint32_t>(piece_.size()), last_, MergeTable::kNoMerge};
    last_ = at;
  }

  const Spec& spec_;
  std::string_view piece_;
  EncodeScratch& scratch_;
  std::uint32_t first_ = kNone, last_ = kNone;
  std::size_t unknown_end_ = std::numeric_limits<std::size_t>::max();
};

// Looks up the pair that begins at `at`. True where it may be joined.
bool look_up(const MergeTable& merges, std::vector<Symbol>& symbols, std::uint32_t at) {
  Symbol& symbol = symbols[at];
  symbol.rank = MergeTable::kNoMerge;
  if (symbol.next >= symbols.size()) return false;
  const MergeTable::Merge merge = merges.find(symbol.id, symbols[symbol.next].id);
  symbol.rank = merge.rank;
  symbol.merged = merge.merged;
  return merge.rank != MergeTable::kNoMerge;
}

std::uint64_t heap_key(const Symbol& symbol, std::uint32_t at) {
  return std::uint64_t{symbol.rank} << 32 | at;
}

void push(std::uint64_t pair, std::vector<std::uint64_t>& waiting) {
  waiting.push_back(pair);
  std::push_heap(waiting.begin(), waiting.end(), std::greater<>{});
}

// Takes the first pair out of the heap.
std::uint64_t pop(std::vector<std::uint64_t>& waiting) {
  std::pop_heap(waiting.begin(), waiting.end(), std::greater<>{});
  const std::uint64_t pair = waiting.back();
  waiting.pop_back();
  return pair;
}

// Joins symbol `at` with the one after it.
void join(std::uint32_t at, std::vector<Symbol>& symbols) {
  Symbol& left = symbols[at];
  Symbol& right = symbols[left.next];
  right.rank = MergeTable::kNoMerge;  // it is gone
  left.id = left.merged;
  left.next = right.next;
  if (left.next < symbols.size()) symbols[left.next].previous = at;
}

}  // namespace

void merge_piece(const Spec& spec, std::string_view piece, EncodeScratch& scratch) {
  scratch.piece.clear();
  scratch.waiting.clear();
  std::vector<Symbol>& symbols = scratch.symbols;
  const std::uint32_t first = SymbolWriter(spec, piece, scratch).write();
  for (std::uint32_t at = first; at < symbols.size(); at = symbols[at].next) {
    if (look_up(spec.merges, symbols, at)) scratch.waiting.push_back(heap_key(symbols[at], at));
  }
  std::make_heap(scratch.waiting.begin(), scratch.waiting.end(), std::greater<>{});
  while (!scratch.waiting.empty()) {
    const std::uint64_t pair = pop(scratch.waiting);
    const auto at = static_cast<std::uint32_t>(pair);
    if (heap_key(symbols[at], at) != pair) continue;  // joined with another since
    join(at, symbols);
    const std::uint32_t previous = symbols[at].previous;
    if (previous != kNone && look_up(spec.merges, symbols, previous))
      push(heap_key(symbols[previous], previous), scratch.waiting);
    if (look_up(spec.merges, symbols, at)) push(heap_key(symbols[at], at), scratch.waiting);
  }
  for (std::uint32_t at = first; at < symbols.size(); at = symbols[at].next) {
    scratch.piece.push_back({symbols[at].id, symbols[at].next});
  }
}

}  // namespace penfield::tokens
