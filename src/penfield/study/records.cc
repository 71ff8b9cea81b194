#include "penfield/study/records.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "penfield/base/parallel.h"
#include "penfield/labels/target_words.h"
#include "penfield/numeric/simd_target.h"
#include "penfield/study/rows/row_regression.h"
#include "penfield/study/text_records.h"

namespace penfield::study {
namespace {

constexpr std::size_t kTopTargetTypes = 20;

bool is_quantised(const model::Weights& weights) {
  return std::ranges::any_of(weights.tensors(), [](const model::StoredTensor& tensor) {
    return formats::dtype_block(tensor.in_file->dtype).n_values > 1;
  });
}

std::vector<store::TensorTypeCount> count_tensor_types(const model::Weights& weights) {
  std::vector<store::TensorTypeCount> out;
  for (const model::StoredTensor& tensor : weights.tensors()) {
    const std::string_view name = formats::dtype_name(tensor.in_file->dtype);
    auto at = std::ranges::find(out, name, &store::TensorTypeCount::type);
    if (at == out.end()) at = out.insert(out.end(), {.type = std::string(name)});
    ++at->n_tensors;
    at->n_values += tensor.in_file->n_values();
  }
  std::ranges::stable_sort(out, std::ranges::greater(), &store::TensorTypeCount::n_values);
  return out;
}

// The words of the discovery targets.
labels::TargetWords words_of_targets(const Prepared& prepared) {
  const sample::SamplePlan& plan = prepared.samples;
  std::vector<std::uint64_t> targets;
  for (std::size_t i = 0; i < plan.n_discovery_samples; ++i) {
    const sample::Sample& sample = plan.samples[i];
    if (sample.is_target) targets.push_back(plan.windows[sample.window].first_token + sample.position);
  }
  return labels::count_target_words(prepared.labelled.corpus, prepared.labelled.stream, targets,
                                    kTopTargetTypes);
}

}  // namespace

void record_text(const Prepared& prepared, store::RunRecord& run) {
  const LabelledText& labelled = prepared.labelled;
  run.text_files = labelled.corpus.files;
  run.n_tokens = labelled.stream.n_tokens();
  run.n_documents = labelled.stream.n_documents();
  run.n_target_tokens = labelled.track.n_target;
  run.n_rows_read = labelled.corpus.n_rows_read;
  run.n_rows_left_out = labelled.corpus.n_rows_left_out;
  run.n_rows_skipped = labelled.corpus.n_rows_skipped;
  run.n_bytes_replaced = labelled.corpus.n_bytes_replaced;
  run.counts[0] = prepared.samples.counts[0];
  run.counts[1] = prepared.samples.counts[1];
  const SplitRows& rows = prepared.draws.first;
  if (rows.discovery.regression) run.clusters[0] = rows.discovery.regression->clusters();
  if (rows.held_out.regression) run.clusters[1] = rows.held_out.regression->clusters();
  TargetTypes types = count_target_types(labelled, prepared.samples, kTopTargetTypes);
  run.n_target_types = types.n_types;
  run.top_target_types = std::move(types.top);
  const labels::TargetWords words = words_of_targets(prepared);
  run.n_target_words = words.n_types;
  for (const labels::WordCount& word : words.top) run.top_target_words.push_back({word.word, word.n});
}

void record_options(const StudyRequest& request, const StudyPlan& plan, std::string_view version,
                    store::RunRecord& run) {
  run.penfield_version = version;
  run.concept_name = plan.concept_spec;
  run.profile = profile_name(request.profile);
  run.options = plan.flags;
  run.seed = request.seed;
  run.test = plan.test;
  run.correction = plan.correction;
  run.family = plan.family;
  run.alpha = plan.alpha;
  run.sites = {plan.site};
  run.layers = plan.layers;
  run.n_threads = n_threads();
  run.precision = numeric::precision_name(request.precision);
  run.product_kernel = numeric::product_kernel(request.precision);
}

void record_findings(const findings::FindingTable& table, store::RunRecord& run) {
  run.families = table.families;
  run.layer_summaries = table.layers;
  run.n_significant = table.n_significant;
  run.n_replicated = table.n_replicated;
  run.replication = table.replication;
  run.n_discovery_words = table.n_discovery_words;
  run.words = table.words;
}

void record_controls(const Prepared& prepared, std::span<const findings::Finding> units,
                     store::ControlRecord& controls) {
  controls.against = prepared.labelled.track.comparison_name;
  controls.n_both = prepared.labelled.track.n_both;
  controls.near_miss = prepared.near_miss_name;
  controls.match = prepared.plan.sample.match;
  controls.cap_per_type = prepared.plan.sample.cap_per_type.value_or(0);
  controls.n_draws = prepared.plan.sample.n_draws;
  for (const findings::Finding& unit : units) controls.n_stable += unit.stability == 1 ? 1 : 0;
  controls.balance = prepared.samples.balance;
}

void record_permutations(const Prepared& prepared, std::uint64_t n_found_by_words, store::RunRecord& run) {
  if (prepared.permutation.n_permutations == 0) return;
  const RowSet& discovery = prepared.draws.first.discovery;
  run.permutation =
      record_permutation(prepared.permutation, *prepared.plan.permutation.max_t, *discovery.exchange);
  run.documents = record_documents(prepared.permutation, prepared.draws.first);
  run.documents.n_found_by_words = n_found_by_words;
}

store::ModelRecord record_model(const StudyRequest& request, const Prepared& prepared,
                                const model::Model& model, const WeightHashes::Hashes& hashes) {
  const model::Architecture& architecture = model.architecture();
  std::optional<store::BosRecord> bos;
  if (prepared.plan.bos)
    bos = {.token_id = static_cast<std::uint32_t>(*prepared.plan.bos), .token = prepared.bos_text};
  return {.name = request.model,
          .path = request.model_folder,
          .config_sha256 = prepared.spec->config_sha256,
          .weights_sha256 = hashes,
          .n_layer = architecture.n_layers(),
          .n_embd = architecture.width,
          .n_head = architecture.attention.n_heads,
          .n_inner = architecture.mlp.n_inner,
          .n_positions = architecture.n_positions,
          .vocab_size = architecture.vocab_size,
          .family = architecture.family,
          .gated = architecture.mlp.gated,
          .weights_dtype = model.weights().dtype(),
          .tensor_types = count_tensor_types(model.weights()),
          .quantised = is_quantised(model.weights()),
          .activation_function = std::string(numeric::activation_name(architecture.mlp.activation)),
          .bos = bos};
}

}  // namespace penfield::study
