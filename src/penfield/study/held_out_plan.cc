#include "penfield/study/held_out_plan.h"

#include <cstddef>
#include <unordered_set>

#include "penfield/association/fit.h"

namespace penfield::study {
namespace {

std::uint32_t type_of(const tokens::TokenStream& stream, const sample::SamplePlan& plan,
                      const sample::Sample& sample) {
  return static_cast<std::uint32_t>(stream.ids[plan.windows[sample.window].first_token + sample.position]);
}

}  // namespace

std::optional<HeldOutTest> held_out_test(const tokens::TokenStream& stream, const sample::SamplePlan& plan,
                                         const RowSet& held_out) {
  if (held_out.size() == 0) return std::nullopt;
  std::unordered_set<std::uint32_t> seen;
  for (std::size_t i = 0; i < plan.n_discovery_samples; ++i) {
    if (plan.samples[i].is_target) seen.insert(type_of(stream, plan, plan.samples[i]));
  }
  HeldOutTest test{.unseen_labels = held_out.labels,
                   .prevalence = plan.counts[static_cast<std::size_t>(sample::Split::kHeldOut)].prevalence()};
  for (std::size_t i = 0; i < held_out.size(); ++i) {
    if (seen.contains(type_of(stream, plan, plan.samples[held_out.rows[i]])))
      test.unseen_labels[i] = association::kLeftOut;
  }
  return test;
}

}  // namespace penfield::study
