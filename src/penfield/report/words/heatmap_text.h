// A unit's activations over the text, prepared for colouring; shared by the terminal and the
// page.
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
  double value = 0;                // activation; of joined tokens the one farthest from zero
  bool is_target = false;
};

struct HeatWindow {
  std::uint32_t window = 0, document = 0;
  std::vector<HeatToken> tokens;
};

struct HeatText {
  std::vector<HeatWindow> windows;
  // The colours end at ±limit: the 99.5% quantile of |activation| over both splits, rounded up to two digits,
  // so that an outlier does not turn all others white. First tokens of windows, where activations are huge,
  // are excluded. 0 if every value is 0.
  double limit = 0;
  double mean = 0, sd = 0;     // over both splits, also without first tokens
  std::uint64_t n_beyond = 0;  // displayed tokens with |value| > limit
  std::uint64_t n_targets = 0;
};

// The windows of `split`; none if the unit has no heatmap.
[[nodiscard]] HeatText make_heat_text(const store::Heatmaps& heatmaps, const UnitId& unit,
                                      sample::Split split);

// −3 … 3: the distance of the value from the unit's mean in SDs, rounded towards 0. Without colour this is
// shown instead of the value: many units are negative nearly everywhere (before GELU most are), and marks on
// all tokens say nothing.
[[nodiscard]] int heat_mark(double value, const HeatText& text);

}  // namespace penfield::report
