// The draw of one split: which of its targets are sampled, and which other tokens they are compared with.
//
// Targets are taken in random order until there are enough; each is paired with the next token, in random
// order, of its own cell (match_cells.h; without matching, one cell holds all others). Token types at
// their cap are skipped. One loop thus serves the plain, the matched and the capped draw.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/sample/candidates.h"
#include "penfield/sample/match_cells.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::sample {

struct DrawLimits {
  std::uint64_t per_group = 0;     // targets
  std::uint64_t cap_per_type = 0;  // samples of one token type in a group
};

struct DrawnGroups {
  std::vector<Sample> targets;                  // in the order of the draw
  std::vector<std::vector<Sample>> comparison;  // [n_draws], each in the order of the draw
  std::uint64_t n_target_capped = 0, n_target_unmatched = 0;
};

class GroupDraw {
 public:
  // stream and windows: those of the plan; cells: made from the candidates' targets.
  GroupDraw(const tokens::TokenStream& stream, std::span<const Window> windows, const MatchCells& cells,
            const DrawLimits& limits)
      : stream_(stream), windows_(windows), cells_(cells), limits_(limits) {}

  // comparison: one random stream for each draw, at least one. The first draw decides which targets have a
  // partner, and has as many comparison tokens as targets. Later draws are for the same targets; if a cap or
  // matching leaves a target without a partner, that draw has one token fewer.
  [[nodiscard]] DrawnGroups draw(Candidates candidates, Random targets, std::span<Random> comparison) const;

 private:
  class TypeCounts;
  class Partners;
  [[nodiscard]] TokenId type_of(const Sample& sample) const {
    return stream_.ids[windows_[sample.window].first_token + sample.position];
  }

  const tokens::TokenStream& stream_;
  std::span<const Window> windows_;
  const MatchCells& cells_;
  DrawLimits limits_;
};

}  // namespace penfield::sample
