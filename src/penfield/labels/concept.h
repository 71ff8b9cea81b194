// A concept as given on the command line: a rule or an annotation that marks target tokens.
//
//   proper-noun, proper-noun-study   capitals that begin no sentence: of words, and of tokens (proper_noun.h)
//   sentence-initial-capital         the capitals that begin a sentence (proper_noun.h)
//   words:paris,london               words of a list, or of a file: words:./cities.txt (word_list.h)
//   upos:PROPN  xpos:NNP,NNPS        gold tags of CoNLL-U text
//   labels:FILE                      the user's own 0 or 1 a token (label_file.h)
//   label:NAME                       a column of recorded tokens, 0 or 1 (recorded/token_table.h)
//   capital                          words that begin with an upper-case letter, anywhere (proper_noun.h)
//   A and B, A and not B             what both mark, or the first without the second; any number of parts
//                                    (combine.h). The word "and" between spaces always separates parts
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/labels/proper_noun.h"
#include "penfield/labels/word_list.h"

namespace penfield::labels {

struct GoldTags {
  enum class Column : std::uint8_t { kUpos, kXpos };
  Column column = Column::kUpos;
  std::vector<std::string> tags;
};

struct LabelFile {
  std::string path;
};

struct TableColumn {
  std::string name;
};

struct SentenceInitialCapital {};
struct Capital {};

class Concept;
struct Combination {
  std::vector<Concept> all_of;   // at least one; none is itself a combination
  std::vector<Concept> none_of;  // those behind "and not"
};

class Concept {
 public:
  using Rule = std::variant<ProperNounRule, SentenceInitialCapital, Capital, WordList, GoldTags, LabelFile,
                            TableColumn, Combination>;

  // Reads the file of a word list (its name contains '/' or '.', which no word does), but not a label file.
  // kUsage: unknown concept (the nearest one is named), or a missing or wrong argument; of a combination, the
  // part that is wrong is named. Other errors as WordList::read.
  [[nodiscard]] static Result<Concept> parse(std::string_view spec);

  [[nodiscard]] const std::string& name() const { return name_; }  // as given
  [[nodiscard]] const Rule& rule() const { return rule_; }
  [[nodiscard]] bool needs_gold() const;  // a combination: any part of it

 private:
  static Result<Concept> parse_one(std::string_view spec);
  Concept(std::string name, Rule rule) : name_(std::move(name)), rule_(std::move(rule)) {}
  std::string name_;
  Rule rule_;
};

// False of a concept that neither parse() nor label_tokens() opens a file for. Where somebody else wrote the
// concept, the name of that file is theirs too.
[[nodiscard]] bool may_read_file(std::string_view spec);

struct ConceptInfo {
  std::string_view name;         // "words"
  std::string_view argument;     // "LIST|FILE"; empty: takes none
  std::string_view description;  // one line
  std::string_view example;      // "words:paris,london"
};

// All concepts, the default first.
[[nodiscard]] std::span<const ConceptInfo> list_concepts();

}  // namespace penfield::labels
