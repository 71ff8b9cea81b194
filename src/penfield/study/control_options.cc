#include "penfield/study/control_options.h"

#include <algorithm>
#include <string_view>

#include "penfield/base/nearest.h"
#include "penfield/store/words.h"

namespace penfield::study {
namespace {

using store::NullKind;

constexpr std::uint64_t kDefaultNullRuns = 20;

// In the order of the enumerators, each once.
Result<std::vector<NullKind>> parse_nulls(std::string_view list) {
  std::vector<NullKind> kinds;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string_view word = list.substr(begin, end - begin);
    const auto kind = store::parse_word<NullKind>(word);
    if (!kind) {
      const std::string near = nearest_name(word, std::vector<std::string>{"labels", "types", "weights"});
      return usage_error(
          "--null {}: '{}' is no kind of null{}; give labels, types, weights, or some of them with a comma "
          "between",
          list, word, near.empty() ? "" : fmt::format(" (did you mean {}?)", near));
    }
    kinds.push_back(*kind);
    begin = end + 1;
  }
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

template <class Values, class Name>
std::string joined(const Values& values, Name&& name) {
  std::string out;
  for (const auto& value : values) out += (out.empty() ? "" : ",") + std::string(name(value));
  return out.empty() ? "none" : out;
}

}  // namespace

void ControlPlan::set(sample::SampleOptions& options) const {
  options.match = match;
  options.cap_per_type = cap_per_type;
  options.n_draws = n_draws;
}

Result<ControlPlan> resolve_controls(const ControlRequest& request) {
  ControlPlan plan{.against = request.against,
                   .match = {},
                   .cap_per_type = request.cap_per_type,
                   .n_draws = request.n_draws,
                   .nulls = {},
                   .n_null_runs = request.n_null_runs.value_or(kDefaultNullRuns)};
  if (request.match) {
    PENFIELD_TRY(plan.match, sample::parse_traits(*request.match, "--match"));
  }
  if (request.nulls) {
    PENFIELD_TRY(plan.nulls, parse_nulls(*request.nulls));
  }
  if (plan.n_null_runs == 0) return usage_error("--null-runs 0: leave --null out for no null");
  const bool has_runs = std::any_of(plan.nulls.begin(), plan.nulls.end(),
                                    [](NullKind kind) { return kind != NullKind::kWeights; });
  if (request.n_null_runs && !has_runs) {
    return usage_error("--null-runs {}: they are runs of --null labels or types; give one of them too",
                       plan.n_null_runs);
  }
  return plan;
}

std::vector<std::pair<std::string, std::string>> describe_controls(const ControlPlan& plan) {
  return {{"against", plan.against.value_or("all others")},
          {"match", joined(plan.match, sample::trait_name)},
          {"cap-per-type", plan.cap_per_type ? std::to_string(*plan.cap_per_type) : "none"},
          {"draws", std::to_string(plan.n_draws)},
          {"null", joined(plan.nulls, [](NullKind kind) { return store::word_of(kind); })},
          {"null-runs", std::to_string(plan.n_null_runs)}};
}

}  // namespace penfield::study
