// Which windows are run through the model, and which of their positions enter the regressions.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace penfield::sample {

enum class Split : std::uint8_t { kDiscovery = 0, kHeldOut = 1 };

// Consecutive tokens of one forward pass: stream tokens first_token … first_token + n_tokens - 1.
struct Window {
  Split split = Split::kDiscovery;
  std::uint32_t document = 0;  // of the window's first token
  std::uint64_t first_token = 0;
  std::uint32_t n_tokens = 0;
};

// Properties of a token other than the concept; token_traits.h defines them.
enum class Trait : std::uint8_t {
  kLeadingSpace,
  kLength,
  kLogFrequency,
  kPosition,
  kCapital,
  kSentenceInitial,
  kPunctuation,
  kWordInitial,
};
// As options name them, in the order of the enumerators.
inline constexpr std::array<std::string_view, 8> kTraitNames = {
    "leading-space", "length",           "log-frequency", "position",
    "capital",       "sentence-initial", "punctuation",   "word-initial"};

struct Sample {
  std::uint32_t window = 0;    // index in SamplePlan::windows
  std::uint32_t position = 0;  // in the window
  bool is_target = false;
};

struct SplitCounts {
  std::uint64_t n_windows = 0, n_windows_wanted = 0;
  std::uint64_t n_documents = 0, n_tokens = 0;
  std::uint64_t n_target_available = 0;          // targets in the split's windows, after skip-first
  std::uint64_t n_target = 0, n_comparison = 0;  // drawn
  std::uint64_t n_target_capped = 0;             // targets left out because of cap_per_type
  std::uint64_t n_target_unmatched = 0;          // targets left out because no token matches them
  // Tokens of which the comparison is a random draw: in the windows, after skip-first; 0 if it is not such a
  // draw.
  std::uint64_t n_comparison_available = 0;

  // The share of targets among all tokens that can be drawn; NaN if that is not known.
  [[nodiscard]] double prevalence() const {
    if (n_comparison_available == 0) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(n_target_available) /
           static_cast<double>(n_target_available + n_comparison_available);
  }
};

// How far apart the two groups of a split are in one trait: the standardised mean difference,
//   (mean of the targets − mean of the comparison) / √((s_t² + s_c²) / 2),
// with the variances from before the draw in both figures, so that these can be compared. NaN: the trait does
// not vary within either group. Source: Rosenbaum & Rubin 1985; Stuart 2010, §4.1. Groups are unbalanced
// beyond ±0.1 (Austin 2009).
struct TraitBalance {
  Trait trait = Trait::kLeadingSpace;
  double before = 0;  // all targets of the split against all other tokens that may be drawn
  double after = 0;   // the drawn groups
};

struct SamplePlan {
  std::vector<Window> windows;  // those of discovery first
  std::vector<Sample> samples;  // in the order of windows, then position: discovery first
  std::uint64_t n_discovery_samples = 0;
  SplitCounts counts[2];                             // by Split
  std::array<std::vector<TraitBalance>, 2> balance;  // by Split; empty without traits
  std::vector<std::vector<Sample>> further_draws;  // [n_draws - 1] of the discovery text's comparison group,
                                                   // each in the order of the text, for the same targets
  std::uint32_t window_length = 0;                 // largest number of tokens of a window
};

}  // namespace penfield::sample
