#include "penfield/study/text_records.h"

#include <algorithm>
#include <map>

#include "penfield/tokens/show_token.h"

namespace penfield::study {
namespace {

// The document that holds token t of the stream.
std::string shown(const LabelledText& labelled, std::uint64_t t) {
  const text::Document& document = labelled.corpus.documents[labelled.stream.document_of(t)];
  return tokens::show_token(tokens::token_bytes(labelled.stream, document, t));
}

}  // namespace

std::vector<store::SampleRow> sample_rows(const LabelledText& labelled, const sample::SamplePlan& plan) {
  std::vector<store::SampleRow> rows;
  rows.reserve(plan.samples.size());
  for (const sample::Sample& sample : plan.samples) {
    const sample::Window& window = plan.windows[sample.window];
    const std::uint64_t t = window.first_token + sample.position;
    rows.push_back({.token_index = t,
                    .split = window.split,
                    .document = labelled.stream.document_of(t),
                    .window = sample.window,
                    .position = sample.position,
                    .token_id = static_cast<std::uint32_t>(labelled.stream.ids[t]),
                    .token = shown(labelled, t),
                    .is_target = sample.is_target});
  }
  return rows;
}

std::vector<std::uint32_t> heatmap_windows(const sample::SamplePlan& plan, std::uint64_t max_tokens) {
  std::vector<std::uint32_t> windows;
  std::uint64_t n_tokens[2] = {0, 0};
  bool full[2] = {false, false};
  for (std::uint32_t w = 0; w < plan.windows.size(); ++w) {
    const auto split = static_cast<std::size_t>(plan.windows[w].split);
    const std::uint64_t with_this = n_tokens[split] + plan.windows[w].n_tokens;
    full[split] = full[split] || (n_tokens[split] > 0 && with_this > max_tokens);
    if (full[split]) continue;
    n_tokens[split] = with_this;
    windows.push_back(w);
  }
  return windows;
}

std::vector<store::WindowToken> window_tokens(const LabelledText& labelled, const sample::SamplePlan& plan,
                                              std::span<const std::uint32_t> windows) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, bool> sampled;
  for (const sample::Sample& sample : plan.samples) sampled[{sample.window, sample.position}] = true;
  std::vector<store::WindowToken> rows;
  for (const std::uint32_t w : windows) {
    const sample::Window& window = plan.windows[w];
    std::uint32_t position = 0;
    while (position <
           window.n_tokens) {  // one document at a time: a window of a joined stream may hold several
      const std::uint64_t first = window.first_token + position;
      const std::uint32_t document = labelled.stream.document_of(first);
      const std::uint64_t n = std::min<std::uint64_t>(labelled.stream.document_first[document + 1] - first,
                                                      window.n_tokens - position);
      const std::vector<std::string> texts =
          tokens::show_tokens(labelled.stream, labelled.corpus.documents[document], first, n);
      for (std::uint64_t i = 0; i < n; ++i, ++position) {
        rows.push_back({.split = window.split,
                        .document = document,
                        .window = w,
                        .position = position,
                        .token_id = static_cast<std::uint32_t>(labelled.stream.ids[first + i]),
                        .token = texts[i],
                        .is_target = labelled.track.labels[first + i] == labels::Label::kTarget,
                        .is_sampled = sampled.contains({w, position})});
      }
    }
  }
  return rows;
}

TargetTypes count_target_types(const LabelledText& labelled, const sample::SamplePlan& plan,
                               std::size_t n_top) {
  std::map<std::uint32_t, store::TokenTypeCount> types;
  for (std::size_t i = 0; i < plan.n_discovery_samples; ++i) {
    const sample::Sample& sample = plan.samples[i];
    if (!sample.is_target) continue;
    const std::uint64_t t = plan.windows[sample.window].first_token + sample.position;
    store::TokenTypeCount& type = types[static_cast<std::uint32_t>(labelled.stream.ids[t])];
    if (type.n_target++ == 0) {
      type.token = shown(labelled, t);
      type.token_id = static_cast<std::uint32_t>(labelled.stream.ids[t]);
    }
  }
  TargetTypes out;
  out.n_types = types.size();
  for (auto& [id, type] : types) out.top.push_back(std::move(type));
  std::stable_sort(out.top.begin(), out.top.end(),
                   [](const auto& a, const auto& b) { return a.n_target > b.n_target; });
  if (out.top.size() > n_top) out.top.resize(n_top);
  return out;
}

}  // namespace penfield::study
