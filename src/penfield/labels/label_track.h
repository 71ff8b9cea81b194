// One label a token.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace penfield::labels {

enum class Label : std::uint8_t {
  kOther = 0,     // may be drawn for comparison
  kTarget = 1,    // marked by the concept
  kExcluded = 2,  // neither: a piece of a target word that --pieces leaves out; with a comparison concept, a
                  // token that neither concept marks
};

struct LabelTrack {
  std::string concept_name;   // as given on the command line
  std::vector<Label> labels;  // [n_tokens of the stream]
  std::uint64_t n_target = 0;
  std::string comparison_name =
      {};                    // the concept of the comparison tokens; empty: all tokens that are no targets
  std::uint64_t n_both = 0;  // tokens that both concepts mark: targets
};

}  // namespace penfield::labels
