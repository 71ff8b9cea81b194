#include "penfield/tokens/tokenizer.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "penfield/base/check.h"
#include "penfield/tokens/pretokenizer.h"

namespace penfield::tokens {
namespace {

constexpr std::size_t kCachedWordBytes = 48;  // longer pieces are rare, and most of them never come back
constexpr std::size_t kCachedWords = 1u << 16;

using Symbol = EncodeScratch::Symbol;
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

// One symbol a byte, and a heap of the pairs that may be joined.
void begin_merging(std::string_view piece, const Vocabulary& vocabulary, const MergeTable& merges,
                   EncodeScratch& scratch) {
  const auto n = static_cast<std::uint32_t>(piece.size());
  scratch.symbols.resize(n);
  scratch.waiting.clear();
  for (std::uint32_t i = 0; i < n; ++i) {
    const TokenId id = vocabulary.byte_tokens[static_cast<unsigned char>(piece[i])];
    scratch.symbols[i] = {id, i + 1, i == 0 ? kNone : i - 1, MergeTable::kNoMerge};
  }
  for (std::uint32_t i = 0; i + 1 < n; ++i) {
    Symbol& symbol = scratch.symbols[i];
    symbol.rank = merges.find(symbol.id, scratch.symbols[i + 1].id);
    if (symbol.rank != MergeTable::kNoMerge) scratch.waiting.push_back(std::uint64_t{symbol.rank} << 32 | i);
  }
  std::make_heap(scratch.waiting.begin(), scratch.waiting.end(), std::greater<>{});
}

// Takes the first pair out of the heap.
std::uint64_t pop(std::vector<std::uint64_t>& waiting) {
  std::pop_heap(waiting.begin(), waiting.end(), std::greater<>{});
  const std::uint64_t pair = waiting.back();
  waiting.pop_back();
  return pair;
}

// Joins symbol `at` with the one after it. The ranks of the two pairs it is now part of are left open.
void join(std::uint32_t at, TokenId merged, EncodeScratch& scratch) {
  std::vector<Symbol>& symbols = scratch.symbols;
  Symbol& left = symbols[at];
  Symbol& right = symbols[left.next];
  right.rank = MergeTable::kNoMerge;  // it is gone
  left.id = merged;
  left.next = right.next;
  left.rank = MergeTable::kNoMerge;
  if (left.next < symbols.size()) symbols[left.next].previous = at;
  if (left.previous != kNone) {
    symbols[left.previous].rank = MergeTable::kNoMerge;
    if (scratch.changed.empty() || scratch.changed.back() != left.previous)
      scratch.changed.push_back(left.previous);
  }
  scratch.changed.push_back(at);
}

// Looks up the pairs that the pass has made. None of the changed symbols is gone: a pass goes from left to
// right.
void queue_changed(const MergeTable& merges, EncodeScratch& scratch) {
  for (const std::uint32_t at : scratch.changed) {
    Symbol& symbol = scratch.symbols[at];
    if (symbol.next >= scratch.symbols.size()) continue;
    symbol.rank = merges.find(symbol.id, scratch.symbols[symbol.next].id);
    if (symbol.rank == MergeTable::kNoMerge) continue;
    scratch.waiting.push_back(std::uint64_t{symbol.rank} << 32 | at);
    std::push_heap(scratch.waiting.begin(), scratch.waiting.end(), std::greater<>{});
  }
  scratch.changed.clear();
}

}  // namespace

Tokenizer::Tokenizer(Vocabulary vocabulary, MergeTable merges)
    : vocabulary_(std::move(vocabulary)), merges_(std::move(merges)) {}

Result<Tokenizer> Tokenizer::open(const std::string& folder) {
  PENFIELD_TRY(Vocabulary vocabulary, read_vocabulary(folder + "/vocab.json"));
  PENFIELD_TRY(MergeTable merges, read_merges(folder + "/merges.txt", vocabulary));
  return Tokenizer(std::move(vocabulary), std::move(merges));
}

std::string_view Tokenizer::token_bytes(TokenId id) const {
  return vocabulary_.token_bytes[static_cast<std::size_t>(id)];
}

// One pass a rank: every place of the pair is joined before a pair that the pass has made is looked at, even
// one of a lower rank, as the reference does. (With a trained merge list the order makes no difference; with
// any list it can.)
void Tokenizer::merge_piece(std::string_view piece, EncodeScratch& scratch, std::vector<TokenId>& ids) const {
  begin_merging(piece, vocabulary_, merges_, scratch);
  while (!scratch.waiting.empty()) {
    const std::uint64_t rank = scratch.waiting.front() >> 32;
    while (!scratch.waiting.empty() && scratch.waiting.front() >> 32 == rank) {
      const auto at = static_cast<std::uint32_t>(pop(scratch.waiting));
      if (scratch.symbols[at].rank != rank) continue;  // joined with another since
      join(at, merges_.merged(static_cast<MergeTable::Rank>(rank)), scratch);
    }
    queue_changed(merges_, scratch);
  }
  for (std::uint32_t at = 0; at < scratch.symbols.size(); at = scratch.symbols[at].next) {
    ids.push_back(scratch.symbols[at].id);
  }
}

void Tokenizer::encode_piece(std::string_view piece, EncodeScratch& scratch,
                             std::vector<TokenId>& ids) const {
  if (piece.size() > kCachedWordBytes) return merge_piece(piece, scratch, ids);
  const auto found = scratch.words.find(piece);
  if (found != scratch.words.end()) {
    ids.insert(ids.end(), found->second.begin(), found->second.end());
    return;
  }
  const std::size_t first = ids.size();
  merge_piece(piece, scratch, ids);
  if (scratch.words.size() >= kCachedWords) scratch.words.clear();
  scratch.words.emplace(piece,
                        std::vector<TokenId>(ids.begin() + static_cast<std::ptrdiff_t>(first), ids.end()));
}

void Tokenizer::encode(std::string_view row, EncodeScratch& scratch, std::vector<TokenId>& ids,
                       std::vector<std::uint64_t>& end_bytes) const {
  PENFIELD_CHECK(row.size() < kNone);
  const std::size_t first = ids.size();
  for (std::size_t begin = 0; begin < row.size();) {
    const std::size_t end = piece_end(row, begin);
    encode_piece(row.substr(begin, end - begin), scratch, ids);
    begin = end;
  }
  std::uint64_t end = 0;
  for (std::size_t t = first; t < ids.size(); ++t) {
    end += token_bytes(ids[t]).size();
    end_bytes.push_back(end);
  }
}

void Tokenizer::encode(std::string_view row, std::vector<TokenId>& ids,
                       std::vector<std::uint64_t>& end_bytes) const {
  EncodeScratch scratch;
  encode(row, scratch, ids, end_bytes);
}

}  // namespace penfield::tokens
