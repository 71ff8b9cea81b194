#include "penfield/labels/near_miss.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <variant>

namespace penfield::labels {
namespace {

// A universal tag, in words, and the tag that it is most often confused with.
struct Confusion {
  std::string_view tag, words, other;
};

// tools/count_tag_confusions.py on en_ewt-ud-dev.conllu of UD English-EWT (25,147 words): every word is given
// the tag that the other uses of its form have most often, and the confusions of each pair of tags are
// counted in both directions. Pairs with fewer than ten confusions are those of CCONJ, INTJ, NUM and X.
constexpr std::array<Confusion, 17> kConfusions = {{
    {"ADJ", "adjectives", "ADV"},                    // 103
    {"ADP", "adpositions", "PART"},                  // 199
    {"ADV", "adverbs", "ADP"},                       // 126
    {"AUX", "auxiliaries", "VERB"},                  // 207
    {"CCONJ", "coordinating conjunctions", "ADV"},   // 5
    {"DET", "determiners", "PRON"},                  // 83
    {"INTJ", "interjections", "DET"},                // 8
    {"NOUN", "common nouns", "VERB"},                // 250
    {"NUM", "numerals", "NOUN"},                     // 4
    {"PART", "particles", "ADP"},                    // 199
    {"PRON", "pronouns", "SCONJ"},                   // 90
    {"PROPN", "proper nouns", "NOUN"},               // 69
    {"PUNCT", "punctuation marks", "SYM"},           // 18
    {"SCONJ", "subordinating conjunctions", "ADP"},  // 148
    {"SYM", "symbols", "PUNCT"},                     // 18
    {"VERB", "verbs", "NOUN"},                       // 250
    {"X", "other words", "PROPN"},                   // 8
}};

// The entry of a universal tag; Concept::parse accepts no others.
const Confusion& confusion_of(std::string_view tag) {
  return *std::find_if(kConfusions.begin(), kConfusions.end(),
                       [&](const Confusion& c) { return c.tag == tag; });
}

NearMiss capitals_without(std::string_view tags, std::string_view words) {
  return {.kind = NearMiss::Kind::kConcept,
          .concept_spec = fmt::format("capital and not {}", tags),
          .by_sentence_initial = true,
          .phrase = fmt::format("capitalised words that are not {}", words)};
}

bool is_name_tag(const std::string& tag) {
  return tag == "NNP" || tag == "NNPS";
}

struct Nearest {
  std::optional<NearMiss> operator()(ProperNounRule) const {
    return NearMiss{.concept_spec = "sentence-initial-capital", .phrase = "capitals that begin a sentence"};
  }
  std::optional<NearMiss> operator()(const WordList&) const {
    return NearMiss{.kind = NearMiss::Kind::kSameGoldTag,
                    .concept_spec = {},
                    .phrase = "words of the same part of speech and frequency"};
  }
  std::optional<NearMiss> operator()(const GoldTags& gold) const {
    if (gold.column == GoldTags::Column::kXpos) {
      if (!std::all_of(gold.tags.begin(), gold.tags.end(), is_name_tag)) return std::nullopt;
      return capitals_without("xpos:NNP,NNPS", "proper nouns");
    }
    if (gold.tags == std::vector<std::string>{"PROPN"}) return capitals_without("upos:PROPN", "proper nouns");
    const std::string_view other = confusion_of(gold.tags.front()).other;
    if (std::find(gold.tags.begin(), gold.tags.end(), other) != gold.tags.end()) return std::nullopt;
    return NearMiss{.concept_spec = fmt::format("upos:{}", other),
                    .phrase = std::string(confusion_of(other).words)};
  }
  template <class Other>  // SentenceInitialCapital, Capital, LabelFile, Combination
  std::optional<NearMiss> operator()(const Other&) const {
    return std::nullopt;
  }
};

}  // namespace

std::optional<NearMiss> near_miss(const Concept& of) {
  return std::visit(Nearest{}, of.rule());
}

bool is_spelling_rule(const Concept& of) {
  if (const auto* const combination = std::get_if<Combination>(&of.rule())) {
    return std::all_of(combination->all_of.begin(), combination->all_of.end(), is_spelling_rule) &&
           std::all_of(combination->none_of.begin(), combination->none_of.end(), is_spelling_rule);
  }
  return std::holds_alternative<ProperNounRule>(of.rule()) || std::holds_alternative<Capital>(of.rule()) ||
         std::holds_alternative<SentenceInitialCapital>(of.rule());
}

}  // namespace penfield::labels
