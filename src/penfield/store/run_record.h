// The result folder in memory: everything that `run.json`, `samples.tsv`, `units.tsv` and the heatmap files
// contain.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "penfield/findings/finding.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/store/control_record.h"
#include "penfield/text/document.h"

namespace penfield::store {

// A token that the model saw before every window; it is no sample.
struct BosRecord {
  std::uint32_t token_id = 0;
  std::string token;  // as shown on screen
};

// Tensors of one type of the file.
struct TensorTypeCount {
  std::string type;  // "F32", "Q4_K", …
  std::uint64_t n_tensors = 0;
  std::uint64_t n_values = 0;
};

struct ModelRecord {
  std::string name, path;
  std::string config_sha256;
  std::vector<std::pair<std::string, std::string>> weights_sha256;  // file name, hash
  std::uint32_t n_layer = 0, n_embd = 0, n_head = 0, n_inner = 0, n_positions = 0, vocab_size = 0;
  std::string family;                         // "gpt2", "llama", …
  bool gated = false;                         // whether the MLP is
  std::string weights_dtype;                  // "F32", "F16", "BF16", "Q4_K", … or "mixed"
  std::vector<TensorTypeCount> tensor_types;  // of the weights that are used, largest first
  bool quantised = false;                     // whether any of them is of blocks that share scales
  std::string activation_function;  // a name of numeric::activation_name: between mlp.pre and mlp.post
  std::optional<BosRecord> bos;     // none: windows begin with their text
};

// Tokens by the signs of the two products of a gated neuron: > 0, or not.
struct SignCounts {
  std::uint64_t both = 0, gate_only = 0, up_only = 0, neither = 0;

  [[nodiscard]] std::uint64_t& of(bool gate_positive, bool up_positive) {
    if (gate_positive) return up_positive ? both : gate_only;
    return up_positive ? up_only : neither;
  }
  [[nodiscard]] std::uint64_t of(bool gate_positive, bool up_positive) const {
    return SignCounts(*this).of(gate_positive, up_positive);
  }
  [[nodiscard]] std::uint64_t total() const { return both + gate_only + up_only + neither; }
};

struct GateQuadrants {
  UnitId unit;
  SignCounts n_target = {}, n_comparison = {};  // of the sampled tokens in the windows that have heatmaps
};

struct StageRecord {
  std::string name;  // "read", "tokenize", "forward", "fit", …
  double seconds = 0;
  double flop = 0;                                  // of the forward pass; 0 where they are not counted
  std::uint64_t bytes_read = 0, bytes_written = 0;  // text, weights, activations on disk
  std::uint64_t peak_rss_bytes = 0;                 // of the process so far, at the end of the stage
  std::uint64_t rss_bytes = 0;                      // of the process, at the end of the stage
};

struct TokenTypeCount {
  std::string token;  // as shown on screen
  std::uint32_t token_id = 0;
  std::uint64_t n_target = 0;
};

// A word of the targets, as it is spelt (labels/target_words.h).
struct TargetWordCount {
  std::string word;
  std::uint64_t n_target = 0;
};

// How labels were permuted; n_permutations 0: not permuted.
struct PermutationRecord {
  std::string within = "none";  // "none", "token-type", "document", "token-type+document"
  std::uint64_t n_permutations = 0;
  std::string max_t = "step-down";  // or "single-step"
  std::string statistic = "score";  // or "studentised-means", of items (permutation/exchange.h)
  // Blocks of the discovery samples with both labels, and with one; items of each label.
  std::uint64_t n_blocks_mixed = 0, n_blocks_pure = 0, n_target_items = 0, n_comparison_items = 0;
  double log10_arrangements = 0;
};

// The second test of "token-type+document", with documents as the observations (study/rows/by_document.h).
struct DocumentRecord {
  // "sign-flips"; of few documents "score" or "studentised-means"; "none": not made, or not possible.
  std::string statistic = "none";
  std::uint64_t n_discovery = 0, n_held_out = 0, n_unseen = 0;  // documents with samples
  std::uint64_t n_found_by_words = 0;                           // units that pass the first test
};

// Of --cluster: how many clusters the samples of a split have, all and in each group; 0 without.
struct ClusterCounts {
  std::uint64_t n = 0, n_with_target = 0, n_with_comparison = 0;
};

struct RunRecord {
  int schema_version = 2;
  std::string penfield_version;
  std::string concept_name, profile;
  std::vector<std::pair<std::string, std::string>> options;  // every option with its resolved value, as text
  std::uint64_t seed = 0;
  findings::Test test = findings::Test::kLrt;
  findings::Correction correction = findings::Correction::kBonferroni;
  findings::Family family = findings::Family::kLayer;
  double alpha = 0.05;
  std::vector<Site> sites;
  std::vector<std::uint32_t> layers;
  ModelRecord model;
  std::vector<text::TextFile> text_files;
  std::uint64_t n_tokens = 0, n_documents = 0, n_target_tokens = 0;
  std::uint64_t n_rows_read = 0, n_rows_left_out = 0, n_rows_skipped = 0, n_bytes_replaced = 0;
  sample::SplitCounts counts[2];
  ControlRecord controls;
  ClusterCounts clusters[2];
  std::uint64_t n_target_types = 0;               // distinct token ids among discovery targets
  std::vector<TokenTypeCount> top_target_types;   // most frequent first
  std::uint64_t n_target_words = 0;               // distinct words that discovery targets are or are parts of
  std::vector<TargetWordCount> top_target_words;  // most frequent first
  PermutationRecord permutation;
  DocumentRecord documents;
  std::vector<findings::FamilyThreshold> families;
  std::vector<findings::LayerSummary> layer_summaries;
  std::uint64_t n_significant = 0, n_replicated = 0;
  findings::Replication replication;
  findings::WordCounts n_discovery_words;     // word types of each group
  findings::WordReplication words;            // the significant units on unseen words
  std::vector<GateQuadrants> gate_quadrants;  // of the reported units at mlp.up and mlp.post of a gated MLP
  std::vector<std::string> warnings;          // sentences, also printed at the end of a scan
  std::vector<StageRecord> stages;
  int n_threads = 1;
  std::string precision = "f32";  // of the forward pass's products: "f32", "bf16"
  std::string product_kernel;     // the instructions of the products: numeric::product_kernel
};

// Whether another program recorded the activations (scan --activations): there is no model to run.
[[nodiscard]] inline bool is_recorded(const RunRecord& run) {
  return std::any_of(run.options.begin(), run.options.end(),
                     [](const auto& option) { return option.first == "activations"; });
}

// One sampled position, a row of samples.tsv.
struct SampleRow {
  std::uint64_t token_index = 0;  // in the whole text: the row of `label` and of `activations`
  sample::Split split = sample::Split::kDiscovery;
  std::uint32_t document = 0;
  std::uint32_t window = 0, position = 0;  // position in the window
  std::uint32_t token_id = 0;
  std::string token;  // the token's own bytes, as tokens::show_token shows them
  bool is_target = false;
};

// One token of a window that has heatmaps, a row of windows.tsv. If a UTF-8 character is split over several
// tokens, the first has the whole character and the others an empty text.
struct WindowToken {
  sample::Split split = sample::Split::kDiscovery;
  std::uint32_t document = 0;
  std::uint32_t window = 0, position = 0;
  std::uint32_t token_id = 0;
  std::string token;  // white space as · ↵ ⇥
  bool is_target = false;
  bool is_sampled = false;
};

// Activations of the reported units over all tokens of the windows in `tokens`.
struct Heatmaps {
  std::vector<UnitId> units;        // the reported units
  std::vector<WindowToken> tokens;  // [n_tokens], discovery first
  std::vector<float> values;        // [n_units, n_tokens], row-major
};

}  // namespace penfield::store
