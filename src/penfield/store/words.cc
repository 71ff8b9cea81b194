#include "penfield/store/words.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace penfield::store {
namespace {

// A name of an option as a word of a file: "log-frequency" is log_frequency.
struct FileWord {
  std::array<char, 24> letters{};
  std::size_t size = 0;

  constexpr FileWord() = default;
  constexpr explicit FileWord(std::string_view name) : size(name.size()) {
    for (std::size_t i = 0; i < size; ++i) letters.at(i) = name[i] == '-' ? '_' : name[i];
  }
  [[nodiscard]] constexpr std::string_view view() const { return {letters.data(), size}; }
};

constexpr auto kTraitWords = [] {
  std::array<FileWord, sample::kTraitNames.size()> words;
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = FileWord(sample::kTraitNames[i]);
  return words;
}();

// The words of an enumeration, in the order of its values.
template <class Enum>
constexpr std::array<std::string_view, 0> kWords{};
template <>
constexpr auto kWords<association::FitStatus> = association::kStatusNames;
template <>
constexpr auto kWords<findings::Test> = findings::kTestNames;
template <>
constexpr auto kWords<findings::Correction> = findings::kCorrectionNames;
template <>
constexpr auto kWords<findings::Family> = findings::kFamilyNames;
template <>
constexpr std::array<std::string_view, 2> kWords<sample::Split> = {"discovery", "held_out"};
template <>
constexpr auto kWords<sample::Trait> = [] {
  std::array<std::string_view, kTraitWords.size()> words;
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = kTraitWords[i].view();
  return words;
}();
template <>
constexpr std::array<std::string_view, 6> kWords<NullKind> = {"labels",  "types", "lists",
                                                              "weights", "init",  "rotation"};
template <>
constexpr std::array<std::string_view, 3> kWords<findings::Answer> = {"NA", "0", "1"};
template <>
constexpr std::array<std::string_view, 4> kWords<findings::Effect> = {"NA", "none", "moderate", "strong"};
template <>
constexpr std::array<std::string_view, 4> kWords<findings::Specificity> = {"NA", "specific", "carrier",
                                                                           "undecided"};

template <class Enum>
std::string_view word(Enum value) {
  return kWords<Enum>.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string_view word_of(association::FitStatus status) {
  return word(status);
}
std::string_view word_of(findings::Test test) {
  return word(test);
}
std::string_view word_of(findings::Correction correction) {
  return word(correction);
}
std::string_view word_of(findings::Family family) {
  return word(family);
}
std::string_view word_of(sample::Split split) {
  return word(split);
}
std::string_view word_of(sample::Trait trait) {
  return word(trait);
}
std::string_view word_of(NullKind kind) {
  return word(kind);
}
std::string_view word_of(findings::Answer answer) {
  return word(answer);
}
std::string_view word_of(findings::Effect effect) {
  return word(effect);
}
std::string_view word_of(findings::Specificity specificity) {
  return word(specificity);
}

template <class Enum>
std::optional<Enum> parse_word(std::string_view text) {
  const auto& words = kWords<Enum>;
  const auto at = std::find(words.begin(), words.end(), text);
  if (at == words.end()) return std::nullopt;
  return static_cast<Enum>(at - words.begin());
}

template std::optional<association::FitStatus> parse_word(std::string_view);
template std::optional<findings::Test> parse_word(std::string_view);
template std::optional<findings::Correction> parse_word(std::string_view);
template std::optional<findings::Family> parse_word(std::string_view);
template std::optional<sample::Split> parse_word(std::string_view);
template std::optional<sample::Trait> parse_word(std::string_view);
template std::optional<NullKind> parse_word(std::string_view);
template std::optional<findings::Answer> parse_word(std::string_view);
template std::optional<findings::Effect> parse_word(std::string_view);
template std::optional<findings::Specificity> parse_word(std::string_view);

}  // namespace penfield::store
