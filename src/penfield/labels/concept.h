// A concept as given on the command line: a rule or an annotation that marks target tokens.
//
//   proper-noun, proper-noun-study   rules on the token and what stands before it (proper_noun.h)
//   sentence-initial-capital         the capitals that those rules leave out (proper_noun.h)
//   words:paris,london               words of a list, or of a file: words:./cities.txt (words.h)
//   upos:PROPN  xpos:NNP,NNPS        gold tags of CoNLL-U text
//   labels:FILE                      the user's own 0 or 1 a token (label_file.h)
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/labels/proper_noun.h"
#include "penfield/labels/words.h"

namespace penfield::labels {

struct GoldTags {
  enum class Column : std::uint8_t { kUpos, kXpos };
  Column column = Column::kUpos;
  std::vector<std::string> tags;
};

struct LabelFile {
  std::string path;
};

struct SentenceInitialCapital {};

class Concept {
 public:
  using Rule = std::variant<ProperNounRule, SentenceInitialCapital, WordList, GoldTags, LabelFile>;

  // Reads the file of a word list (its name contains '/' or '.', which no word does), but not a label file.
  // kUsage: unknown concept (the nearest one is named), or a missing or wrong argument. Other errors as
  // WordList::read.
  [[nodiscard]] static Result<Concept> parse(std::string_view spec);

  [[nodiscard]] const std::string& name() const { return name_; }  // as given
  [[nodiscard]] const Rule& rule() const { return rule_; }
  [[nodiscard]] bool needs_gold() const { return std::holds_alternative<GoldTags>(rule_); }

 private:
  Concept(std::string name, Rule rule) : name_(std::move(name)), rule_(std::move(rule)) {}
  std::string name_;
  Rule rule_;
};

struct ConceptInfo {
  std::string_view name;         // "words"
  std::string_view argument;     // "LIST|FILE"; empty: takes none
  std::string_view description;  // one line
  std::string_view example;      // "words:paris,london"
};

// All concepts, the default first.
[[nodiscard]] std::span<const ConceptInfo> list_concepts();

}  // namespace penfield::labels
