// A unit's activations over the text, prepared for colouring; shared by the terminal and the page.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "penfield/report/words/report_data.h"

namespace penfield::report {

// One displayed piece of text: a token, or the tokens that share one UTF-8 character.
struct HeatToken {
  std::string text;  // visible; spaces inside as ·, line breaks as ↵, tabs as ⇥; without the leading space
  bool has_leading_space = false;  // one plain space before a word: shown as a space
  bool ends_line = false;          // a line of the text ends here; text shows ↵
  // SDs from the unit's mean; of joined tokens the one farthest from it; 0 where the unit has no spread.
  double value = 0;
  bool is_target = false;
};

struct HeatWindow {
  std::uint32_t window = 0, document = 0;
  std::vector<HeatToken> tokens;
};

struct HeatText {
  std::vector<HeatWindow> windows;
  // The colours end at ±limit SDs from the mean: the 99.5% point of |value| over both splits, rounded up to
  // two digits, so that an outlier does not turn all others white. The first token of a window, on which
  // models park huge activations, is left out of it. 0 where the unit has no spread.
  double limit = 0;
  double mean = 0, sd = 0;     // of the activation, over both splits, again without the first tokens
  std::uint64_t n_beyond = 0;  // tokens with |value| > limit
  std::uint64_t n_targets = 0;
};

// The windows of `split`; none if the unit has no heatmap.
[[nodiscard]] HeatText make_heat_text(const store::Heatmaps& heatmaps, const UnitId& unit,
                                      sample::Split split);

// −3 … 3: a token's value rounded towards 0; what is shown where there is no colour.
[[nodiscard]] int heat_mark(double value);

}  // namespace penfield::report
