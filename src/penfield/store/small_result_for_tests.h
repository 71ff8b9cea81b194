// A small result with every field set and every unusual value. For tests only.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/store/run_record.h"
#include "penfield/store/unit_columns.h"

namespace penfield::store {

struct SmallResult {
  RunRecord run;
  std::vector<SampleRow> samples;
  std::vector<findings::Finding> units;
  Heatmaps heatmaps;
};

// Fills every column of a unit with a suitable value, and leaves some without a value.
inline findings::Finding make_unit(UnitId id, Random& random) {
  struct Fill {
    Random& random;
    void operator()(UnitId&) const {}
    void operator()(Site&) const {}
    void operator()(std::uint32_t&) const {}
    void operator()(association::FitStatus& status) const {
      status = static_cast<association::FitStatus>(random.below(7));
    }
    void operator()(association::FitNote& note) const {
      note =
          static_cast<association::FitNote>(random.below(std::uint64_t{1} << association::kNoteNames.size()));
    }
    void operator()(findings::Answer& answer) const {
      answer = static_cast<findings::Answer>(random.below(3));
    }
    void operator()(findings::Effect& effect) const {
      effect = static_cast<findings::Effect>(random.below(4));
    }
    void operator()(findings::Specificity& specific) const {
      specific = static_cast<findings::Specificity>(random.below(4));
    }
    void operator()(std::uint64_t& value) const { value = random.below(1000); }
    void operator()(bool& value) const { value = random.below(2) == 1; }
    void operator()(int& direction) const { direction = static_cast<int>(random.below(3)) - 1; }
    void operator()(double& value) const {
      const double values[] = {std::numeric_limits<double>::quiet_NaN(),
                               std::numeric_limits<double>::infinity(),
                               -0.0,
                               5e-324,
                               -1.7976931348623157e308,
                               0.1,
                               100'000.5,
                               random.uniform() - 0.5};
      value = values[random.below(std::size(values))];
    }
  };
  findings::Finding unit;
  for (const UnitColumn& column : unit_columns(UnitColumns::kScan)) with_value(column, unit, Fill{random});
  unit.unit = id;
  return unit;
}

inline std::vector<findings::Finding> make_units() {
  Random random(11);
  std::vector<findings::Finding> units;
  for (const Site site : {Site::kMlpPre, Site::kAttnV}) {
    for (const std::uint32_t layer : {0u, 7u}) {
      for (const std::uint32_t index : {0u, 1u, 4095u})
        units.push_back(make_unit({site, layer, index}, random));
    }
  }
  return units;
}

// Texts that would break a table without escaping.
inline const std::vector<std::string>& odd_texts() {
  static const std::vector<std::string> kTexts = {"·the",
                                                  "",
                                                  "\t",
                                                  "\n",
                                                  "\r\n",
                                                  "\\",
                                                  "\\n",
                                                  "a\tb\nc",
                                                  "<script>alert(1)</script>",
                                                  "NA",
                                                  "null",
                                                  "‹4E›",
                                                  "1984",
                                                  "#",
                                                  "\\NA",
                                                  "é日本",
                                                  "\"",
                                                  "'",
                                                  ",",
                                                  "\x1b[31m",
                                                  "\xe2\x82",
                                                  "0",
                                                  std::string("a\0b", 3)};
  return kTexts;
}

inline ModelRecord make_model() {
  return {.name = "demo",
          .path = "models/démo",
          .config_sha256 = "c0",
          .weights_sha256 = {{"b.safetensors", "b0"}, {"a.safetensors", "a0"}},
          .n_layer = 8,
          .n_embd = 768,
          .n_head = 12,
          .n_inner = 4096,
          .n_positions = 1024,
          .vocab_size = 50257,
          .family = "llama",
          .gated = true,
          .weights_dtype = "mixed",
          .tensor_types = {{.type = "Q4_K", .n_tensors = 9, .n_values = 2304}, {.type = "F32"}},
          .quantised = true,
          .activation_function = "relu",
          .bos = BosRecord{.token_id = 1, .token = "<s>"}};
}

inline ControlRecord make_controls() {
  return {.against = "upos:NOUN",
          .n_both = 3,
          .near_miss = "capitals that begin a sentence",
          .match = {sample::Trait::kLength, sample::Trait::kPosition},
          .cap_per_type = 4,
          .n_draws = 20,
          .n_stable = 5,
          .balance = {{{{sample::Trait::kLength, 0.5, -0.02}},
                       {{sample::Trait::kPosition, std::numeric_limits<double>::quiet_NaN(), 0.25}}}},
          .nulls = {{NullKind::kLabels,
                     20,
                     1,
                     2,
                     3,
                     4,
                     5,
                     6.5,
                     0.75,
                     {{Site::kMlpPre, 0, 4096, 1, 2, 3, 5.5}, {Site::kAttnV, 7, 768}},
                     {{9, 8, 7, 6, 5, 0.75}, {1, 2, 3, 4, 5}},
                     3},
                    {NullKind::kWeights, 1}}};
}

inline std::vector<findings::FamilyThreshold> make_families() {
  std::vector<findings::FamilyThreshold> out = {
      {"model", 98'304, 6.29, {1000, 98'300, 25.5, 41'234.5, 1.25, 0.75, 1.5}},
      {"L7.attn.v", 3, std::numeric_limits<double>::quiet_NaN()}};
  out[0].permutation.rank_bands = {{1, 4.25, 5.5, 7.75}, {98'300, 0.01, 0.02, 0.03}};
  return out;
}

inline RunRecord make_run() {
  RunRecord run;
  run.penfield_version = "0.1.0";
  run.concept_name = "proper-noun";
  run.profile = "robust";
  run.options = {{"site", "mlp.pre"}, {"layers", "0,7"}, {"alpha", "0.05"}, {"text", "a \"b\"\n.txt"}};
  run.seed = 18'446'744'073'709'551'615u;
  run.test = findings::Test::kScore;
  run.correction = findings::Correction::kBenjaminiYekutieli;
  run.family = findings::Family::kModel;
  run.alpha = 0.01;
  run.sites = {Site::kMlpPre, Site::kAttnV};
  run.layers = {0, 7};
  run.model = make_model();
  run.text_files = {{"wiki.txt", "f0", 123}, {"standard input", "f1", std::uint64_t{1} << 40}};
  run.n_tokens = 5000;
  run.n_documents = 4;
  run.n_target_tokens = 600;
  run.n_rows_read = 70;
  run.n_rows_left_out = 8;
  run.n_rows_skipped = 10;
  run.n_bytes_replaced = 9;
  run.counts[0] = {1, 2, 3, 4, 5, 6, 7, 17, 18, 15};
  run.counts[1] = {8, 9, 10, 11, 12, 13, 14, 20, 21, 16};
  run.controls = make_controls();
  run.clusters[0] = {50, 20, 40};
  run.clusters[1] = {51, 21, 41};
  run.n_target_types = 81;
  run.top_target_types = {{"·English", 3594, 20}, {"<b>\n", 1, 2}};
  run.n_target_words = 77;
  run.top_target_words = {{"Paris", 12}, {"«Ω»", 1}};
  run.permutation = {"token-type", 1000, "single-step", "studentised-means", 3, 80, 40, 46, 24.5};
  run.gate_quadrants = {{.unit = {Site::kMlpPost, 3, 5},
                         .n_target = {.both = 4, .gate_only = 3, .up_only = 2, .neither = 1},
                         .n_comparison = {.both = 1, .gate_only = 2, .up_only = 3, .neither = 5}}};
  run.documents = {"sign-flips", 50, 49, 48, 11};
  run.families = make_families();
  run.layer_summaries = {{Site::kMlpPre, 0, 4096, 4000, 90, 1, 2, 3, 4, 0.5, 17, 123.25, 0.99},
                         {Site::kAttnV, 7, 768, 700, 1, 0, 0, 0, 0}};
  run.layer_summaries[0].replication = {3, 2, 1, {0.6, 0.2, 0.9}, {0.3, 0.1, 0.8}};
  run.replication = {10, 8, 9, {0.8, 0.5, 0.95}, {0.9, 0.6, 0.99}};
  run.n_discovery_words = {410, 660};
  run.words = {{170, 460}, 7, 5, 4, 3, 2, {0.7, 0.5, 0.85}};
  run.n_significant = 10;
  run.n_replicated = 8;
  run.warnings = {"One document only.", "\"Quoted\"\nwarning"};
  run.stages = {
      {.name = "read", .seconds = 0.125, .bytes_read = 77, .peak_rss_bytes = 1'000'000, .rss_bytes = 900'000},
      {.name = "forward",
       .seconds = 12.5,
       .flop = 1.5e12,
       .bytes_written = 5'000'000'000,
       .peak_rss_bytes = 3'000'000'000,
       .rss_bytes = 1}};
  run.n_threads = 2;
  run.precision = "f32";
  run.product_kernel = "float32 on AVX2";
  return run;
}

inline SmallResult make_result() {
  SmallResult result;
  result.run = make_run();
  result.units = make_units();
  std::uint32_t position = 0;
  for (const std::string& text : odd_texts()) {
    const auto split = position % 2 == 0 ? sample::Split::kDiscovery : sample::Split::kHeldOut;
    result.samples.push_back(
        {900u + position, split, 3, 1, position, 50'000 + position, text, position % 3 == 0});
    result.heatmaps.tokens.push_back(
        {split, 3, 1, position, 50'000 + position, text, position % 3 == 0, position % 5 == 0});
    ++position;
  }
  result.heatmaps.units = {result.units[1].unit, result.units[8].unit};
  for (std::uint32_t i = 0; i < 2 * position; ++i)
    result.heatmaps.values.push_back(0.1f * static_cast<float>(i) - 1.0f);
  return result;
}

// Equality in which NaN equals NaN.
inline bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

// The name of the first column in which two units differ; empty: none.
inline std::string first_difference(const findings::Finding& a, const findings::Finding& b) {
  for (const UnitColumn& column : unit_columns(UnitColumns::kScan)) {
    const bool is_same = with_value(column, a, [&](const auto& value) {
      using T = std::remove_cvref_t<decltype(value)>;
      return with_value(column, b, [&](const auto& other) {
        if constexpr (!std::is_same_v<T, std::remove_cvref_t<decltype(other)>>) {
          return false;
        } else if constexpr (std::is_same_v<T, double>) {
          return same(value, other);
        } else {
          return value == other;
        }
      });
    });
    if (!is_same) return std::string(column.name);
  }
  return "";
}

}  // namespace penfield::store
