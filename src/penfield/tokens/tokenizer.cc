#include "penfield/tokens/tokenizer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "penfield/base/check.h"
#include "penfield/tokens/read_spec.h"

namespace penfield::tokens {
namespace {

constexpr std::size_t kCachedWordBytes = 48;  // longer pieces are rare, and most of them never come back
constexpr std::size_t kCachedWords = 1u << 16;

// The tokens of a piece -> scratch.piece.
void encode_piece(const Spec& spec, std::string_view piece, EncodeScratch& scratch) {
  if (spec.whole_pieces) {
    const auto whole = spec.by_text.find(piece);
    if (whole != spec.by_text.end()) {
      scratch.piece.assign(1, {whole->second, static_cast<std::uint32_t>(piece.size())});
      return;
    }
  }
  if (piece.size() > kCachedWordBytes) return merge_piece(spec, piece, scratch);
  const auto found = scratch.words.find(piece);
  if (found != scratch.words.end()) {
    scratch.piece = found->second;
    return;
  }
  const std::uint64_t n_without_token = scratch.n_bytes_without_token;
  merge_piece(spec, piece, scratch);
  if (scratch.n_bytes_without_token > n_without_token) return;  // so that they are counted again
  if (scratch.words.size() >= kCachedWords) scratch.words.clear();
  scratch.words.emplace(piece, scratch.piece);
}

bool has_line_before_letter(std::string_view text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) < text.size() - 1; ++at) {
    const char next = text[at + 1];
    if ((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z')) return true;
  }
  return false;
}

// What can_cut_after_lines promises, from what the tokenizer is made of.
bool nothing_spans_lines(const Spec& spec) {
  const bool line_end_has_token = spec.byte_tokens['\n'].has_value() ||
                                  (spec.alphabet == Alphabet::kCharacters && spec.by_text.contains("\n"));
  const bool pieces_end_at_lines = spec.splitter != Splitter::kNone && spec.splitter != Splitter::kMetaspace;
  if (!line_end_has_token || (spec.whole_pieces && !pieces_end_at_lines)) return false;
  const auto has_line = [](const TextStep& step) {
    return step.from.find('\n') != std::string::npos || step.to.find('\n') != std::string::npos;
  };
  return std::none_of(spec.by_text.begin(), spec.by_text.end(),
                      [](const auto& token) { return has_line_before_letter(token.first); }) &&
         std::none_of(spec.added.begin(), spec.added.end(),
                      [](const AddedToken& token) {
                        return token.lstrip || token.rstrip || has_line_before_letter(token.content);
                      }) &&
         std::none_of(spec.normalizer.begin(), spec.normalizer.end(), has_line) &&
         std::none_of(spec.before_split.begin(), spec.before_split.end(), has_line);
}

}  // namespace

// Where tokens go, and the way from a place in a text after its steps back to the text as given.
class Tokenizer::Sink {
 public:
  Sink(EncodeScratch& scratch_in, Special special_in, std::vector<TokenId>& ids,
       std::vector<std::uint64_t>& end_bytes)
      : scratch(scratch_in), special(special_in), ids_(ids), end_bytes_(end_bytes) {}

  // A text within the one that is entered already (or within the text as given). map: nullptr where its bytes
  // are those of `begin` on.
  struct Level {
    std::uint64_t begin = 0;
    const MappedText* map = nullptr;
  };
  void enter(Level level) { levels_[n_levels_++] = level; }
  void leave() { --n_levels_; }

  // end: in the text of the innermost level.
  void add(TokenId id, std::uint64_t end) {
    for (std::size_t i = n_levels_; i-- > 0;) {
      if (levels_[i].map != nullptr) end = levels_[i].map->ends[static_cast<std::size_t>(end)];
      end += levels_[i].begin;
    }
    ids_.push_back(id);
    end_bytes_.push_back(end);
  }

  EncodeScratch& scratch;
  const Special special;

 private:
  std::vector<TokenId>& ids_;
  std::vector<std::uint64_t>& end_bytes_;
  std::array<Level, 2> levels_{};
  std::size_t n_levels_ = 0;
};

Tokenizer::Tokenizer(Spec spec) : spec_(std::move(spec)) {
  std::vector<AddedToken> raw, normalized;
  for (const AddedToken& token : spec_.added) {
    if (!token.normalized) {
      raw.push_back(token);
      continue;
    }
    normalized.push_back(token);
    std::optional<MappedText> changed = apply_steps(spec_.normalizer, token.content, Place::kDocumentBegin);
    if (changed) normalized.back().content = std::move(changed->text);
  }
  added_ = AddedTokens(std::move(raw));
  added_normalized_ = AddedTokens(std::move(normalized));
  can_cut_after_lines_ = nothing_spans_lines(spec_);
}

Result<Tokenizer> Tokenizer::open(const std::string& model) {
  PENFIELD_TRY(Spec spec, read_spec(model));
  return Tokenizer(std::move(spec));
}

std::string_view Tokenizer::token_bytes(TokenId id) const {
  return spec_.token_bytes[static_cast<std::size_t>(id)];
}

void Tokenizer::encode_pieces(std::string_view text, Sink& sink) const {
  const auto encode_stretch = [&](std::size_t begin, std::size_t end) {
    const std::string_view stretch = text.substr(begin, end - begin);
    for (std::size_t at = 0; at < stretch.size();) {
      const std::size_t piece_end_byte = piece_end(spec_.splitter, stretch, at);
      encode_piece(spec_, stretch.substr(at, piece_end_byte - at), sink.scratch);
      for (const EncodeScratch::Part& part : sink.scratch.piece) sink.add(part.id, begin + at + part.end);
      at = piece_end_byte;
    }
  };
  if (!spec_.isolate_digits) return encode_stretch(0, text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = digits_end(text, at);
    encode_stretch(at, end);
    at = end;
  }
}

// text: after the normaliser.
void Tokenizer::encode_normalized(std::string_view text, Place place, Sink& sink) const {
  std::vector<AddedTokens::Part>& parts = sink.scratch.normalized_parts;
  parts.clear();
  added_normalized_.split(text, sink.special, parts);
  for (const AddedTokens::Part& part : parts) {
    if (part.token != nullptr) {
      sink.add(part.token->id, part.end);
      continue;
    }
    const std::string_view between = text.substr(part.begin, part.end - part.begin);
    const auto changed =
        apply_steps(spec_.before_split, between, part.begin == 0 ? place : Place::kAfterToken);
    sink.enter({part.begin, changed ? &*changed : nullptr});
    encode_pieces(changed ? changed->text : between, sink);
    sink.leave();
  }
}

void Tokenizer::encode(std::string_view text, EncodeScratch& scratch, std::vector<TokenId>& ids,
                       std::vector<std::uint64_t>& end_bytes, Special special, Place place) const {
  PENFIELD_CHECK(text.size() < std::numeric_limits<std::uint32_t>::max() / kMostLengthening);
  const std::size_t first = ids.size();
  Sink sink(scratch, special, ids, end_bytes);
  scratch.parts.clear();
  added_.split(text, special, scratch.parts);
  for (const AddedTokens::Part& part : scratch.parts) {
    if (part.token != nullptr) {
      sink.add(part.token->id, part.end);
      continue;
    }
    const Place here = part.begin == 0 ? place : Place::kAfterToken;
    const std::string_view between = text.substr(part.begin, part.end - part.begin);
    const auto changed = apply_steps(spec_.normalizer, between, here);
    sink.enter({part.begin, changed ? &*changed : nullptr});
    encode_normalized(changed ? changed->text : between, here, sink);
    sink.leave();
  }
  if (ids.size() > first) end_bytes.back() = text.size();
}

}  // namespace penfield::tokens
