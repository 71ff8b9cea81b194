#include "penfield/study/rows/draw_rows.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "penfield/study/rows/held_out_plan.h"
#include "penfield/study/rows/sample_union.h"

namespace penfield::study {
namespace {

using sample::Sample;

double held_out_prevalence(const sample::SamplePlan& plan) {
  return plan.counts[static_cast<std::size_t>(sample::Split::kHeldOut)].prevalence();
}

SplitRows tested_rows(const SampleUnion& all, const sample::SamplePlan& plan) {
  SplitRows out = all.rows_of(plan);
  out.test = held_out_test(out.discovery, out.held_out, held_out_prevalence(plan));
  return out;
}

// A further comparison group with the targets of the discovery text, in the order of the text.
std::vector<Sample> with_targets(std::vector<Sample> draw, const sample::SamplePlan& plan) {
  const auto middle = static_cast<std::ptrdiff_t>(draw.size());
  std::copy_if(plan.samples.begin(),
               plan.samples.begin() + static_cast<std::ptrdiff_t>(plan.n_discovery_samples),
               std::back_inserter(draw), [](const Sample& sample) { return sample.is_target; });
  std::inplace_merge(draw.begin(), draw.begin() + middle, draw.end(), [](const Sample& a, const Sample& b) {
    return a.window != b.window ? a.window < b.window : a.position < b.position;
  });
  return draw;
}

}  // namespace

DrawRows unite_draws(const tokens::TokenStream& stream, const sample::SamplePlan& plan,
                     const sample::LadderSamples& ladder, std::span<const sample::SamplePlan> lists,
                     std::span<const std::uint32_t> word_strata) {
  SampleUnion all(stream, plan, word_strata);
  for (const std::vector<Sample>& draw : plan.further_draws) all.add(draw);
  for (const std::vector<Sample>* rung : {&ladder.all, &ladder.near_miss, &ladder.carrier}) all.add(*rung);
  for (const sample::SamplePlan& list : lists) all.add(list.samples);

  DrawRows out;
  out.captured = all.captured();
  out.first = tested_rows(all, plan);
  if (!ladder.all.empty()) {
    out.first.ladder = {.all = all.rows_of(ladder.all),
                        .near_miss = all.rows_of(ladder.near_miss),
                        .carrier = all.rows_of(ladder.carrier),
                        .strata = ladder.strata,
                        .is_matched = ladder.is_matched};
  }
  for (const std::vector<Sample>& draw : plan.further_draws)
    out.further.push_back(all.rows_of(with_targets(draw, plan)));
  for (const sample::SamplePlan& list : lists) {
    SplitRows rows = tested_rows(all, list);
    if (rows.test) rows.test->is_whole = false;
    out.lists.push_back(std::move(rows));
  }
  return out;
}

}  // namespace penfield::study
