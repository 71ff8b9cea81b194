#include "penfield/tokens/added_tokens.h"

#include <algorithm>
#include <utility>

#include "penfield/tokens/char_class.h"

namespace penfield::tokens {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool is_inside_word(std::string_view text, std::size_t begin, std::size_t end) {
  return ends_with_word(text.substr(0, begin)) || starts_with_word(text.substr(end));
}

// The beginning of the white space that ends at `end`; at least `least`.
std::size_t space_begin(std::string_view text, std::size_t least, std::size_t end) {
  while (end > least) {
    std::size_t begin = end - 1;
    while (begin > least && (byte_at(text, begin) & 0xC0) == 0x80) --begin;
    const Character c = character_at(text, begin);
    if (c.char_class != CharClass::kSpace || c.end != end) break;
    end = begin;
  }
  return end;
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
  std::stable_sort(tokens_.begin(), tokens_.end(),
                   [](const AddedToken& a, const AddedToken& b) { return a.content < b.content; });
  const auto same = [](const AddedToken& a, const AddedToken& b) { return a.content == b.content; };
  tokens_.erase(std::unique(tokens_.begin(), tokens_.end(), same), tokens_.end());
  for (const AddedToken& token : tokens_) ++first_of_[byte_at(token.content, 0) + 1];
  for (std::size_t b = 1; b < first_of_.size(); ++b) first_of_[b] += first_of_[b - 1];
}

const AddedToken* AddedTokens::longest_at(std::string_view text, std::size_t begin) const {
  auto first = tokens_.begin() + first_of_[byte_at(text, begin)];
  auto last = tokens_.begin() + first_of_[byte_at(text, begin) + 1];
  const AddedToken* longest = nullptr;
  for (std::size_t n = 1; first != last; ++n) {  // first … last share their first n bytes with the text
    if (first->content.size() == n) longest = &*first++;
    if (first == last || begin + n == text.size()) break;
    const unsigned next = byte_at(text, begin + n);
    first = std::lower_bound(first, last, next,
                             [n](const AddedToken& t, unsigned b) { return byte_at(t.content, n) < b; });
    last = std::upper_bound(first, last, next,
                            [n](unsigned b, const AddedToken& t) { return b < byte_at(t.content, n); });
  }
  return longest;
}

void AddedTokens::split(std::string_view text, Special special, std::vector<Part>& parts) const {
  std::size_t covered = 0;  // end of the last part
  for (std::size_t at = 0; at < text.size() && !tokens_.empty();) {
    const AddedToken* const token = longest_at(text, at);
    if (token == nullptr) {
      ++at;
      continue;
    }
    std::size_t begin = at;
    std::size_t end = at + token->content.size();
    at = end;  // what follows is looked for behind it, also where it is not taken
    if (token->special && special == Special::kText) continue;
    if (token->single_word && is_inside_word(text, begin, end)) continue;
    begin = std::max(covered, token->lstrip ? space_begin(text, covered, begin) : begin);
    // In white space that a token before took, the run ends where that one does.
    if (token->rstrip && end >= covered) end = run_end(text, end, CharClass::kSpace);
    end = std::max(covered, end);
    if (covered < begin) parts.push_back({covered, begin, nullptr});
    parts.push_back({begin, end, token});
    covered = end;
  }
  if (covered < text.size()) parts.push_back({covered, text.size(), nullptr});
}

}  // namespace penfield::tokens
