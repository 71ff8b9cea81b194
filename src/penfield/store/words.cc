#include "penfield/store/words.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace penfield::store {
namespace {

// The words of an enumeration, in the order of its values.
template <class Enum>
constexpr std::array<std::string_view, 0> kWords{};
template <>
constexpr auto kWords<association::FitStatus> = association::kStatusNames;
template <>
constexpr auto kWords<association::FitNote> = association::kNoteNames;
template <>
constexpr std::array<std::string_view, 4> kWords<findings::Test> = {"lrt", "wald", "score", "words"};
template <>
constexpr std::array<std::string_view, 6> kWords<findings::Correction> = {"bonferroni", "holm", "bh",
                                                                          "by",         "maxt", "none"};
template <>
constexpr std::array<std::string_view, 2> kWords<findings::Family> = {"layer", "model"};
template <>
constexpr std::array<std::string_view, 2> kWords<sample::Split> = {"discovery", "held_out"};
template <>
constexpr std::array<std::string_view, 8> kWords<sample::Trait> = {
    "leading_space", "length",           "log_frequency", "position",
    "capital",       "sentence_initial", "punctuation",   "word_initial"};
template <>
constexpr std::array<std::string_view, 4> kWords<NullKind> = {"labels", "types", "lists", "weights"};
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
std::string_view word_of(association::FitNote note) {
  return word(note);
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
template std::optional<association::FitNote> parse_word(std::string_view);
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
