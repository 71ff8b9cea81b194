#include "penfield/labels/audit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <span>
#include <string_view>

#include "penfield/base/check.h"
#include "penfield/base/random.h"
#include "penfield/numeric/constants.h"
#include "penfield/spelling/characters.h"

namespace penfield::labels {
namespace {

using Counts = std::map<std::string_view, std::uint64_t>;

constexpr std::uint64_t kExamplePurpose = 0x6175646974000000;  // "audit"

std::vector<TokenCount> most_frequent(const Counts& counts, std::size_t n) {
  std::vector<TokenCount> out;
  out.reserve(counts.size());
  for (const auto& [token, count] : counts) out.push_back({.token = std::string(token), .n = count});
  std::stable_sort(out.begin(), out.end(),
                   [](const TokenCount& a, const TokenCount& b) { return a.n > b.n; });
  if (out.size() > n) out.resize(n);
  return out;
}

// The nearest start of a character at or before `at`, or at or after it.
std::size_t character_before(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && spelling::continues_a_character(text[at])) --at;
  return at;
}
std::size_t character_after(std::string_view text, std::size_t at) {
  while (at < text.size() && spelling::continues_a_character(text[at])) ++at;
  return at;
}

InContext in_context(const text::Corpus& corpus, const tokens::TokenStream& stream, std::size_t t,
                     std::size_t n_context_tokens) {
  const std::size_t d = stream.document_of(t);
  const std::string_view text = corpus.documents[d].text;
  const std::size_t before = std::min<std::size_t>(t - stream.document_first[d], n_context_tokens);
  const std::size_t after = std::min<std::size_t>(stream.document_first[d + 1] - 1 - t, n_context_tokens);
  const std::size_t begin = character_before(text, stream.begin_bytes[t]);
  const std::size_t end = character_after(text, stream.end_bytes[t]);
  const std::size_t left = std::min(begin, character_after(text, stream.begin_bytes[t - before]));
  const std::size_t right = std::max(end, character_before(text, stream.end_bytes[t + after]));
  return {.token_index = t,
          .left = std::string(text.substr(left, begin - left)),
          .token = std::string(text.substr(begin, end - begin)),
          .right = std::string(text.substr(end, right - end))};
}

std::vector<std::size_t> draw_targets(const LabelTrack& rule, const AuditOptions& options) {
  std::vector<std::size_t> targets;
  for (std::size_t t = 0; t < rule.labels.size(); ++t) {
    if (rule.labels[t] == Label::kTarget) targets.push_back(t);
  }
  Random::stream(options.seed, kExamplePurpose).shuffle(std::span(targets));
  if (targets.size() > options.n_examples) targets.resize(options.n_examples);
  std::sort(targets.begin(), targets.end());
  return targets;
}

GoldComparison compare(const LabelTrack& rule, const LabelTrack& gold, const text::Corpus& corpus,
                       const tokens::TokenStream& stream, std::size_t n_frequent) {
  GoldComparison out;
  Counts false_positives;
  Counts misses;
  for (std::size_t d = 0; d < stream.n_documents(); ++d) {
    for (std::size_t t = stream.document_first[d]; t < stream.document_first[d + 1]; ++t) {
      if (gold.labels[t] == Label::kExcluded) continue;
      const bool by_rule = rule.labels[t] == Label::kTarget;
      const bool by_gold = gold.labels[t] == Label::kTarget;
      out.n_rule += by_rule;
      out.n_gold += by_gold;
      out.n_both += by_rule && by_gold;
      if (by_rule == by_gold) continue;
      ++(by_rule ? false_positives : misses)[tokens::token_bytes(stream, corpus.documents[d], t)];
    }
  }
  out.precision = share_of(out.n_both, out.n_rule);
  out.recall = share_of(out.n_both, out.n_gold);
  out.f1 = share_of(2 * out.n_both, out.n_rule + out.n_gold).value;
  out.false_positives = most_frequent(false_positives, n_frequent);
  out.misses = most_frequent(misses, n_frequent);
  return out;
}

}  // namespace

Share share_of(std::uint64_t n_hits, std::uint64_t n_all) {
  PENFIELD_CHECK(n_hits <= n_all);
  if (n_all == 0) return {.value = std::numeric_limits<double>::quiet_NaN(), .lo = 0, .hi = 1};
  const auto n = static_cast<double>(n_all);
  const double share = static_cast<double>(n_hits) / n;
  const double centre = (share + numeric::kNormal975 * numeric::kNormal975 / (2 * n)) /
                        (1 + numeric::kNormal975 * numeric::kNormal975 / n);
  const double half =
      numeric::kNormal975 / (1 + numeric::kNormal975 * numeric::kNormal975 / n) *
      std::sqrt(share * (1 - share) / n + numeric::kNormal975 * numeric::kNormal975 / (4 * n * n));
  // At the ends the interval touches 0 or 1 exactly; rounding must not say otherwise.
  return {.value = share,
          .lo = n_hits == 0 ? 0 : std::max(0.0, centre - half),
          .hi = n_hits == n_all ? 1 : std::min(1.0, centre + half)};
}

std::string_view gold_of_names(const text::Corpus& corpus) {
  for (const text::Document& document : corpus.documents) {
    for (const text::GoldWord& word : document.gold_words) {
      if (!word.xpos.empty()) return kXposNames;
    }
  }
  return kUposNames;
}

Audit audit(const LabelTrack& rule, const LabelTrack* gold, const text::Corpus& corpus,
            const tokens::TokenStream& stream, const AuditOptions& options) {
  PENFIELD_CHECK(rule.labels.size() == stream.n_tokens());
  PENFIELD_CHECK(gold == nullptr || gold->labels.size() == stream.n_tokens());
  Audit out;
  out.n_tokens = stream.n_tokens();
  out.n_target = rule.n_target;
  for (const std::size_t t : draw_targets(rule, options)) {
    out.examples.push_back(in_context(corpus, stream, t, options.n_context_tokens));
  }
  if (gold != nullptr) out.gold = compare(rule, *gold, corpus, stream, options.n_frequent);
  return out;
}

}  // namespace penfield::labels
