#include "penfield/study/study.h"

#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "penfield/base/check.h"
#include "penfield/report/words/warnings.h"
#include "penfield/study/activation_source.h"
#include "penfield/study/control_lists.h"
#include "penfield/study/find_units.h"
#include "penfield/study/jackknife_replication.h"
#include "penfield/study/null_scans.h"
#include "penfield/study/prepare.h"
#include "penfield/study/records.h"
#include "penfield/study/reported_units.h"
#include "penfield/study/rows/held_out_plan.h"
#include "penfield/study/storage/study_store.h"
#include "penfield/study/storage/weight_hashes.h"
#include "penfield/study/text_records.h"

namespace penfield::study {
namespace {

constexpr std::size_t kReportedUnits = 60;

// FLOP of the passes that this process is to run.
double missing_flop(const Prepared& prepared, const StudyEstimate& needs,
                    const activations::ActivationStore& store) {
  std::uint64_t n_rows = 0, n_missing = 0;
  for (std::size_t p = 0; p < prepared.capture.passes.size(); ++p) {
    n_rows += prepared.capture.passes[p].windows.n_rows;
    if (store.runs_pass(p)) n_missing += prepared.capture.passes[p].windows.n_rows;
  }
  const double share = static_cast<double>(n_missing) / static_cast<double>(n_rows);
  const double run = static_cast<double>(n_rows) / static_cast<double>(needs.n_window_tokens);
  return needs.forward_flop * run * share;
}

// What one part runs: its passes, and nothing that comes after them.
void leave_to_others(const Prepared& prepared, const Share& part, StudyEstimate& estimate) {
  double n_rows = 0, n_own = 0;
  for (std::size_t p = 0; p < prepared.capture.passes.size(); ++p) {
    const auto n = static_cast<double>(prepared.capture.passes[p].windows.n_rows);
    n_rows += n;
    n_own += part.has(p) ? n : 0;
  }
  estimate.forward_flop *= n_own / n_rows;
  estimate.fits = {};
  estimate.null_forward_flop = 0;
  estimate.null_weights_bytes = 0;
}

// A watch that records the inputs once the weights' checksums are there, which takes a second a gigabyte.
// Where they cannot be recorded the work ends, as no later run could continue from it.
Watch recording_watch(StudyStore& store, const Watch& watch) {
  return Watch(
      [&](std::string_view stage, std::uint64_t done, std::uint64_t total,
          std::string_view unit) -> Result<void> {
        PENFIELD_TRY_VOID(watch.step(stage, done, total, unit));
        return store.record_inputs();
      },
      watch.stop());
}

// The stages of a study that read and write its store: each gets the bytes of its own time.
class StoreStages {
 public:
  StoreStages(const StudyStore& store, StageClock& clock) : store_(store), clock_(clock) {}

  void start_stage(std::string name) {
    note();
    clock_.start_stage(std::move(name));
  }
  void note() {
    const std::uint64_t n_read = store_.n_bytes_read(), n_written = store_.n_bytes_written();
    clock_.note({.bytes_read = n_read - n_read_, .bytes_written = n_written - n_written_});
    n_read_ = n_read;
    n_written_ = n_written;
  }

 private:
  const StudyStore& store_;
  StageClock& clock_;
  std::uint64_t n_read_ = 0, n_written_ = 0;
};

// The regressions of the scan, its permutations and its further draws.
Result<findings::FindingTable> find(const Prepared& prepared, const ScanTest& test,
                                    const activations::ActivationStore& store, StoreStages& stages,
                                    const Watch& watch) {
  const Watch timed(
      [&](std::string_view stage, std::uint64_t done, std::uint64_t total, std::string_view unit) {
        if (stage == "permute" && done == 0) stages.start_stage("permute");
        return watch.step(stage, done, total, unit);
      },
      watch.stop());
  PENFIELD_TRY(findings::FindingTable table, find_units(store, prepared.draws.first, test, timed));
  PENFIELD_TRY_VOID(jackknife_replication(store, prepared.draws.first, test, watch, table));
  if (prepared.draws.further.empty()) return table;
  stages.start_stage("draws");
  PENFIELD_TRY_VOID(measure_stability(store, prepared.draws.further, test, watch, table));
  return table;
}

// The rows of the scan with what a null needs: no ladder, and of unseen words what a grade needs.
SplitRows rows_for_null(const SplitRows& rows) {
  SplitRows out{.discovery = rows.discovery, .held_out = rows.held_out, .test = rows.test};
  if (out.test) out.test->is_whole = false;
  return out;
}

// The same among the plan's samples alone, as a null model is captured.
SplitRows rows_without_further_draws(const Prepared& prepared) {
  SplitRows out = rows_for_null(prepared.draws.first);
  SplitRows alone = rows_of_plan(prepared.samples);
  PENFIELD_CHECK(alone.discovery.labels == out.discovery.labels &&
                 alone.held_out.labels == out.held_out.labels);
  out.discovery.rows = std::move(alone.discovery.rows);
  out.held_out.rows = std::move(alone.held_out.rows);
  out.test = held_out_test(out.discovery, out.held_out, std::numeric_limits<double>::quiet_NaN());
  if (out.test) {
    out.test->is_whole = false;
    out.test->unseen.regression = prepared.draws.first.test->unseen.regression;
  }
  return out;
}

// The token types of all captured rows.
std::vector<TokenId> captured_types(const Prepared& prepared) {
  std::vector<TokenId> types;
  for (const sample::Sample& sample : prepared.draws.captured.samples) {
    const sample::Window& window = prepared.samples.windows[sample.window];
    types.push_back(prepared.labelled.stream.ids[window.first_token + sample.position]);
  }
  return types;
}

Result<store::NullRecord> scan_null(store::NullKind kind, const StudyRequest& request,
                                    const Prepared& prepared, StudyStore& store, const ScanTest& test,
                                    const Watch& watch, findings::FindingTable& found) {
  using store::NullKind;
  const std::uint64_t n_runs = *prepared.plan.controls.n_null_runs;
  const auto scan_models = [&](model::NullWeights weights) {
    return scan_null_models(
        {request.model_folder, *prepared.spec, weights, n_runs, request.seed, request.precision},
        prepared.labelled.stream.ids, prepared.samples, rows_without_further_draws(prepared),
        [&] { return store.open_null(*prepared.null_capture); }, test, watch);
  };
  switch (kind) {
    case NullKind::kLabels:
    case NullKind::kTypes:
      return scan_other_labels(store.activations(), prepared.draws.first, captured_types(prepared),
                               {kind, n_runs, request.seed}, test, watch);
    case NullKind::kLists:
      return scan_control_lists(store.activations(), prepared.draws.lists, test, watch, found);
    case NullKind::kWeights:
      return scan_models(model::NullWeights::kShuffled);
    case NullKind::kInit:
      return scan_models(model::NullWeights::kInitialised);
    case NullKind::kRotation:
      break;
  }
  return scan_rotations(store.activations(), rows_for_null(prepared.draws.first), n_runs, request.seed, test,
                        watch);
}

// The null scans of the plan, in the order of their kinds.
Result<std::vector<store::NullRecord>> scan_nulls(const StudyRequest& request, const Prepared& prepared,
                                                  StudyStore& store, const ScanTest& test, const Watch& watch,
                                                  findings::FindingTable& found) {
  std::vector<store::NullRecord> out;
  for (const store::NullKind kind : *prepared.plan.controls.nulls) {
    PENFIELD_TRY(store::NullRecord null, scan_null(kind, request, prepared, store, test, watch, found));
    count_beyond(found, null);
    out.push_back(std::move(null));
  }
  return out;
}

// The heatmaps of the units that are reported, and the signs of their products.
Result<void> show_units(const ActivationSource& source, const Prepared& prepared,
                        const activations::ActivationStore& store, std::span<const findings::Finding> units,
                        StudyResult& out) {
  store::Heatmaps& shown = out.heatmaps;
  shown.units = choose_reported_units(units, kReportedUnits);
  shown.tokens = window_tokens(prepared.labelled, prepared.samples, prepared.heatmap_windows);
  PENFIELD_TRY(shown.values, source.heatmaps(store, shown.units));
  PENFIELD_TRY(out.run.gate_quadrants, source.gate_quadrants(store, shown.units, shown.tokens));
  return {};
}

// A study up to its passes. Stays where it is, as its members keep references to each other.
struct OpenStudy {
  StageClock clock;
  Prepared prepared;
  StudyEstimate needs;
  std::unique_ptr<ActivationSource> source;
  std::unique_ptr<WeightHashes> hashes;
  std::unique_ptr<StudyStore> store;

  [[nodiscard]] static Result<std::unique_ptr<OpenStudy>> open(const StudyRequest& request,
                                                               std::string_view penfield_version,
                                                               const store::ResultWriter& writer,
                                                               const Watch& watch);
};

Result<std::unique_ptr<OpenStudy>> OpenStudy::open(const StudyRequest& request,
                                                   std::string_view penfield_version,
                                                   const store::ResultWriter& writer, const Watch& watch) {
  auto out = std::make_unique<OpenStudy>();
  PENFIELD_TRY(out->prepared, prepare(request, out->clock, watch));
  PENFIELD_TRY(out->needs, estimate_needs(request, out->prepared));
  PENFIELD_TRY(store::RunInputs inputs, inputs_of(request, out->prepared, penfield_version));
  out->clock.start_stage("open");
  PENFIELD_TRY(out->source, ActivationSource::open(request, out->prepared, watch.stop()));
  out->clock.note({.bytes_read = out->needs.weights_bytes});
  out->hashes = std::make_unique<WeightHashes>(out->source->files());
  PENFIELD_TRY(out->store, StudyStore::open(out->prepared.capture, out->needs.storage, std::move(inputs),
                                            *out->hashes, writer, request.division));
  return out;
}

}  // namespace

Result<StudyEstimate> estimate_study(const StudyRequest& request) {
  StageClock clock;
  PENFIELD_TRY(const Prepared prepared, prepare(request, clock));
  PENFIELD_TRY(StudyEstimate out, estimate_needs(request, prepared));
  if (request.division.part) leave_to_others(prepared, *request.division.part, out);
  out.seconds = measure_seconds(out);
  for (const store::StageRecord& stage : clock.stages()) out.seconds += stage.seconds;  // they come again
  return out;
}

Result<StudyResult> run_study(const StudyRequest& request, std::string_view penfield_version,
                              store::ResultWriter& writer, const Watch& watch) {
  PENFIELD_TRY(const std::unique_ptr<OpenStudy> opened,
               OpenStudy::open(request, penfield_version, writer, watch));
  StageClock& clock = opened->clock;
  const Prepared& prepared = opened->prepared;
  const ActivationSource* const source = opened->source.get();
  StudyStore* const store = opened->store.get();
  StudyResult out;
  out.taken_up = store->taken_up();

  StoreStages stages(*store, clock);
  clock.start_stage("forward");
  clock.note({.flop = missing_flop(prepared, opened->needs, store->activations())});
  const Watch recording = recording_watch(*store, watch);
  auto passes = source->capture(store->activations(), recording);
  if (!passes) return store->explain(std::move(passes).error());
  PENFIELD_TRY_VOID(store->check_weights());
  source->release_pages();  // fits and tables come in their place
  stages.start_stage("fit");
  const StudyPlan& plan = prepared.plan;
  const ScanTest test = {{plan.test, plan.correction, plan.family, plan.alpha, *plan.permutation.max_t},
                         prepared.permutation};
  auto found = find(prepared, test, store->activations(), stages, recording);
  if (!found) return store->explain(std::move(found).error());

  stages.start_stage("heatmaps");
  if (request.division.team->is_first())
    PENFIELD_TRY_VOID(show_units(*source, prepared, store->activations(), found->units, out));
  record_options(request, plan, penfield_version, out.run);
  record_text(prepared, out.run);
  record_controls(prepared, found->units, out.run.controls);
  if (!plan.controls.nulls->empty()) stages.start_stage("null");
  auto nulls = scan_nulls(request, prepared, *store, test, recording, *found);
  if (!nulls) return store->explain(std::move(nulls).error());
  out.run.controls.nulls = *std::move(nulls);
  record_findings(*found, out.run);
  record_permutations(prepared, found->n_found_by_words, out.run);
  stages.start_stage("checksum");
  out.run.model = source->record(opened->hashes->get());
  clock.end();
  out.run.warnings = report::find_warnings(out.run);
  out.run.warnings.insert(out.run.warnings.end(), prepared.token_notes.begin(), prepared.token_notes.end());
  if (prepared.spec && prepared.spec->architecture.mlp.gated) {
    if (std::string warning = report::gated_sign_warning(out.run); !warning.empty())
      out.run.warnings.push_back(std::move(warning));
  }
  out.run.stages = clock.stages();
  out.units = std::move(found->units);
  if (auto stopped = watch.check(); !stopped) return store->explain(std::move(stopped).error());
  if (request.division.team->is_first()) {
    auto written =
        writer.write(out.run, sample_rows(prepared.labelled, prepared.samples), out.units, out.heatmaps);
    if (!written) return store->explain(std::move(written).error());
  }
  PENFIELD_TRY_VOID(request.division.team->meet());
  store->finish();
  return out;
}

Result<PartResult> run_part(const StudyRequest& request, std::string_view penfield_version,
                            store::ResultWriter& writer, const Watch& watch) {
  PENFIELD_TRY(const std::unique_ptr<OpenStudy> opened,
               OpenStudy::open(request, penfield_version, writer, watch));
  StudyStore& store = *opened->store;
  PartResult out{.taken_up = store.taken_up()};
  const Watch recording = recording_watch(store, watch);
  auto passes = opened->source->capture(store.activations(), recording);
  if (!passes) return store.explain(std::move(passes).error());
  PENFIELD_TRY_VOID(store.keep());
  const activations::CapturePlan& plan = opened->prepared.capture;
  out.n_passes_of_study = plan.passes.size();
  for (std::size_t p = 0; p < plan.passes.size(); ++p)
    out.n_passes += store.activations().has_pass(p) ? 1 : 0;
  return out;
}

}  // namespace penfield::study
