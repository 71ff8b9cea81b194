#include "penfield/labels/control_list.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "penfield/base/check.h"

namespace penfield::labels {
namespace {

struct Type {
  std::uint64_t n_uses = 0, n_targets = 0;
};

// Unused types by their number of uses.
using Buckets = std::map<std::uint64_t, std::vector<std::size_t>>;

// A word whose number of uses few others have would else stand for itself.
constexpr std::size_t kLeastChoice = 10;

// The buckets nearest k, until they hold kLeastChoice types, or all.
std::vector<Buckets::iterator> nearest(Buckets& buckets, std::uint64_t k) {
  std::vector<Buckets::iterator> out;
  std::size_t n_types = 0;
  auto above = buckets.lower_bound(k), below = above;
  while (n_types < kLeastChoice && (above != buckets.end() || below != buckets.begin())) {
    const bool has_below = below != buckets.begin(), has_above = above != buckets.end();
    const bool take_below = has_below && (!has_above || k - std::prev(below)->first < above->first - k);
    out.push_back(take_below ? --below : above++);
    n_types += out.back()->second.size();
  }
  return out;
}

// Takes a random type out of those buckets.
std::size_t take(std::span<const Buckets::iterator> from, Buckets& buckets, Random& random) {
  std::size_t n_types = 0;
  for (const auto& bucket : from) n_types += bucket->second.size();
  std::size_t at = random.below(n_types);
  for (const auto& bucket : from) {
    std::vector<std::size_t>& ids = bucket->second;
    if (at >= ids.size()) {
      at -= ids.size();
      continue;
    }
    std::swap(ids[at], ids.back());
    const std::size_t id = ids.back();
    ids.pop_back();
    if (ids.empty()) buckets.erase(bucket);
    return id;
  }
  PENFIELD_CHECK(false);
}

}  // namespace

LabelTrack control_list(const tokens::TokenStream& stream, const LabelTrack& asked, Random& random) {
  PENFIELD_CHECK(asked.labels.size() == stream.ids.size());
  std::vector<Type> types;
  for (std::size_t t = 0; t < stream.ids.size(); ++t) {
    const auto id = static_cast<std::size_t>(stream.ids[t]);
    if (id >= types.size()) types.resize(id + 1);
    if (asked.labels[t] == Label::kExcluded) continue;
    ++types[id].n_uses;
    types[id].n_targets += asked.labels[t] == Label::kTarget ? 1 : 0;
  }
  Buckets buckets;
  std::vector<std::uint64_t> wanted;
  for (std::size_t id = 0; id < types.size(); ++id) {
    if (types[id].n_uses > 0) buckets[types[id].n_uses].push_back(id);
    if (types[id].n_targets > 0) wanted.push_back(types[id].n_targets);
  }
  // The most frequent first: they have the fewest like them.
  std::sort(wanted.begin(), wanted.end(), std::greater<>());
  std::vector<bool> is_listed(types.size(), false);
  for (const std::uint64_t k : wanted) {
    is_listed[take(nearest(buckets, k), buckets, random)] = true;
  }
  LabelTrack out{.concept_name = "control list", .labels = {}};
  out.labels.reserve(stream.ids.size());
  for (std::size_t t = 0; t < stream.ids.size(); ++t) {
    const bool is_excluded = asked.labels[t] == Label::kExcluded;
    const bool is_target = !is_excluded && is_listed[static_cast<std::size_t>(stream.ids[t])];
    out.labels.push_back(is_excluded ? Label::kExcluded : is_target ? Label::kTarget : Label::kOther);
    out.n_target += is_target ? 1 : 0;
  }
  return out;
}

}  // namespace penfield::labels
