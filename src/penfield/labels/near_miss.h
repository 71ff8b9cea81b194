// The near miss of a concept: tokens that resemble its targets without belonging to it. A unit that tells
// targets from them responds to the concept; one that does not responds to what both share, such as a capital
// letter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "penfield/labels/concept.h"

namespace penfield::labels {

struct NearMiss {
  enum class Kind : std::uint8_t {
    kConcept,      // the targets of concept_spec
    kSameGoldTag,  // the words with a gold tag that target words have, matched with them in frequency; only
                   // in text with gold tags. concept_spec is empty
  };
  Kind kind = Kind::kConcept;
  std::string concept_spec;  // as Concept::parse reads it
  // Whether targets and near miss are to be compared within sentence-initial tokens and within the others:
  // where a concept is mostly found in one of the two places, its units may read the place.
  bool by_sentence_initial = false;
  std::string phrase;  // for people: "capitals that begin a sentence"

  friend bool operator==(const NearMiss&, const NearMiss&) = default;
};

//   proper-noun, proper-noun-study   sentence-initial-capital, which no name of the rule is
//   upos:PROPN, xpos:NNP,NNPS        the capitalised words with other tags, by sentence-initial
//   upos:TAGS                        the tag most often taken for the first of them (near_miss.cc), if it is
//                                    not among them
//   words:LIST                       kSameGoldTag
// None for the others: capitals are their own carrier, labels of a file and combinations say nothing of what
// is near.
[[nodiscard]] std::optional<NearMiss> near_miss(const Concept& of);

// Whether letters alone decide the concept: capital, sentence-initial-capital, the two proper-noun rules, and
// combinations of these. What is found with such a rule may be about spelling; gold tags would tell.
[[nodiscard]] bool is_spelling_rule(const Concept& of);

}  // namespace penfield::labels
