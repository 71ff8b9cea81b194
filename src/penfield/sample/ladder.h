// The ladder: the held-out targets of a plan against comparison groups that are ever closer to them.
//
//   all        a random draw of all tokens that are no targets
//   (matched)  the plan's own comparison, where it is matched
//   near miss  tokens that share what the concept is carried by, a capital for names, and are no targets
//
// A unit that reads the carrier tells targets from the first group and not from the last. So the tokens of
// the near miss are also compared, as targets, with the random draw: the carrier's own contrast.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "penfield/labels/label_track.h"
#include "penfield/sample/plan_samples.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/sample/token_traits.h"

namespace penfield::sample {

// Each in the order of the text; empty: no such rung.
struct LadderSamples {
  std::vector<Sample> all, near_miss;
  std::vector<Sample> carrier;             // is_target: a token of the near miss
  std::vector<std::uint32_t> strata = {};  // [near_miss.size()] class of the trait; empty: one stratum
  bool is_matched = false;                 // the plan's comparison is matched
};

// The comparison that shares the carrier.
struct NearMissTrack {
  labels::LabelTrack track;                    // kTarget: a token of the near miss
  std::optional<Trait> strata = std::nullopt;  // compared within the classes of this trait
};

// asked      labels of the concept among all tokens
// near_miss  null: the concept has none
// traits     of the stream
// A rung whose group is empty is left out; so are all rungs without held-out text. The random draw has as
// many tokens as there are targets, or all there are; the near miss at most twice as many.
[[nodiscard]] LadderSamples draw_ladder(const labels::LabelTrack& asked, const NearMissTrack* near_miss,
                                        const SamplePlan& plan, const SampleOptions& options,
                                        const TokenTraits& traits);

}  // namespace penfield::sample
