#include "penfield/study/rows/sample_union.h"

#include <algorithm>
#include <cstddef>

#include "penfield/base/check.h"

namespace penfield::study {
namespace {

using sample::Sample;

bool before(const Sample& a, const Sample& b) {
  return a.window != b.window ? a.window < b.window : a.position < b.position;
}

bool is_same(const Sample& a, const Sample& b) {
  return a.window == b.window && a.position == b.position;
}

}  // namespace

SampleUnion::SampleUnion(const tokens::TokenStream& stream, const sample::SamplePlan& plan,
                         std::span<const std::uint32_t> word_strata)
    : stream_(stream), plan_(plan), word_strata_(word_strata), all_(plan.samples) {}

void SampleUnion::add(std::span<const Sample> samples) {
  const auto n_before = static_cast<std::ptrdiff_t>(all_.size());
  all_.insert(all_.end(), samples.begin(), samples.end());
  std::inplace_merge(all_.begin(), all_.begin() + n_before, all_.end(), before);
  all_.erase(std::unique(all_.begin(), all_.end(), is_same), all_.end());
}

RowSet SampleUnion::rows_of(std::span<const Sample> some) const {
  RowSet out;
  auto at = all_.begin();
  for (const Sample& sample : some) {
    at = std::lower_bound(at, all_.end(), sample, before);
    PENFIELD_CHECK(at != all_.end() && is_same(*at, sample));
    out.rows.push_back(static_cast<std::uint32_t>(at - all_.begin()));
    out.labels.push_back(sample.is_target ? 1 : 0);
    const std::uint64_t t = plan_.windows[sample.window].first_token + sample.position;
    const auto word = static_cast<std::uint32_t>(stream_.ids[t]);
    out.words.push_back(word);
    out.documents.push_back(stream_.document_of(t));
    if (!word_strata_.empty()) out.word_strata.push_back(word_strata_[word]);
  }
  return out;
}

SplitRows SampleUnion::rows_of(const sample::SamplePlan& plan) const {
  const std::span<const Sample> samples = plan.samples;
  return {.discovery = rows_of(samples.first(plan.n_discovery_samples)),
          .held_out = rows_of(samples.subspan(plan.n_discovery_samples))};
}

sample::SamplePlan SampleUnion::captured() const {
  sample::SamplePlan out = plan_;
  out.samples = all_;
  const auto first_held_out = std::find_if(all_.begin(), all_.end(), [&](const Sample& sample) {
    return plan_.windows[sample.window].split == sample::Split::kHeldOut;
  });
  out.n_discovery_samples = static_cast<std::uint64_t>(first_held_out - all_.begin());
  return out;
}

}  // namespace penfield::study
