// Seeded, balanced draw: a labelled token stream -> SamplePlan.
//
// Discovery and held-out text share no document, so that findings are tested on text that had no part in
// finding them (profile `study`, kJoinedStream, follows the published design instead). The two groups of a
// split have equal size, so the logistic intercept does not depend on prevalence.
//
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/labels/label_track.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/sample/token_traits.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::sample {

enum class Layout : std::uint8_t {
  kDocuments,     // windows end with their document; a document is in one split only
  kJoinedStream,  // all documents joined: discovery takes the first windows, held-out the next ones
};

struct SampleOptions {
  std::uint32_t window_length = 1024;  // tokens of one forward pass; at least 1
  std::uint64_t n_discovery = 1;       // windows; at least 1
  std::uint64_t n_held_out = 1;        // windows; 0: no held-out split
  // Tokens of text, in whole windows, for both splits together: half for each that n_discovery and n_held_out
  // do not leave out; those numbers are then shares. None: n_discovery and n_held_out are windows. Only for
  // Layout::kDocuments.
  std::optional<std::uint64_t> budget = {};
  std::optional<std::uint64_t> per_group = {};  // at most this many targets of a split; none: all
  std::uint32_t skip_first = 1;                 // positions left out at the start of every window
  std::uint64_t seed = 0;
  Layout layout = Layout::kDocuments;
  std::vector<Trait> match = {};  // traits in which every comparison token equals its target
  std::optional<std::uint64_t> cap_per_type =
      {};                     // at most this many samples of a token type in a group of a split; none: all
  std::uint64_t n_draws = 1;  // of the discovery text's comparison group; at least 1
};

// track.labels has one entry a token of the stream.
//
// If the text has fewer windows than requested, the plan has those there are, and SplitCounts says so. If a
// split has fewer other tokens than targets, the number of targets is reduced to theirs. The same stream,
// labels and options give the same plan on every platform; targets, comparison, further draws and documents
// have separate random streams, so a cap on targets changes no window, and more draws change none of the
// others.
//
// traits: of the same stream; without them there is no matching, and the plan has no balance.
// kUsage: window_length, n_discovery, per_group, cap_per_type or n_draws is 0, or skip_first leaves nothing
// of a window. kBadInput: no token; a single document although held-out text is requested; a group of a split
// is empty, or has fewer than two tokens after matching or the cap.
[[nodiscard]] Result<SamplePlan> plan_samples(const tokens::TokenStream& stream,
                                              const labels::LabelTrack& track, const SampleOptions& options,
                                              const TokenTraits* traits = nullptr);

}  // namespace penfield::sample
