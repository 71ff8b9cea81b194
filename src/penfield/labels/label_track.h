// One label a token.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace penfield::labels {

enum class Label : std::uint8_t {
  kOther = 0,     // may be drawn for comparison
  kTarget = 1,    // marked by the concept
  kExcluded = 2,  // neither: a further piece of a target word where only its first piece is asked for; with a
                  // comparison concept, what neither concept marks
};

struct LabelTrack {
  std::string concept_name;   // as asked for on the command line
  std::vector<Label> labels;  // [n_tokens of the stream]
  std::uint64_t n_target = 0;
  std::string comparison_name =
      {};                    // the concept that marks the comparison tokens; empty: all others are such
  std::uint64_t n_both = 0;  // tokens that both concepts mark: targets
};

}  // namespace penfield::labels
