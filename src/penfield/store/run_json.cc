#include "penfield/store/run_json.h"

#include "penfield/formats/json.h"
#include "penfield/store/control_fields.h"
#include "penfield/store/json_fields.h"

namespace penfield::store {

// The fields of each record, in the order of the file. Not in an unnamed namespace: json_fields.h finds them
// by the namespace of their first argument.

static void describe(auto& io, MaybeConst<text::TextFile> auto& file) {
  io("path", file.path);
  io("sha256", file.sha256);
  io("n_bytes", file.n_bytes);
}

static void describe(auto& io, MaybeConst<sample::SplitCounts> auto& counts) {
  io("n_windows", counts.n_windows);
  io("n_windows_wanted", counts.n_windows_wanted);
  io("n_documents", counts.n_documents);
  io("n_tokens", counts.n_tokens);
  io("n_target_available", counts.n_target_available);
  io("n_comparison_available", counts.n_comparison_available);
  io("n_target", counts.n_target);
  io("n_comparison", counts.n_comparison);
  io("n_target_capped", counts.n_target_capped);
  io("n_target_unmatched", counts.n_target_unmatched);
}

static void describe(auto& io, MaybeConst<TargetWordCount> auto& word) {
  io("word", word.word);
  io("n_target", word.n_target);
}

static void describe(auto& io, MaybeConst<ClusterCounts> auto& clusters) {
  io("n", clusters.n);
  io("n_with_target", clusters.n_with_target);
  io("n_with_comparison", clusters.n_with_comparison);
}

static void describe(auto& io, MaybeConst<permutation::RankBand> auto& band) {
  io("rank", band.rank);
  io("lo", band.lo);
  io("median", band.median);
  io("hi", band.hi);
}

static void describe(auto& io, MaybeConst<findings::PermutationSummary> auto& permutation) {
  io("n_permutations", permutation.n_permutations);
  io("n_tests", permutation.n_tests);
  io("chi2_threshold", permutation.chi2_threshold);
  io("n_effective", permutation.n_effective);
  io("inflation", permutation.inflation);
  io("inflation_lo", permutation.inflation_lo);
  io("inflation_hi", permutation.inflation_hi);
  io("rank_bands", permutation.rank_bands);
}

static void describe(auto& io, MaybeConst<PermutationRecord> auto& design) {
  io("within", design.within);
  io("n_permutations", design.n_permutations);
  io("max_t", design.max_t);
  io("statistic", design.statistic);
  io("n_blocks_mixed", design.n_blocks_mixed);
  io("n_blocks_pure", design.n_blocks_pure);
  io("n_target_items", design.n_target_items);
  io("n_comparison_items", design.n_comparison_items);
  io("log10_arrangements", design.log10_arrangements);
}

static void describe(auto& io, MaybeConst<DocumentRecord> auto& documents) {
  io("statistic", documents.statistic);
  io("n_discovery", documents.n_discovery);
  io("n_held_out", documents.n_held_out);
  io("n_unseen", documents.n_unseen);
  io("n_found_by_words", documents.n_found_by_words);
}

static void describe(auto& io, MaybeConst<findings::FamilyThreshold> auto& family) {
  io("name", family.name);
  io("n_tests", family.n_tests);
  io("neglog10_p_threshold", family.neglog10_p_threshold);
  io("permutation", family.permutation);
}

static void describe(auto& io, MaybeConst<findings::Share> auto& share) {
  io("share", share.share);
  io("lo", share.lo);
  io("hi", share.hi);
}

static void describe(auto& io, MaybeConst<findings::Replication> auto& replication) {
  io("n_significant", replication.n_significant);
  io("n_replicated", replication.n_replicated);
  io("n_concordant", replication.n_concordant);
  io("replicated", replication.replicated);
  io("concordant", replication.concordant);
}

static void describe(auto& io, MaybeConst<findings::WordCounts> auto& counts) {
  io("n_target", counts.n_target);
  io("n_comparison", counts.n_comparison);
}

static void describe(auto& io, MaybeConst<findings::WordReplication> auto& words) {
  io("n_words", words.n_words);
  io("n_replicated", words.n_replicated);
  io("n_moderate", words.n_moderate);
  io("n_strong", words.n_strong);
  io("n_specific", words.n_specific);
  io("n_carrier", words.n_carrier);
  io("replicated", words.replicated);
}

static void describe(auto& io, MaybeConst<findings::LayerSummary> auto& layer) {
  io("site", layer.site);
  io("layer", layer.layer);
  io("n_units", layer.n_units);
  io("n_ok", layer.n_ok);
  io("n_separated", layer.n_separated);
  io("n_significant_positive", layer.n_significant_positive);
  io("n_significant_negative", layer.n_significant_negative);
  io("n_replicated_positive", layer.n_replicated_positive);
  io("n_replicated_negative", layer.n_replicated_negative);
  io("sign_concordance", layer.sign_concordance);
  io("best_index", layer.best_index);
  io("best_neglog10_p", layer.best_neglog10_p);
  io("best_held_out_auc", layer.best_held_out_auc);
  io("replication", layer.replication);
}

static void describe(auto& io, MaybeConst<BosRecord> auto& bos) {
  io("token_id", bos.token_id);
  io("token", bos.token);
}

static void describe(auto& io, MaybeConst<TensorTypeCount> auto& count) {
  io("type", count.type);
  io("n_tensors", count.n_tensors);
  io("n_values", count.n_values);
}

static void describe(auto& io, MaybeConst<ModelRecord> auto& model) {
  io("name", model.name);
  io("path", model.path);
  io("family", model.family);
  io("config_sha256", model.config_sha256);
  io("weights_sha256", model.weights_sha256);
  io("weights_dtype", model.weights_dtype);
  io("tensor_types", model.tensor_types);
  io("quantised", model.quantised);
  io("n_layer", model.n_layer);
  io("n_embd", model.n_embd);
  io("n_head", model.n_head);
  io("n_inner", model.n_inner);
  io("n_positions", model.n_positions);
  io("vocab_size", model.vocab_size);
  io("activation_function", model.activation_function);
  io("gated", model.gated);
  io("bos", model.bos);
}

static void describe(auto& io, MaybeConst<SignCounts> auto& counts) {
  io("both", counts.both);
  io("gate_only", counts.gate_only);
  io("up_only", counts.up_only);
  io("neither", counts.neither);
}

static void describe(auto& io, MaybeConst<GateQuadrants> auto& quadrants) {
  io("unit", quadrants.unit);
  io("n_target", quadrants.n_target);
  io("n_comparison", quadrants.n_comparison);
}

static void describe(auto& io, MaybeConst<StageRecord> auto& stage) {
  io("name", stage.name);
  io("seconds", stage.seconds);
  io("flop", stage.flop);
  io("bytes_read", stage.bytes_read);
  io("bytes_written", stage.bytes_written);
  io("peak_rss_bytes", stage.peak_rss_bytes);
  io("rss_bytes", stage.rss_bytes);
}

static void describe(auto& io, MaybeConst<TokenTypeCount> auto& type) {
  io("token", type.token);
  io("token_id", type.token_id);
  io("n_target", type.n_target);
}

static void describe(auto& io, MaybeConst<RunRecord> auto& run) {
  io("schema_version", run.schema_version);
  io("penfield_version", run.penfield_version);
  io("concept", run.concept_name);
  io("profile", run.profile);
  io("options", run.options);
  io("seed", run.seed);
  io("test", run.test);
  io("correction", run.correction);
  io("family", run.family);
  io("alpha", run.alpha);
  io("sites", run.sites);
  io("layers", run.layers);
  io("threads", run.n_threads);
  io("precision", run.precision);
  io("product_kernel", run.product_kernel);
  io("model", run.model);
  io.group("text", [&](auto& in) {
    in("files", run.text_files);
    in("n_tokens", run.n_tokens);
    in("n_documents", run.n_documents);
    in("n_target_tokens", run.n_target_tokens);
    in("n_rows_read", run.n_rows_read);
    in("n_rows_left_out", run.n_rows_left_out);
    in("n_rows_skipped", run.n_rows_skipped);
    in("n_bytes_replaced", run.n_bytes_replaced);
  });
  io.group("counts", [&](auto& in) {
    in("discovery", run.counts[0]);
    in("held_out", run.counts[1]);
  });
  io.group("clusters", [&](auto& in) {
    in("discovery", run.clusters[0]);
    in("held_out", run.clusters[1]);
  });
  io("controls", run.controls);
  io("n_target_types", run.n_target_types);
  io("top_target_types", run.top_target_types);
  io("n_target_words", run.n_target_words);
  io("top_target_words", run.top_target_words);
  io("n_significant", run.n_significant);
  io("n_replicated", run.n_replicated);
  io("replication", run.replication);
  io("discovery_words", run.n_discovery_words);
  io("unseen_words", run.words);
  io("permutation", run.permutation);
  io("documents", run.documents);
  io("families", run.families);
  io("layer_summaries", run.layer_summaries);
  io("gate_quadrants", run.gate_quadrants);
  io("warnings", run.warnings);
  io("stages", run.stages);
}

static void describe(auto& io, MaybeConst<ResultTables> auto& tables) {
  io("n_samples", tables.n_samples);
  io("n_units", tables.n_units);
  io("n_tokens", tables.n_tokens);
  io("heatmap_units", tables.heatmap_units);
}

namespace {

// A path may hold any bytes; what is not UTF-8 is written as U+FFFD.
std::string dump(const Json& document) {
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json run_object(const RunRecord& run) {
  Json document = Json::object();
  FieldWriter io(document);
  describe(io, run);
  return document;
}

// Before everything else: a later schema may have moved the rest.
Result<void> check_schema(const Json& document, std::string_view name) {
  const auto version = document.is_object() ? document.find("schema_version") : document.end();
  if (!document.is_object() || version == document.end() || !version->is_number_unsigned()) {
    return bad_input("{}: has no \"schema_version\"; it is not Penfield's", name);
  }
  const auto number = version->get<std::uint64_t>();
  if (number == kSchemaVersion) return {};
  return bad_input(
      "{}: is of schema version {}, this Penfield reads {}; {}", name, number, kSchemaVersion,
      number > kSchemaVersion
          ? "read it with a later Penfield"
          : "run the scan again, with --force to replace it, or read it with the Penfield that made it");
}

}  // namespace

std::string format_run_json(const RunRecord& run) {
  return dump(run_object(run));
}

std::string format_run_document(const RunRecord& run, const ResultTables& tables) {
  Json document = run_object(run);
  FieldWriter io(document);
  io("tables", tables);
  return dump(document);
}

Result<RunDocument> parse_run_document(std::string_view bytes, std::string_view name) {
  PENFIELD_TRY(const Json document, formats::parse_ordered_json(bytes, name));
  PENFIELD_TRY_VOID(check_schema(document, name));
  RunDocument out;
  std::optional<Error> error;
  FieldReader io(document, name, "", error);
  describe(io, out.run);
  io("tables", out.tables);
  if (error) return tl::unexpected<Error>(*std::move(error));
  return out;
}

}  // namespace penfield::store
