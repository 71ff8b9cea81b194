#include "planted_lexicon.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <numeric>
#include <string_view>
#include <unordered_set>

#include "penfield/base/random.h"

namespace penfield::planted {
namespace {

constexpr std::string_view kConsonants = "bdfghjklmnprstvz";
constexpr std::string_view kVowels = "aeiou";
constexpr std::size_t kSyllables = kConsonants.size() * kVowels.size();
constexpr std::size_t kMaxSyllables = 5;
constexpr std::uint64_t kTextStream = 1;

// Word number `index`, its syllables the digits of the number: neighbours share their beginning, and so their
// prefixes.
std::string make_word(std::size_t index, std::size_t n_syllables) {
  std::string word(1 + 2 * n_syllables, ' ');
  for (std::size_t s = n_syllables; s > 0; --s) {
    const std::size_t syllable = index % kSyllables;
    word[2 * s - 1] = kConsonants[syllable / kVowels.size()];
    word[2 * s] = kVowels[syllable % kVowels.size()];
    index /= kSyllables;
  }
  return word;
}

void append_utf8(std::string& out, unsigned code_point) {
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else {  // all stand-ins are below U+0800
    out += static_cast<char>(0xC0 | (code_point >> 6));
    out += static_cast<char>(0x80 | (code_point & 0x3F));
  }
}

// GPT-2's printable stand-in of every byte: itself where Latin-1 prints it, else U+0100 onwards in order.
std::array<std::string, 256> printable_bytes() {
  std::array<std::string, 256> out;
  unsigned next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool prints = (byte > 0x20 && byte < 0x7F) || (byte > 0xA0 && byte != 0xAD);
    append_utf8(out[byte], prints ? byte : next++);
  }
  return out;
}

std::string printable(std::string_view bytes, const std::array<std::string, 256>& table) {
  std::string out;
  for (const char c : bytes) out += table[static_cast<unsigned char>(c)];
  return out;
}

Result<void> write_file(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file) return io_error("{}: cannot be written; is the folder writable, and the disk not full?", path);
  return {};
}

}  // namespace

std::string capitalised(std::string word) {
  word[1] = static_cast<char>(word[1] - 'a' + 'A');
  return word;
}

Result<Lexicon> make_lexicon(std::size_t n_words) {
  std::size_t n_syllables = 2;
  std::size_t n_possible = kSyllables * kSyllables;
  while (n_possible < n_words && n_syllables < kMaxSyllables) {
    ++n_syllables;
    n_possible *= kSyllables;
  }
  constexpr std::size_t kMaxWords = 4'000'000;
  if (n_words == 0 || n_words > kMaxWords) {
    return usage_error("--words {}: at least 1 and at most {} words can be made", n_words, kMaxWords);
  }
  Lexicon out;
  for (unsigned byte = 0; byte < 256; ++byte) out.tokens.emplace_back(1, static_cast<char>(byte));
  std::unordered_set<std::string> known;
  // Every merge joins a prefix that begins with the space to the next letter. Such a prefix stands only at
  // the beginning of a word, so at every step one merge alone applies, whatever its rank, and the word ends
  // as one token.
  const auto add = [&](const std::string& word) {
    for (std::size_t length = 2; length <= word.size(); ++length) {
      const std::string prefix = word.substr(0, length);
      if (!known.insert(prefix).second) continue;
      out.tokens.push_back(prefix);
      out.merges.emplace_back(word.substr(0, length - 1), word.substr(length - 1, 1));
    }
  };
  for (std::size_t i = 0; i < n_words; ++i) {
    out.words.push_back(make_word(i, n_syllables));
    add(out.words.back());
    add(capitalised(out.words.back()));
  }
  out.tokens.emplace_back(kEndOfText);
  return out;
}

Result<void> write_tokenizer(const Lexicon& lexicon, const std::string& folder) {
  const auto table = printable_bytes();
  std::string vocab = "{";
  for (std::size_t id = 0; id < lexicon.tokens.size(); ++id) {
    const bool is_mark = lexicon.tokens[id] == kEndOfText;
    vocab += id == 0 ? "\"" : ", \"";
    for (const char c : is_mark ? lexicon.tokens[id] : printable(lexicon.tokens[id], table)) {
      if (c == '"' || c == '\\') vocab += '\\';
      vocab += c;
    }
    vocab += fmt::format("\": {}", id);
  }
  vocab += "}\n";
  std::string merges = "#version: 0.2\n";
  for (const auto& [left, right] : lexicon.merges) {
    merges += printable(left, table) + " " + printable(right, table) + "\n";
  }
  PENFIELD_TRY_VOID(write_file(folder + "/vocab.json", vocab));
  return write_file(folder + "/merges.txt", merges);
}

bool is_name(std::size_t word) {
  return word % 3 == 0;
}

namespace {

// The words of a text with sentences, taken from the two kinds in random order.
Result<std::string> make_sentences(const Lexicon& lexicon, const TextPlan& plan, Random& random) {
  std::vector<std::size_t> names, others;
  for (std::size_t i = 0; i < lexicon.words.size(); ++i) (is_name(i) ? names : others).push_back(i);
  random.shuffle(std::span(names));
  random.shuffle(std::span(others));
  std::string text;
  for (std::size_t d = 0; d < plan.n_documents; ++d) {
    if (d > 0) text += "\n";
    std::size_t n_left = 0;  // words of the sentence
    for (std::size_t t = 0; t < plan.tokens_per_document; ++t) {
      const bool is_first = n_left == 0;
      if (is_first) n_left = plan.words_per_sentence / 2 + 1 + random.below(plan.words_per_sentence);
      const bool name = !is_first && random.uniform() < plan.share_capitalised;
      std::vector<std::size_t>& from = name ? names : others;
      if (from.empty())
        return usage_error("--words {}: too few {} for the text", lexicon.words.size(),
                           name ? "names" : "other words");
      const std::string& word = lexicon.words[from.back()];
      from.pop_back();
      text += name || is_first ? capitalised(word) : word;
      if (--n_left == 0) text += ".";
    }
    text += "\n";
  }
  return text;
}

}  // namespace

Result<std::string> make_text(const Lexicon& lexicon, const TextPlan& plan, std::uint64_t seed) {
  const std::size_t n_words = lexicon.words.size();
  if (plan.n_documents == 0 || plan.tokens_per_document == 0 ||
      plan.tokens_per_document > n_words / plan.n_documents) {
    return usage_error(
        "--documents {} of --tokens-per-document {} need as many words, each used once; --words gives {}",
        plan.n_documents, plan.tokens_per_document, n_words);
  }
  Random random = Random::stream(seed, kTextStream);
  if (plan.words_per_sentence > 0) return make_sentences(lexicon, plan, random);
  std::vector<std::size_t> order(n_words);
  std::iota(order.begin(), order.end(), std::size_t{0});
  random.shuffle(std::span(order));
  std::string text;
  std::size_t next = 0;
  for (std::size_t d = 0; d < plan.n_documents; ++d) {
    if (d > 0) text += "\n";
    for (std::size_t t = 0; t < plan.tokens_per_document; ++t) {
      const std::string& word = lexicon.words[order[next++]];
      text += random.uniform() < plan.share_capitalised ? capitalised(word) : word;
    }
    text += "\n";
  }
  return text;
}

}  // namespace penfield::planted
