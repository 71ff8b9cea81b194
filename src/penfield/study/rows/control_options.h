// The options of `penfield scan` that answer "compared with what?": what is held equal, and which null scans
// are run too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/sample/plan_samples.h"
#include "penfield/store/control_record.h"

namespace penfield::study {

struct ControlOptions {
  std::optional<std::string> against = {};               // a concept; none: all other tokens
  std::optional<std::vector<sample::Trait>> match = {};  // resolved: none, or four traits by default
  std::optional<std::string> near_miss = {};             // a concept, "none", or "auto"
  std::optional<std::uint64_t> cap_per_type = {};
  std::uint64_t n_draws = 1;
  std::optional<std::vector<store::NullKind>> nulls = {};  // in the order of the enumerators, each once
  std::optional<std::uint64_t> n_null_runs = {};           // of every kind; resolved: 20 by default

  // Copies the options that decide which tokens are drawn.
  void set(sample::SampleOptions& options) const;
};

// "labels,weights", or "none". kUsage: a kind that there is not.
[[nodiscard]] Result<std::vector<store::NullKind>> parse_nulls(std::string_view list);

// What a profile has where nothing was given.
struct ControlDefaults {
  std::vector<sample::Trait> match = {};
  std::vector<store::NullKind> nulls = {};
};

// Fills in what was not given. kUsage: no run of a null, a number of runs without a null, or control lists
// beside --against.
[[nodiscard]] Result<void> resolve(ControlOptions& options, const ControlDefaults& defaults = {});

// Every option with its resolved value, as text, for run.json.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> describe(const ControlOptions& options);

}  // namespace penfield::study
