#include "penfield/labels/concept.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "penfield/base/nearest.h"

namespace penfield::labels {
namespace {

constexpr std::string_view kCombined = "capital and not upos:PROPN";

constexpr std::array kConcepts = {
    ConceptInfo{"proper-noun", "",
                "words that begin upper-case and do not begin a sentence or line; not the pronoun I",
                "proper-noun"},
    ConceptInfo{"proper-noun-study", "",
                "tokens, as in the published study: upper-case, longer than 2 characters, not after . ? ! :",
                "proper-noun-study"},
    ConceptInfo{"sentence-initial-capital", "",
                "words that begin upper-case at the start of a sentence or line, as any word does; not I",
                "sentence-initial-capital"},
    ConceptInfo{"capital", "", "words that begin upper-case, anywhere", "capital"},
    ConceptInfo{"words", "LIST|FILE",
                "whole words of a list, or of a file with one word per line, in any case",
                "words:paris,london"},
    ConceptInfo{"upos", "TAGS", "words with one of these universal part-of-speech tags (CoNLL-U text)",
                "upos:PROPN"},
    ConceptInfo{"xpos", "TAGS", "words with one of these language-specific tags (CoNLL-U text)",
                "xpos:NNP,NNPS"},
    ConceptInfo{"labels", "FILE", "your own labels: a 0 or 1 for each token, as text or .npy",
                "labels:./mine.txt"},
    ConceptInfo{"label", "NAME", "a column of 0 and 1 in the tokens.tsv of recorded activations",
                "label:animate"},
    ConceptInfo{
        "CONCEPT and not CONCEPT", "",
        "what the first marks and the second does not; with `and` alone, what both mark; any number of parts",
        kCombined},
};

// Source: Universal Dependencies, https://universaldependencies.org/u/pos/
constexpr std::array<std::string_view, 17> kUniversalTags = {
    "ADJ",  "ADP",  "ADV",   "AUX",   "CCONJ", "DET", "INTJ", "NOUN", "NUM",
    "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"};

std::string upper_case(std::string_view word) {
  std::string out(word);
  for (char& c : out) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return out;
}

// The name that needs the fewest letters changed; another case is no change.
template <class Names>
std::string_view nearest(const Names& names, std::string_view to) {
  const std::string upper = upper_case(to);
  return *std::min_element(names.begin(), names.end(), [&](std::string_view a, std::string_view b) {
    return edit_distance(upper_case(a), upper) < edit_distance(upper_case(b), upper);
  });
}

tl::unexpected<Error> unknown_concept(std::string_view spec, std::string_view name) {
  std::vector<std::string_view> names;
  names.reserve(kConcepts.size());
  for (const ConceptInfo& info : kConcepts) {
    if (info.name.find(' ') == std::string_view::npos) names.push_back(info.name);  // no combination
  }
  const std::string_view near = nearest(names, name.substr(0, 40));
  // With more than a third of its letters wrong, the name is not a misspelling of that concept.
  if (edit_distance(upper_case(near), upper_case(name.substr(0, 40))) > 1 + name.size() / 3)
    return usage_error("unknown concept '{}': `penfield concepts` lists all concepts", spec);
  const auto* const info =
      std::find_if(kConcepts.begin(), kConcepts.end(), [&](const ConceptInfo& c) { return c.name == near; });
  return usage_error("unknown concept '{}': did you mean {}? `penfield concepts` lists them all", spec,
                     info->example);
}

Result<GoldTags> parse_tags(GoldTags::Column column, std::string_view name, std::string_view list) {
  GoldTags out{.column = column, .tags = {}};
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string_view tag = list.substr(begin, end - begin);
    if (tag.empty())
      return usage_error("concept {}:{}: an empty tag; separate tags by single commas", name, list);
    if (column == GoldTags::Column::kUpos &&
        std::find(kUniversalTags.begin(), kUniversalTags.end(), tag) == kUniversalTags.end()) {
      return usage_error("concept {}:{}: '{}' is not a universal part-of-speech tag; did you mean {}?", name,
                         list, tag, nearest(kUniversalTags, tag.substr(0, 40)));
    }
    out.tags.emplace_back(tag);
    begin = end + 1;
  }
  return out;
}

// A part of "A and not B".
struct Part {
  std::string_view spec;  // without "not" and the spaces around it
  bool is_negated = false;
};

std::string_view without_spaces(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

Part part_of(std::string_view text) {
  constexpr std::string_view kNot = "not ";
  text = without_spaces(text);
  if (text == "not") return {.spec = {}, .is_negated = true};
  if (!text.starts_with(kNot)) return {.spec = text};
  return {.spec = without_spaces(text.substr(kNot.size())), .is_negated = true};
}

// `spec` divided at every "and" that stands between spaces or at an end; at least one part.
std::vector<Part> parts_of(std::string_view spec) {
  constexpr std::string_view kAnd = "and";
  std::vector<Part> parts;
  std::size_t begin = 0;
  for (std::size_t at = spec.find(kAnd); at != std::string_view::npos; at = spec.find(kAnd, at + 1)) {
    const std::size_t end = at + kAnd.size();
    const bool begins = at == 0 || spec[at - 1] == ' ';
    if (!begins || (end < spec.size() && spec[end] != ' ')) continue;
    parts.push_back(part_of(spec.substr(begin, at - begin)));
    begin = end;
  }
  parts.push_back(part_of(spec.substr(begin)));
  return parts;
}

}  // namespace

std::span<const ConceptInfo> list_concepts() {
  return kConcepts;
}

bool may_read_file(std::string_view spec) {
  return spec.find_first_of("/.") != std::string_view::npos || spec.find("labels:") != std::string_view::npos;
}

bool Concept::needs_gold() const {
  const auto* const combination = std::get_if<Combination>(&rule_);
  if (combination == nullptr) return std::holds_alternative<GoldTags>(rule_);
  const auto needs = [](const Concept& part) { return part.needs_gold(); };
  return std::any_of(combination->all_of.begin(), combination->all_of.end(), needs) ||
         std::any_of(combination->none_of.begin(), combination->none_of.end(), needs);
}

Result<Concept> Concept::parse(std::string_view spec) {
  const std::vector<Part> parts = parts_of(spec);
  if (parts.size() == 1 && !parts[0].is_negated) return parse_one(spec);
  Combination combination;
  for (const Part& part : parts) {
    if (part.spec.empty())
      return usage_error("concept '{}': a concept is missing before or after `and`; write for example {}",
                         spec, kCombined);
    Result<Concept> parsed = parse_one(part.spec);
    if (!parsed) return fail(parsed.error().kind, "in the concept '{}': {}", spec, parsed.error().message);
    (part.is_negated ? combination.none_of : combination.all_of).push_back(*std::move(parsed));
  }
  if (combination.all_of.empty()) {
    return usage_error("concept '{}': says only what is not marked; name what is, for example {}", spec,
                       kCombined);
  }
  return Concept(std::string(spec), std::move(combination));
}

Result<Concept> Concept::parse_one(std::string_view spec) {
  const std::size_t colon = spec.find(':');
  const std::string_view name = spec.substr(0, colon);
  const std::string_view argument =
      colon == std::string_view::npos ? std::string_view() : spec.substr(colon + 1);
  const auto* const info =
      std::find_if(kConcepts.begin(), kConcepts.end(), [&](const ConceptInfo& c) { return c.name == name; });
  if (info == kConcepts.end()) return unknown_concept(spec, name);
  if (info->argument.empty() && colon != std::string_view::npos) {
    return usage_error("concept {}: takes no argument; write {}", spec, name);
  }
  if (!info->argument.empty() && argument.empty()) {
    return usage_error("concept {}: needs {} after a colon; for example {}", name, info->argument,
                       info->example);
  }

  std::string asked_for(spec);
  if (name == "proper-noun") return Concept(std::move(asked_for), ProperNounRule::kSound);
  if (name == "proper-noun-study") return Concept(std::move(asked_for), ProperNounRule::kStudy);
  if (name == "sentence-initial-capital") return Concept(std::move(asked_for), SentenceInitialCapital{});
  if (name == "capital") return Concept(std::move(asked_for), Capital{});
  if (name == "label") return Concept(std::move(asked_for), TableColumn{.name = std::string(argument)});
  if (name == "labels") return Concept(std::move(asked_for), LabelFile{.path = std::string(argument)});
  if (name == "words") {
    const bool is_file = argument.find_first_of("/.") != std::string_view::npos;
    PENFIELD_TRY(auto words, is_file ? WordList::read(std::string(argument)) : WordList::parse(argument));
    return Concept(std::move(asked_for), std::move(words));
  }
  const auto column = name == "upos" ? GoldTags::Column::kUpos : GoldTags::Column::kXpos;
  PENFIELD_TRY(auto tags, parse_tags(column, name, argument));
  return Concept(std::move(asked_for), std::move(tags));
}

}  // namespace penfield::labels
