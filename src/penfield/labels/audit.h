// How good a rule is: its targets in context and, where gold tags exist, its precision and recall. Data only;
// report/ and the program print it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/labels/label_track.h"
#include "penfield/text/document.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::labels {

// A share with its Wilson score interval (Wilson 1927), 95%. NaN, and [0, 1], where nothing was counted.
struct Share {
  double value = 0, lo = 0, hi = 1;
};
[[nodiscard]] Share share_of(std::uint64_t n_hits, std::uint64_t n_all);

struct TokenCount {
  std::string token;  // its bytes
  std::uint64_t n = 0;
};

// A token with its context, in whole characters: a token that begins or ends within a character is widened.
struct InContext {
  std::uint64_t token_index = 0;  // in the stream
  std::string left, token, right;
};

// Tokens that the gold track excludes (further pieces of gold words) are not
// counted.
struct GoldComparison {
  std::uint64_t n_rule = 0, n_gold = 0, n_both = 0;
  Share precision, recall;
  double f1 = 0;                                    // NaN if neither marks anything
  std::vector<TokenCount> false_positives, misses;  // most frequent first, then by bytes
};

struct Audit {
  std::uint64_t n_tokens = 0, n_target = 0;
  std::vector<InContext> examples;  // of targets, in the order of the text
  std::optional<GoldComparison> gold;
};

struct AuditOptions {
  std::size_t n_examples = 20;       // drawn at random without replacement
  std::size_t n_context_tokens = 8;  // on either side, within the document
  std::size_t n_frequent = 10;       // token types in each list
  std::uint64_t seed = 0;
};

// What the gold tags of proper nouns are: kXposNames, or kUposNames where no word of the text has an XPOS
// tag.
inline constexpr std::string_view kXposNames = "xpos:NNP,NNPS";
inline constexpr std::string_view kUposNames = "upos:PROPN";
[[nodiscard]] std::string_view gold_of_names(const text::Corpus& corpus);

// gold: for example gold_of_names by first pieces; may be null. Both tracks have one label a token of the
// stream. measured_precision.h has what this gives for the proper-noun rules.
[[nodiscard]] Audit audit(const LabelTrack& rule, const LabelTrack* gold, const text::Corpus& corpus,
                          const tokens::TokenStream& stream, const AuditOptions& options);

}  // namespace penfield::labels
