#include "penfield/study/draw_rows.h"

#include <algorithm>
#include <span>

#include "penfield/base/check.h"

namespace penfield::study {
namespace {

using sample::Sample;

bool before(const Sample& a, const Sample& b) {
  return a.window != b.window ? a.window < b.window : a.position < b.position;
}

// Rows of `some` among `all`; both are in the order of the text.
RowSet rows_of(std::span<const Sample> some, std::span<const Sample> all) {
  RowSet out;
  auto at = all.begin();
  for (const Sample& sample : some) {
    at = std::lower_bound(at, all.end(), sample, before);
    PENFIELD_CHECK(at != all.end() && !before(sample, *at));
    out.rows.push_back(static_cast<std::uint32_t>(at - all.begin()));
    out.labels.push_back(sample.is_target ? 1 : 0);
  }
  return out;
}

void merge_into(std::vector<Sample>& all, std::span<const Sample> more) {
  const auto n_before = static_cast<std::ptrdiff_t>(all.size());
  all.insert(all.end(), more.begin(), more.end());
  std::inplace_merge(all.begin(), all.begin() + n_before, all.end(), before);
  const auto is_same = [](const Sample& a, const Sample& b) { return !before(a, b) && !before(b, a); };
  all.erase(std::unique(all.begin(), all.end(), is_same), all.end());
}

}  // namespace

DrawRows unite_draws(const sample::SamplePlan& plan) {
  const std::span<const Sample> samples = plan.samples;
  const auto discovery = samples.first(plan.n_discovery_samples);
  const auto held_out = samples.subspan(plan.n_discovery_samples);
  std::vector<Sample> all(discovery.begin(), discovery.end());
  for (const std::vector<Sample>& draw : plan.further_draws) merge_into(all, draw);

  DrawRows out;
  out.captured = plan;
  out.captured.n_discovery_samples = all.size();
  all.insert(all.end(), held_out.begin(), held_out.end());
  out.captured.samples = std::move(all);
  out.first = {.discovery = rows_of(discovery, out.captured.samples),
               .held_out = rows_of(held_out, out.captured.samples)};
  std::vector<Sample> targets;
  std::copy_if(discovery.begin(), discovery.end(), std::back_inserter(targets),
               [](const Sample& sample) { return sample.is_target; });
  for (std::vector<Sample> draw : plan.further_draws) {
    merge_into(draw, targets);
    out.further.push_back(rows_of(draw, out.captured.samples));
  }
  return out;
}

}  // namespace penfield::study
