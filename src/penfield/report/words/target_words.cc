#include "penfield/report/words/target_words.h"

#include <utf8proc.h>

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <string_view>

#include "penfield/report/words/visible_text.h"

namespace penfield::report {
namespace {

constexpr std::string_view kSpaceBefore = "·";

bool is_letter(utf8proc_int32_t code) {
  const auto category = utf8proc_category(code);
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO);  // letters, marks, numbers
}

bool begins_with_letter(std::string_view text) {
  utf8proc_int32_t code = -1;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  return utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &code) > 0 && is_letter(code);
}

bool ends_with_letter(std::string_view text) {
  std::size_t at = text.size();
  while (at > 0 && (static_cast<unsigned char>(text[at - 1]) & 0xC0) == 0x80) --at;
  return at > 0 && begins_with_letter(text.substr(at - 1));
}

// Whether tokens[t] belongs to the same word as the token before it. A token without text is the rest of a
// character.
bool continues_word(std::span<const store::WindowToken> tokens, std::size_t t) {
  if (t == 0 || tokens[t].window != tokens[t - 1].window || tokens[t].split != tokens[t - 1].split)
    return false;
  if (tokens[t].token.empty()) return true;
  return begins_with_letter(tokens[t].token) &&
         (tokens[t - 1].token.empty() || ends_with_letter(tokens[t - 1].token));
}

std::string without_space(std::string_view token) {
  const bool has_space = token.starts_with(kSpaceBefore) && token.size() > kSpaceBefore.size();
  return std::string(token.substr(has_space ? kSpaceBefore.size() : 0));
}

std::map<std::string, std::uint64_t> count_words(std::span<const store::WindowToken> tokens) {
  std::map<std::string, std::uint64_t> counts;
  for (std::size_t begin = 0, end = 0; begin < tokens.size(); begin = end) {
    bool is_target = false;
    std::string word;
    for (end = begin; end == begin || (end < tokens.size() && continues_word(tokens, end)); ++end) {
      is_target |= tokens[end].is_target && tokens[end].split == sample::Split::kDiscovery;
      word += tokens[end].token;
    }
    if (is_target) ++counts[without_space(word)];
  }
  return counts;
}

}  // namespace

std::vector<TargetWord> target_words(const ReportData& data, std::size_t n) {
  std::vector<TargetWord> out;
  for (const store::TargetWordCount& word : data.run.top_target_words)
    out.push_back({visible(word.word), word.n_target});
  out.resize(std::min(n, out.size()));
  if (!out.empty()) return out;
  for (const auto& [word, count] : count_words(data.heatmaps.tokens)) out.push_back({visible(word), count});
  if (out.empty()) {
    for (const store::TokenTypeCount& type : data.run.top_target_types)
      out.push_back({visible(without_space(type.token)), type.n_target});
  }
  std::ranges::stable_sort(out, std::ranges::greater{}, &TargetWord::n_target);
  out.resize(std::min(n, out.size()));
  return out;
}

}  // namespace penfield::report
