#include "penfield/study/study.h"

#include <memory>
#include <span>
#include <utility>

#include "penfield/activations/capture.h"
#include "penfield/activations/unit_activations.h"
#include "penfield/base/parallel.h"
#include "penfield/findings/judge.h"
#include "penfield/findings/max_t.h"
#include "penfield/formats/sha256.h"
#include "penfield/study/fit_layers.h"
#include "penfield/study/flop.h"
#include "penfield/study/held_out_plan.h"
#include "penfield/study/labelled_text.h"
#include "penfield/study/permute_layers.h"
#include "penfield/study/reported_units.h"
#include "penfield/study/study_store.h"
#include "penfield/study/text_records.h"
#include "penfield/study/warnings.h"
#include "penfield/study/weight_hashes.h"

namespace penfield::study {
namespace {

constexpr std::size_t kReportedUnits = 60;
constexpr std::uint64_t kHeatmapTokens = 2048;  // of each split
constexpr std::size_t kTopTargetTypes = 20;

// Everything that is decided before the forward pass.
struct Prepared {
  StudyPlan plan;
  model::Gpt2Config config;
  LabelledText labelled;
  sample::SamplePlan samples;
  PermutationPlan permutation;
  activations::CaptureRequest capture_request;
  activations::CapturePlan capture;
};

// Says before the forward pass where labels cannot be permuted as asked.
Result<void> prepare_permutation(const StudyRequest& request, Prepared& out) {
  out.permutation = plan_permutations(out.labelled.stream, out.samples, request.permutation,
                                      out.plan.correction, request.seed);
  if (out.permutation.n_permutations == 0) return {};
  PENFIELD_TRY(const association::Exchange exchange,
               exchange_of(out.permutation, rows_of_plan(out.samples).discovery));
  if (out.plan.correction != findings::Correction::kMaxT) return {};
  return findings::check_permutations(out.permutation.n_permutations,
                                      association::log10_arrangements(exchange), out.plan.alpha);
}

Result<Prepared> prepare(const StudyRequest& request, StageClock& clock) {
  Prepared out;
  PENFIELD_TRY(out.config, model::read_config(request.model_folder));
  PENFIELD_TRY(out.plan, resolve(request, out.config.n_layer, out.config.n_positions));
  PENFIELD_TRY(const labels::Concept asked, labels::Concept::parse(out.plan.concept_spec));
  PENFIELD_TRY(const tokens::Tokenizer tokenizer, tokens::Tokenizer::open(request.model_folder));
  if (tokenizer.vocab_size() > out.config.vocab_size) {
    return bad_input("{}: the tokenizer has {} tokens, but the model has {}; the two do not belong together",
                     request.model_folder, tokenizer.vocab_size(), out.config.vocab_size);
  }
  PENFIELD_TRY(out.labelled,
               read_labelled_text(request.texts, out.plan.text, tokenizer, asked, out.plan.pieces, clock));
  clock.begin("sample");
  PENFIELD_TRY(out.samples, sample::plan_samples(out.labelled.stream, out.labelled.track, out.plan.sample));
  PENFIELD_TRY_VOID(prepare_permutation(request, out));
  clock.end();
  out.capture_request = {.sites = {out.plan.site},
                         .layers = out.plan.layers,
                         .heatmap_windows = heatmap_windows(out.samples, kHeatmapTokens)};
  out.capture = activations::plan_capture(out.config, out.samples, out.capture_request);
  return out;
}

template <class T>
std::string sha256_of(const std::vector<T>& values) {
  formats::Sha256 hash;
  hash.update(std::as_bytes(std::span(values)));
  return hash.hex();
}

// Everything that decides the result, but the weights: what an unfinished run must share with this one.
Result<store::RunInputs> inputs_of(const StudyRequest& request, const Prepared& prepared,
                                   std::string_view version) {
  store::RunInputs inputs = {{"penfield", std::string(version)}};
  for (const auto& flag : prepared.plan.flags) inputs.push_back(flag);
  for (const text::TextFile& file : prepared.labelled.corpus.files)
    inputs.emplace_back("text " + file.path, file.sha256);
  PENFIELD_TRY(std::string config, formats::sha256_file(request.model_folder + "/config.json"));
  inputs.emplace_back("config.json", std::move(config));
  inputs.emplace_back("token ids", sha256_of(prepared.labelled.stream.ids));
  formats::Sha256 drawn;
  for (const sample::Sample& sample : prepared.samples.samples)
    drawn.update(fmt::format("{} {} {}\n", sample.window, sample.position, sample.is_target ? 1 : 0));
  inputs.emplace_back("drawn positions", drawn.hex());
  return inputs;
}

// FLOP of the passes that the store does not have.
double missing_flop(const Prepared& prepared, const StudyEstimate& needs,
                    const activations::ActivationStore& store) {
  std::uint64_t n_rows = 0, n_missing = 0;
  for (std::size_t p = 0; p < prepared.capture.passes.size(); ++p) {
    n_rows += prepared.capture.passes[p].windows.n_rows;
    if (!store.has_pass(p)) n_missing += prepared.capture.passes[p].windows.n_rows;
  }
  const double share = static_cast<double>(n_missing) / static_cast<double>(n_rows);
  const double run = static_cast<double>(n_rows) / static_cast<double>(needs.n_window_tokens);
  return needs.forward_flop * run * share;
}

// Runs the passes; the weights' checksums, a second a gigabyte, are made meanwhile.
Result<void> run_passes(const model::Gpt2& gpt2, const Prepared& prepared, const WeightHashes& hashes,
                        StudyStore& store, const Progress& progress, const std::stop_token& stop) {
  Result<void> recorded;
  const auto on_window = [&](std::uint64_t done, std::uint64_t total) {
    progress("forward", done, total, "windows");
    if (recorded) recorded = store.record_inputs(hashes);
  };
  auto captured = activations::capture(gpt2, prepared.labelled.stream.ids, prepared.samples.windows,
                                       store.activations(), on_window, stop);
  if (!captured) return captured;
  return recorded;
}

void record_text(const Prepared& prepared, store::RunRecord& run) {
  const LabelledText& labelled = prepared.labelled;
  run.text_files = labelled.corpus.files;
  run.n_tokens = labelled.stream.n_tokens();
  run.n_documents = labelled.stream.n_documents();
  run.n_target_tokens = labelled.track.n_target;
  run.n_rows_read = labelled.corpus.n_rows_read;
  run.n_rows_left_out = labelled.corpus.n_rows_left_out;
  run.n_bytes_replaced = labelled.corpus.n_bytes_replaced;
  run.counts[0] = prepared.samples.counts[0];
  run.counts[1] = prepared.samples.counts[1];
  TargetTypes types = count_target_types(labelled, prepared.samples, kTopTargetTypes);
  run.n_target_types = types.n_types;
  run.top_target_types = std::move(types.top);
}

Result<store::ModelRecord> record_model(const StudyRequest& request, const model::Gpt2& gpt2,
                                        Result<WeightHashes::Hashes> hashes) {
  const model::Gpt2Config& config = gpt2.config();
  store::ModelRecord out{.name = request.model,
                         .path = request.model_folder,
                         .config_sha256 = {},
                         .weights_sha256 = {},
                         .n_layer = config.n_layer,
                         .n_embd = config.n_embd,
                         .n_head = config.n_head,
                         .n_inner = config.n_inner,
                         .n_positions = config.n_positions,
                         .vocab_size = config.vocab_size,
                         .weights_dtype = gpt2.weights().dtype(),
                         .activation_function = std::string(model::activation_name(config.activation))};
  PENFIELD_TRY(out.config_sha256, formats::sha256_file(request.model_folder + "/config.json"));
  PENFIELD_TRY(out.weights_sha256, std::move(hashes));
  return out;
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
}

void record_findings(const findings::FindingTable& table, store::RunRecord& run) {
  run.families = table.families;
  run.layer_summaries = table.layers;
  run.n_significant = table.n_significant;
  run.n_replicated = table.n_replicated;
  run.replication = table.replication;
}

Result<store::Heatmaps> make_heatmaps(const model::Gpt2& gpt2, const Prepared& prepared,
                                      const activations::ActivationStore& store,
                                      std::span<const findings::Finding> units) {
  store::Heatmaps out;
  out.units = choose_reported_units(units, kReportedUnits);
  out.tokens = window_tokens(prepared.labelled, prepared.samples, prepared.capture_request.heatmap_windows);
  PENFIELD_TRY(out.values, activations::unit_activations(gpt2, store, out.units));
  return out;
}

Result<std::vector<association::PermutationTable>> permute(const Prepared& prepared,
                                                           const activations::ActivationStore& store,
                                                           StageClock& clock, const Progress& progress,
                                                           const std::stop_token& stop) {
  if (prepared.permutation.n_permutations > 0) clock.begin("permute");
  return permute_layers(store, rows_of_plan(prepared.samples).discovery, prepared.plan.family,
                        prepared.permutation, [&](std::uint64_t done, std::uint64_t total) {
                          progress("permute", done, total, "layers");
                          return !stop.stop_requested();
                        });
}

Result<void> record_permutations(const StudyRequest& request, const Prepared& prepared,
                                 store::RunRecord& run) {
  if (prepared.permutation.n_permutations == 0) return {};
  PENFIELD_TRY(const association::Exchange exchange,
               exchange_of(prepared.permutation, rows_of_plan(prepared.samples).discovery));
  run.permutation = record_permutation(prepared.permutation, request.permutation.max_t, exchange);
  return {};
}

}  // namespace

Result<StudyEstimate> estimate_study(const StudyRequest& request) {
  StageClock clock;
  PENFIELD_TRY(const Prepared prepared, prepare(request, clock));
  PENFIELD_TRY(StudyEstimate out,
               estimate_needs(request, prepared.plan, prepared.config, prepared.samples, prepared.capture));
  out.seconds = measure_seconds(out);
  return out;
}

Result<StudyResult> run_study(const StudyRequest& request, std::string_view penfield_version,
                              store::ResultWriter& writer, const Progress& progress,
                              const std::stop_token& stop) {
  StageClock clock;
  PENFIELD_TRY(const Prepared prepared, prepare(request, clock));
  PENFIELD_TRY(const StudyEstimate needs,
               estimate_needs(request, prepared.plan, prepared.config, prepared.samples, prepared.capture));
  PENFIELD_TRY(store::RunInputs inputs, inputs_of(request, prepared, penfield_version));
  clock.begin("open");
  PENFIELD_TRY(const model::Gpt2 gpt2, model::Gpt2::open(request.model_folder));
  clock.note({.bytes_read = needs.weights_bytes});
  const WeightHashes hashes(gpt2.weights().file_paths());
  PENFIELD_TRY(const std::unique_ptr<StudyStore> store,
               StudyStore::open(prepared.capture, needs.storage, std::move(inputs), hashes, writer));
  StudyResult out;
  out.taken_up = store->taken_up();

  clock.begin("forward");
  clock.note({.flop = missing_flop(prepared, needs, store->activations())});
  auto passes = run_passes(gpt2, prepared, hashes, *store, progress, stop);
  if (!passes) return store->explain(std::move(passes).error());
  const std::uint64_t n_bytes_checked = store->n_bytes_read();
  clock.note({.bytes_read = n_bytes_checked, .bytes_written = store->n_bytes_written()});
  gpt2.weights().release_pages();  // fits and tables come in their place
  clock.begin("fit");
  SplitRows rows = rows_of_plan(prepared.samples);
  rows.test = held_out_test(prepared.labelled.stream, prepared.samples, rows.held_out);
  auto fits = fit_layers(store->activations(), rows, [&](std::uint64_t done, std::uint64_t total) {
    progress("fit", done, total, "layers");
  });
  if (!fits) return store->explain(std::move(fits).error());
  clock.note({.bytes_read = store->n_bytes_read() - n_bytes_checked});
  if (stop.stop_requested())
    return store->explain({ErrorKind::kInterrupted, "stopped; no result was written"});
  const auto permutations = permute(prepared, store->activations(), clock, progress, stop);
  if (!permutations) return store->explain(permutations.error());
  clock.begin("judge");
  const StudyPlan& plan = prepared.plan;
  const findings::FindingOptions options{plan.test, plan.correction, plan.family, plan.alpha,
                                         request.permutation.max_t};
  findings::FindingTable table = findings::judge(*fits, options, *permutations);
  fits->clear();  // the findings hold what the result tells of them

  clock.begin("heatmaps");
  PENFIELD_TRY(out.heatmaps, make_heatmaps(gpt2, prepared, store->activations(), table.units));
  record_options(request, plan, penfield_version, out.run);
  record_text(prepared, out.run);
  record_findings(table, out.run);
  PENFIELD_TRY_VOID(record_permutations(request, prepared, out.run));
  clock.begin("checksum");
  PENFIELD_TRY(out.run.model, record_model(request, gpt2, hashes.get()));
  clock.end();
  out.run.warnings = find_warnings(out.run);
  out.run.stages = clock.stages();
  out.units = std::move(table.units);
  if (stop.stop_requested())
    return store->explain({ErrorKind::kInterrupted, "stopped; no result was written"});
  auto written =
      writer.write(out.run, sample_rows(prepared.labelled, prepared.samples), out.units, out.heatmaps);
  if (!written) return store->explain(std::move(written).error());
  store->finish();
  return out;
}

}  // namespace penfield::study
