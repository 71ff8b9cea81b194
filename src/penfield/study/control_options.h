// What is to be held equal, and which scans of nothing stand beside the scan: the flags of `penfield scan`
// that answer "compared with what?".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/sample/plan_samples.h"
#include "penfield/store/control_record.h"

namespace penfield::study {

// As given on the command line; what was not given is empty.
struct ControlRequest {
  std::optional<std::string> against = {};  // a concept
  std::optional<std::string> match = {};    // traits, "leading-space,length"
  std::optional<std::uint64_t> cap_per_type = {};
  std::uint64_t n_draws = 1;
  std::optional<std::string> nulls = {};          // kinds, "labels,weights"
  std::optional<std::uint64_t> n_null_runs = {};  // of the kinds that only give other labels; default 20
};

struct ControlPlan {
  std::optional<std::string> against;
  std::vector<sample::Trait> match;
  std::optional<std::uint64_t> cap_per_type;
  std::uint64_t n_draws = 1;
  std::vector<store::NullKind> nulls;
  std::uint64_t n_null_runs = 20;

  // Those of the controls that decide which tokens are drawn.
  void set(sample::SampleOptions& options) const;
};

// kUsage: a trait or kind of null that there is not, no run of it, or a number of
// runs where no null is run more than once.
[[nodiscard]] Result<ControlPlan> resolve_controls(const ControlRequest& request);

// Every flag with its resolved value, as text, for run.json.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> describe_controls(const ControlPlan& plan);

}  // namespace penfield::study
