#include "penfield/sample/ladder.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "penfield/base/random.h"
#include "penfield/sample/candidates.h"

namespace penfield::sample {
namespace {

constexpr std::uint64_t kLadderPurpose = 0x6c61646465720000;  // "ladder", and the number of the rung
constexpr std::size_t kMostNearMisses = 2;                    // for each target

// At most n of them, at random, in the order of the text.
std::vector<Sample> draw(std::vector<Sample> from, std::size_t n, std::uint64_t rung, std::uint64_t seed) {
  Random random = Random::stream(seed, kLadderPurpose + rung);
  random.shuffle(std::span(from));
  if (from.size() > n) from.resize(n);
  in_text_order(from);
  return from;
}

std::vector<Sample> with(std::vector<Sample> targets, const std::vector<Sample>& others) {
  targets.insert(targets.end(), others.begin(), others.end());
  in_text_order(targets);
  return targets;
}

std::vector<Sample> labelled(std::vector<Sample> samples, bool is_target) {
  for (Sample& sample : samples) sample.is_target = is_target;
  return samples;
}

}  // namespace

LadderSamples draw_ladder(const labels::LabelTrack& asked, const NearMissTrack* near_miss,
                          const SamplePlan& plan, const SampleOptions& options, const TokenTraits& traits) {
  LadderSamples out;
  std::vector<Sample> targets;
  std::copy_if(plan.samples.begin() + static_cast<std::ptrdiff_t>(plan.n_discovery_samples),
               plan.samples.end(), std::back_inserter(targets),
               [](const Sample& sample) { return sample.is_target; });
  if (targets.empty()) return out;
  const auto token_of = [&](const Sample& sample) {
    return plan.windows[sample.window].first_token + sample.position;
  };
  out.is_matched = !options.match.empty();
  const std::vector<Sample> others =
      draw(candidates_of(asked.labels, options.skip_first, Split::kHeldOut, plan.windows).others,
           targets.size(), 0, options.seed);
  if (others.empty()) return out;
  out.all = with(targets, others);
  if (near_miss == nullptr) return out;

  const auto is_near_miss = [&](const Sample& sample) {
    return near_miss->track.labels[token_of(sample)] == labels::Label::kTarget;
  };
  std::vector<Sample> near =
      candidates_of(near_miss->track.labels, options.skip_first, Split::kHeldOut, plan.windows).targets;
  std::erase_if(near, [&](const Sample& s) { return asked.labels[token_of(s)] != labels::Label::kOther; });
  near = draw(std::move(near), kMostNearMisses * targets.size(), 1, options.seed);
  std::vector<Sample> rest = others;
  std::erase_if(rest, is_near_miss);
  if (near.empty() || rest.empty()) return out;
  out.near_miss = with(targets, labelled(near, false));
  out.carrier = with(labelled(near, true), rest);
  if (near_miss->strata) {
    for (const Sample& sample : out.near_miss) {
      const double value = traits.value(*near_miss->strata, plan.windows[sample.window], sample.position);
      out.strata.push_back(static_cast<std::uint32_t>(value));
    }
  }
  return out;
}

}  // namespace penfield::sample
