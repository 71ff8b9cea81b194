#include "penfield/sample/plan_samples.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "penfield/base/check.h"
#include "penfield/base/random.h"
#include "penfield/sample/balance.h"
#include "penfield/sample/candidates.h"
#include "penfield/sample/draw_groups.h"
#include "penfield/sample/match_cells.h"

namespace penfield::sample {
namespace {

using labels::Label;
using tokens::TokenStream;

// What random numbers are drawn for; a purpose's stream depends on the seed and on nothing else.
enum class Purpose : std::uint64_t {
  kDocumentOrder = 0x73616d706c650000,  // "sample": apart from the purposes of other rooms
  kDiscoveryTargets,
  kHeldOutTargets,
  kDiscoveryComparison,
  kHeldOutComparison,
  kFurtherDraws = 0x6472617700000000,  // "draw", and the number of the draw
};

Random random_for(Purpose purpose, std::uint64_t seed) {
  return Random::stream(seed, static_cast<std::uint64_t>(purpose));
}

// Fewer samples of a group leave a regression nothing to say.
constexpr std::size_t kFewestOfAGroup = 2;
constexpr std::array kSplits = {Split::kDiscovery, Split::kHeldOut};

std::string_view split_name(Split split) {
  return split == Split::kDiscovery ? "discovery" : "held-out";
}
std::string_view split_flag(Split split) {
  return split == Split::kDiscovery ? "--discovery" : "--held-out";
}

// The share of the text that each split wants, in windows or, with a budget, in halves of it.
std::uint64_t n_wanted(const SampleOptions& options, Split split) {
  return split == Split::kDiscovery ? options.n_discovery : options.n_held_out;
}

// What a split may still take: a number of windows, or of tokens.
class Quota {
 public:
  Quota(const SampleOptions& options, Split split)
      : by_tokens_(options.budget.has_value()), left_(n_wanted(options, split)) {
    const std::uint64_t n_splits = options.n_held_out > 0 ? 2 : 1;
    if (by_tokens_ && left_ > 0) left_ = std::max<std::uint64_t>(1, *options.budget / n_splits);
  }
  [[nodiscard]] bool is_used_up() const { return left_ == 0; }
  void use(const Window& window) {
    left_ -= std::min<std::uint64_t>(left_, by_tokens_ ? window.n_tokens : 1);
  }

 private:
  bool by_tokens_;
  std::uint64_t left_;
};

Result<void> check_options(const SampleOptions& options) {
  if (options.window_length == 0) return usage_error("--window 0: a window holds at least 1 token");
  if (options.budget == 0) return usage_error("--budget 0: at least 1 token is needed to fit anything");
  if (options.n_discovery == 0)
    return usage_error("--discovery 0: at least 1 window is needed to fit anything");
  if (options.per_group == 0) return usage_error("--per-group 0: leave the flag out to take all targets");
  if (options.cap_per_type == 0)
    return usage_error("--cap-per-type 0: leave the flag out to take all of a token type");
  if (options.n_draws == 0) return usage_error("--draws 0: the comparison group is drawn at least once");
  if (options.skip_first >= options.window_length) {
    return usage_error("--skip-first {} leaves nothing of a window of {} tokens (--window)",
                       options.skip_first, options.window_length);
  }
  return {};
}

std::uint64_t document_length(const TokenStream& stream, std::uint32_t document) {
  return stream.document_first[document + 1] - stream.document_first[document];
}

std::uint64_t n_windows_in(std::uint64_t n_tokens, std::uint32_t window_length) {
  return n_tokens / window_length + (n_tokens % window_length != 0);
}

// Documents that have tokens, in random order.
std::vector<std::uint32_t> shuffled_documents(const TokenStream& stream, std::uint64_t seed) {
  std::vector<std::uint32_t> documents;
  for (std::uint32_t d = 0; d < stream.n_documents(); ++d) {
    if (document_length(stream, d) > 0) documents.push_back(d);
  }
  random_for(Purpose::kDocumentOrder, seed).shuffle(std::span(documents));
  return documents;
}

// Deals whole documents to the splits: each goes to the split that has the smaller share of what it wants.
// All documents are dealt, so that a split can take its windows from as many as possible.
std::array<std::vector<std::uint32_t>, 2> deal_documents(const TokenStream& stream,
                                                         const SampleOptions& options,
                                                         std::span<const std::uint32_t> documents) {
  std::array<std::vector<std::uint32_t>, 2> dealt;
  std::array<double, 2> n_dealt{};  // windows, or tokens with a budget
  const auto share = [&](std::size_t s) {
    return n_dealt[s] / static_cast<double>(n_wanted(options, kSplits[s]));
  };
  for (const std::uint32_t document : documents) {
    const std::size_t to = options.n_held_out > 0 && share(1) < share(0) ? 1 : 0;
    dealt[to].push_back(document);
    const std::uint64_t length = document_length(stream, document);
    n_dealt[to] += static_cast<double>(options.budget ? length : n_windows_in(length, options.window_length));
  }
  return dealt;
}

// Window k = 0, 1, … of a run of tokens [first, last).
Window window_at(Split split, std::uint32_t document, std::uint64_t first, std::uint64_t last,
                 std::uint64_t k, std::uint32_t window_length) {
  const std::uint64_t begin = first + k * window_length;
  const std::uint64_t n_tokens = std::min<std::uint64_t>(window_length, last - begin);
  return {.split = split,
          .document = document,
          .first_token = begin,
          .n_tokens = static_cast<std::uint32_t>(n_tokens)};
}

// The first windows of all documents, then the second ones, …, until the quota is used up; in the order of
// the stream.
std::vector<Window> take_in_turns(const TokenStream& stream, Split split,
                                  std::vector<std::uint32_t> documents, const SampleOptions& options) {
  std::vector<Window> windows;
  Quota quota(options, split);
  for (std::uint64_t k = 0; !documents.empty() && !quota.is_used_up(); ++k) {
    for (const std::uint32_t d : documents) {
      if (quota.is_used_up()) break;
      windows.push_back(window_at(split, d, stream.document_first[d], stream.document_first[d + 1], k,
                                  options.window_length));
      quota.use(windows.back());
    }
    std::erase_if(documents, [&](std::uint32_t d) {
      return n_windows_in(document_length(stream, d), options.window_length) <= k + 1;
    });
  }
  std::sort(windows.begin(), windows.end(),
            [](const Window& a, const Window& b) { return a.first_token < b.first_token; });
  return windows;
}

Result<std::vector<Window>> document_windows(const TokenStream& stream, const SampleOptions& options) {
  const std::vector<std::uint32_t> documents = shuffled_documents(stream, options.seed);
  if (documents.size() == 1 && options.n_held_out > 0) {
    return bad_input(
        "the text is one document, and discovery and held-out text share none: give a second document, or "
        "--held-out "
        "0 for no held-out test");
  }
  const auto dealt = deal_documents(stream, options, documents);
  std::vector<Window> windows = take_in_turns(stream, Split::kDiscovery, dealt[0], options);
  const std::vector<Window> held_out = take_in_turns(stream, Split::kHeldOut, dealt[1], options);
  windows.insert(windows.end(), held_out.begin(), held_out.end());
  return windows;
}

Result<std::vector<Window>> joined_windows(const TokenStream& stream, const SampleOptions& options) {
  const std::uint64_t n_windows = n_windows_in(stream.n_tokens(), options.window_length);
  if (n_windows <= options.n_discovery && options.n_held_out > 0) {
    return bad_input(
        "the text has {} window(s) of {} tokens, and discovery takes the first {}: nothing is left for the "
        "held-out "
        "test; give more text, a smaller --window or --discovery, or --held-out 0",
        n_windows, options.window_length, options.n_discovery);
  }
  const std::uint64_t n_discovery = std::min(n_windows, options.n_discovery);
  const std::uint64_t n_all = n_discovery + std::min(n_windows - n_discovery, options.n_held_out);
  std::vector<Window> windows;
  for (std::uint64_t k = 0; k < n_all; ++k) {
    const Split split = k < n_discovery ? Split::kDiscovery : Split::kHeldOut;
    const std::uint32_t document = stream.document_of(k * options.window_length);
    windows.push_back(window_at(split, document, 0, stream.n_tokens(), k, options.window_length));
  }
  return windows;
}

std::uint64_t n_documents_of(const TokenStream& stream, std::span<const Window> windows) {
  std::uint64_t n_documents = 0;
  std::uint64_t next_new = 0;  // documents before this one are counted
  for (const Window& window : windows) {
    const std::uint64_t last = stream.document_of(window.first_token + window.n_tokens - 1);
    for (std::uint64_t d = std::max<std::uint64_t>(next_new, window.document); d <= last; ++d) {
      n_documents += document_length(stream, static_cast<std::uint32_t>(d)) > 0;
    }
    next_new = std::max(next_new, last + 1);
  }
  return n_documents;
}

// "concept proper-noun" or "concept proper-noun against upos:NOUN".
std::string asked_words(const labels::LabelTrack& track) {
  return track.comparison_name.empty()
             ? fmt::format("concept {}", track.concept_name)
             : fmt::format("concept {} against {}", track.concept_name, track.comparison_name);
}

Result<void> check_candidates(const labels::LabelTrack& track, Split split, const Candidates& found,
                              const SplitCounts& counts) {
  const std::size_t n_target = found.targets.size();
  const std::size_t n_other = found.others.size();
  if (n_target == 0 || n_other == 0) {
    return bad_input(
        "{}: the {} text has no {} token{} among the {} tokens of its {} window(s) ({} target, {} other); "
        "give "
        "more text, more windows ({}) or another concept",
        asked_words(track), split_name(split), n_target == 0 ? "target" : "comparison",
        n_target == 0 || track.comparison_name.empty() ? "" : fmt::format(" ({})", track.comparison_name),
        counts.n_tokens, counts.n_windows, n_target, n_other, split_flag(split));
  }
  if (n_target < kFewestOfAGroup || n_other < kFewestOfAGroup) {
    return bad_input(
        "{}: the {} text has {} target and {} other token(s) in its {} window(s), and a comparison needs at "
        "least {} of each; give more text, more windows ({}) or another concept",
        asked_words(track), split_name(split), n_target, n_other, counts.n_windows, kFewestOfAGroup,
        split_flag(split));
  }
  return {};
}

// The streams of random numbers of a split's comparison group, one a draw. Held-out text has one draw.
std::vector<Random> comparison_streams(const SampleOptions& options, Split split) {
  const bool discovery = split == Split::kDiscovery;
  std::vector<Random> streams = {
      random_for(discovery ? Purpose::kDiscoveryComparison : Purpose::kHeldOutComparison, options.seed)};
  for (std::uint64_t k = 1; discovery && k < options.n_draws; ++k) {
    streams.push_back(Random::stream(options.seed, static_cast<std::uint64_t>(Purpose::kFurtherDraws) + k));
  }
  return streams;
}

// Draws the two groups of one split from its windows and appends them to the plan in the order of the text.
Result<void> draw_split(const TokenStream& stream, const labels::LabelTrack& track,
                        const SampleOptions& options, const TokenTraits* traits, Split split,
                        SamplePlan& plan) {
  const Candidates candidates = candidates_of(track.labels, options.skip_first, split, plan.windows);
  SplitCounts& counts = plan.counts[static_cast<std::size_t>(split)];
  counts.n_target_available = candidates.targets.size();
  const bool is_restricted = !options.match.empty() || options.cap_per_type;
  counts.n_comparison_available = is_restricted ? 0 : candidates.others.size();
  PENFIELD_TRY_VOID(check_candidates(track, split, candidates, counts));

  constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
  const MatchCells cells(traits, options.match, plan.windows, candidates.targets);
  const GroupDraw groups(
      stream, plan.windows, cells,
      {.per_group = options.per_group.value_or(kAll), .cap_per_type = options.cap_per_type.value_or(kAll)});
  std::vector<Random> comparison = comparison_streams(options, split);
  const bool discovery = split == Split::kDiscovery;
  DrawnGroups drawn = groups.draw(
      candidates, random_for(discovery ? Purpose::kDiscoveryTargets : Purpose::kHeldOutTargets, options.seed),
      comparison);
  counts.n_target = counts.n_comparison = drawn.targets.size();
  counts.n_target_capped = drawn.n_target_capped;
  counts.n_target_unmatched = drawn.n_target_unmatched;
  if (is_restricted && drawn.targets.size() < kFewestOfAGroup) {
    return bad_input(
        "{}: {} of the {} {} target(s) found a comparison token under --match and --cap-per-type, and a "
        "comparison needs at least {}; match fewer traits, raise the cap, or give more text or windows ({})",
        asked_words(track), drawn.targets.size(), candidates.targets.size(), split_name(split),
        kFewestOfAGroup, split_flag(split));
  }
  if (traits != nullptr) {
    plan.balance[static_cast<std::size_t>(split)] =
        measure_balance(*traits, plan.windows, candidates, drawn.targets, drawn.comparison[0]);
  }
  std::vector<Sample> samples = std::move(drawn.targets);
  samples.insert(samples.end(), drawn.comparison[0].begin(), drawn.comparison[0].end());
  in_text_order(samples);
  plan.samples.insert(plan.samples.end(), samples.begin(), samples.end());
  for (std::size_t k = 1; k < drawn.comparison.size(); ++k) {
    in_text_order(drawn.comparison[k]);
    plan.further_draws.push_back(std::move(drawn.comparison[k]));
  }
  return {};
}

}  // namespace

Result<SamplePlan> plan_samples(const TokenStream& stream, const labels::LabelTrack& track,
                                const SampleOptions& options, const TokenTraits* traits) {
  PENFIELD_CHECK(track.labels.size() == stream.n_tokens());
  PENFIELD_TRY_VOID(check_options(options));
  if (stream.n_tokens() == 0) return bad_input("the text has no tokens: give a text with words in it");

  SamplePlan plan;
  plan.window_length = options.window_length;
  PENFIELD_TRY(plan.windows, options.layout == Layout::kDocuments ? document_windows(stream, options)
                                                                  : joined_windows(stream, options));
  PENFIELD_CHECK(plan.windows.size() <= std::numeric_limits<std::uint32_t>::max());
  const auto first_held_out =
      std::find_if(plan.windows.begin(), plan.windows.end(),
                   [](const Window& window) { return window.split == Split::kHeldOut; });
  const auto n_discovery = static_cast<std::size_t>(first_held_out - plan.windows.begin());
  for (const Split split : kSplits) {
    const std::span<const Window> all = plan.windows;
    const auto windows = split == Split::kDiscovery ? all.first(n_discovery) : all.subspan(n_discovery);
    SplitCounts& counts = plan.counts[static_cast<std::size_t>(split)];
    counts.n_windows = windows.size();
    counts.n_windows_wanted =
        options.budget && n_wanted(options, split) > 0 ? windows.size() : n_wanted(options, split);
    counts.n_documents = n_documents_of(stream, windows);
    for (const Window& window : windows) counts.n_tokens += window.n_tokens;
    if (counts.n_windows_wanted > 0)
      PENFIELD_TRY_VOID(draw_split(stream, track, options, traits, split, plan));
    if (split == Split::kDiscovery) plan.n_discovery_samples = plan.samples.size();
  }
  return plan;
}

}  // namespace penfield::sample
