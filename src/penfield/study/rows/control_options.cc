#include "penfield/study/rows/control_options.h"

#include <algorithm>
#include <string_view>

#include "penfield/base/nearest.h"
#include "penfield/store/words.h"

namespace penfield::study {
namespace {

using store::NullKind;

constexpr std::uint64_t kDefaultNullRuns = 20;

template <class Values, class Name>
std::string joined(const Values& values, Name&& name) {
  std::string out;
  for (const auto& value : values) out += (out.empty() ? "" : ",") + std::string(name(value));
  return out.empty() ? "none" : out;
}

}  // namespace

void ControlOptions::set(sample::SampleOptions& options) const {
  options.match = *match;
  options.cap_per_type = cap_per_type;
  options.n_draws = n_draws;
}

Result<std::vector<NullKind>> parse_nulls(std::string_view list) {
  std::vector<NullKind> kinds;
  if (list == "none") return kinds;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string_view word = list.substr(begin, end - begin);
    const auto kind = store::parse_word<NullKind>(word);
    if (!kind) {
      const std::string near = nearest_name(
          word, std::vector<std::string>{"labels", "types", "lists", "weights", "init", "rotation"});
      return usage_error(
          "--null {}: '{}' is not a kind of null{}; give one or more of labels, types, lists, weights, init, rotation, separated by "
          "commas, or none",
          list, word, near.empty() ? "" : fmt::format(" (did you mean {}?)", near));
    }
    kinds.push_back(*kind);
    begin = end + 1;
  }
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

Result<void> resolve(ControlOptions& options, const ControlDefaults& defaults) {
  const bool is_asked = options.nulls.has_value();
  if (!options.match) options.match = options.against ? std::vector<sample::Trait>{} : defaults.match;
  if (!options.nulls) options.nulls = options.against ? std::vector<NullKind>{} : defaults.nulls;
  if (!options.near_miss) options.near_miss = "auto";
  const auto has = [&](auto&& is) { return std::any_of(options.nulls->begin(), options.nulls->end(), is); };
  if (is_asked && options.against && has([](NullKind kind) { return kind == NullKind::kLists; })) {
    return usage_error(
        "--null lists with --against: a control list is compared with all other tokens; leave one of them out");
  }
  if (options.n_null_runs == 0) return usage_error("--null-runs 0: omit --null to run none");
  if (options.n_null_runs && options.nulls->empty())
    return usage_error("--null-runs {}: no null is run; give --null too", *options.n_null_runs);
  if (!options.n_null_runs) options.n_null_runs = kDefaultNullRuns;
  return {};
}

std::vector<std::pair<std::string, std::string>> describe(const ControlOptions& options) {
  return {{"against", options.against.value_or("all others")},
          {"match", joined(*options.match, sample::trait_name)},
          {"near-miss", *options.near_miss},
          {"cap-per-type", options.cap_per_type ? std::to_string(*options.cap_per_type) : "none"},
          {"draws", std::to_string(options.n_draws)},
          {"null", joined(*options.nulls, [](NullKind kind) { return store::word_of(kind); })},
          {"null-runs", std::to_string(*options.n_null_runs)}};
}

}  // namespace penfield::study
