#include "penfield/study/prepare.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "penfield/findings/max_t.h"
#include "penfield/formats/sha256.h"
#include "penfield/labels/contrast.h"
#include "penfield/labels/label_tokens.h"
#include "penfield/labels/near_miss.h"
#include "penfield/numeric/matmul_bf16.h"
#include "penfield/numeric/precision.h"
#include "penfield/numeric/simd_target.h"
#include "penfield/recorded/token_table.h"
#include "penfield/sample/ladder.h"
#include "penfield/sample/token_traits.h"
#include "penfield/study/control_lists.h"
#include "penfield/study/rows/row_regression.h"
#include "penfield/study/text_records.h"
#include "penfield/tokens/bos.h"
#include "penfield/tokens/check_ids.h"
#include "penfield/tokens/show_token.h"

namespace penfield::study {
namespace {

// Gives the rows of every draw their blocks and those of the scan their exchange. kBadInput, before the
// forward pass: labels cannot be permuted so.
Result<void> prepare_permutation(const StudyRequest& request, Prepared& out) {
  const PermutationOptions& options = out.plan.permutation;
  out.permutation = {.n_permutations = *options.n_permutations,
                     .seed = request.seed,
                     .within = *options.within,
                     .alpha = out.plan.alpha};
  if (out.permutation.n_permutations == 0) return {};
  RowSet& discovery = out.draws.first.discovery;
  const auto set = [&](RowSet& rows) {
    set_blocks(out.permutation.within, out.labelled.stream, out.draws.captured, rows);
  };
  set(discovery);
  for (RowSet& further : out.draws.further) set(further);
  for (SplitRows& list : out.draws.lists) set(list.discovery);
  PENFIELD_TRY(permutation::Exchange exchange, exchange_of(out.permutation.within, discovery));
  discovery.exchange = std::make_shared<const permutation::Exchange>(std::move(exchange));
  if (out.plan.correction != findings::Correction::kMaxT) return {};
  return findings::check_permutations(out.permutation.n_permutations,
                                      permutation::neglog10_least_p(*discovery.exchange), out.plan.alpha);
}

bool is_asked(const StudyPlan& plan, store::NullKind kind) {
  const std::vector<store::NullKind>& nulls = *plan.controls.nulls;
  return std::find(nulls.begin(), nulls.end(), kind) != nulls.end();
}

// Leaves only the tokens of the other concept for comparison.
Result<void> set_against(const std::string& spec, labels::Pieces pieces, LabelledText& labelled) {
  PENFIELD_TRY(const labels::Concept against, labels::Concept::parse(spec));
  PENFIELD_TRY(const labels::LabelTrack other,
               labels::label_tokens(against, labelled.corpus, labelled.stream, pieces));
  labelled.track = labels::contrast(std::move(labelled.track), other);
  return {};
}

// The tokens of the concept's near miss; none where it has none.
Result<std::optional<sample::NearMissTrack>> near_miss_of(const labels::Concept& asked, Prepared& out) {
  const std::string& name = *out.plan.controls.near_miss;
  if (name == "none") return std::nullopt;
  std::optional<labels::NearMiss> near;
  if (name == "auto") {
    near = labels::near_miss(asked);
  } else {
    near = {.concept_spec = name, .phrase = name};
  }
  if (!near || near->kind != labels::NearMiss::Kind::kConcept) return std::nullopt;
  PENFIELD_TRY(const labels::Concept of_near, labels::Concept::parse(near->concept_spec));
  if (name == "auto" && of_near.needs_gold() && !asked.needs_gold()) return std::nullopt;
  PENFIELD_TRY(labels::LabelTrack track,
               labels::label_tokens(of_near, out.labelled.corpus, out.labelled.stream, out.plan.pieces));
  out.near_miss_name = near->phrase;
  const auto strata =
      near->by_sentence_initial ? std::optional(sample::Trait::kSentenceInitial) : std::nullopt;
  return sample::NearMissTrack{std::move(track), strata};
}

// The samples of the scan, its ladder and its control lists, and their rows.
Result<void> draw_samples(const labels::Concept& asked, const Watch& watch, Prepared& out) {
  LabelledText& labelled = out.labelled;
  const sample::TokenTraits traits(labelled.stream, labelled.corpus.documents);
  const labels::LabelTrack of_concept = labelled.track;
  PENFIELD_TRY(const std::optional<sample::NearMissTrack> near_miss, near_miss_of(asked, out));
  if (const auto& against = out.plan.controls.against)
    PENFIELD_TRY_VOID(set_against(*against, out.plan.pieces, labelled));
  PENFIELD_TRY_VOID(watch.check());
  PENFIELD_TRY(out.samples, sample::plan_samples(labelled.stream, labelled.track, out.plan.sample, &traits));
  const sample::LadderSamples ladder = sample::draw_ladder(of_concept, near_miss ? &*near_miss : nullptr,
                                                           out.samples, out.plan.sample, traits);
  std::vector<sample::SamplePlan> lists;
  if (is_asked(out.plan, store::NullKind::kLists)) {
    PENFIELD_TRY(
        lists, plan_control_lists(labelled, out.plan.sample, traits, *out.plan.controls.n_null_runs, watch));
  }
  PENFIELD_TRY_VOID(watch.check());
  out.draws =
      unite_draws(labelled.stream, out.samples, ladder, lists, traits.word_strata(out.plan.sample.match));
  return {};
}

// The model's tokens of the text, labelled.
Result<void> read_model_and_text(const StudyRequest& request, StageClock& clock, const Watch& watch,
                                 Prepared& out) {
  PENFIELD_TRY(out.spec, model::read_model_spec(request.model_folder));
  const model::Architecture& architecture = out.spec->architecture;
  PENFIELD_TRY(const tokens::Tokenizer tokenizer, tokens::Tokenizer::open(request.model_folder));
  PENFIELD_TRY(const std::optional<TokenId> bos,
               tokens::find_bos(tokenizer.spec(), request.bos, architecture.vocab_size, request.model));
  PENFIELD_TRY(out.plan, resolve(request, architecture, bos));
  if (bos) out.bos_text = tokens::show_token(tokenizer.token_bytes(*bos));
  PENFIELD_TRY(const labels::Concept asked, labels::Concept::parse(out.plan.concept_spec));
  PENFIELD_TRY(out.labelled, read_labelled_text(request.texts, out.plan.text, tokenizer, out.plan.encode,
                                                asked, out.plan.pieces, clock, watch));
  const tokens::TokenStream& stream = out.labelled.stream;
  PENFIELD_TRY_VOID(tokens::check_ids(stream, out.labelled.corpus, tokenizer, architecture.vocab_size));
  out.token_notes = tokens::notes_on(stream, tokenizer, architecture.vocab_size);
  return {};
}

// The recorded tokens, labelled, and the files of the layers that are scanned.
Result<void> read_recorded(const StudyRequest& request, StageClock& clock, Prepared& out) {
  clock.start_stage("read");
  PENFIELD_TRY(recorded::TokenTable table, recorded::read_token_table(request.activations + "/tokens.tsv"));
  clock.note({.bytes_read = table.corpus.files.front().n_bytes});
  PENFIELD_TRY(recorded::LayerFiles layers,
               recorded::LayerFiles::open(request.activations, table.stream.n_tokens()));
  PENFIELD_TRY(out.plan, resolve(request, layers, table.stream));
  layers.keep(out.plan.site, out.plan.layers);
  out.recorded = std::make_shared<const recorded::LayerFiles>(std::move(layers));
  PENFIELD_TRY(const labels::Concept asked, labels::Concept::parse(out.plan.concept_spec));
  clock.start_stage("label");
  out.labelled.corpus = std::move(table.corpus);
  out.labelled.stream = std::move(table.stream);
  PENFIELD_TRY(out.labelled.track,
               labels::label_tokens(asked, out.labelled.corpus, out.labelled.stream, out.plan.pieces));
  clock.end();
  return {};
}

// Heatmaps of a model are products with what its blocks read; those of recorded activations are in their
// files.
void plan_captures(Prepared& out) {
  const StudyPlan& plan = out.plan;
  activations::CaptureRequest request{
      .sites = {plan.site}, .layers = plan.layers, .heatmap_windows = {}, .bos = plan.bos};
  if (out.recorded) {
    const auto units = [&](Site site, std::uint32_t layer) {
      return out.recorded->find(site, layer)->n_units;
    };
    out.capture = activations::plan_capture({.units = units, .inputs = 0}, out.draws.captured, request);
    return;
  }
  const model::Architecture& architecture = out.spec->architecture;
  if (is_asked(plan, store::NullKind::kWeights) || is_asked(plan, store::NullKind::kInit))
    out.null_capture = activations::plan_capture(architecture, out.samples, request);
  request.heatmap_windows = out.heatmap_windows;
  out.capture = activations::plan_capture(architecture, out.draws.captured, request);
}

template <class T>
std::string sha256_of(const std::vector<T>& values) {
  formats::Sha256 hash;
  hash.update(std::as_bytes(std::span(values)));
  return hash.hex();
}

}  // namespace

Result<Prepared> prepare(const StudyRequest& request, StageClock& clock, const Watch& watch) {
  Prepared out;
  PENFIELD_TRY_VOID(request.activations.empty() ? read_model_and_text(request, clock, watch, out)
                                                : read_recorded(request, clock, out));
  PENFIELD_TRY_VOID(watch.check());
  clock.start_stage("sample");
  PENFIELD_TRY(const labels::Concept asked, labels::Concept::parse(out.plan.concept_spec));
  PENFIELD_TRY_VOID(draw_samples(asked, watch, out));
  const RowFacts facts =
      row_facts(out.labelled.stream, out.labelled.corpus.documents, out.draws.captured, out.plan.regression);
  PENFIELD_TRY_VOID(watch.check());
  PENFIELD_TRY_VOID(set_regressions(out.plan.regression, facts, out.draws.first));
  PENFIELD_TRY_VOID(set_regression(out.plan.regression, facts, out.draws.further));
  PENFIELD_TRY_VOID(prepare_permutation(request, out));
  clock.end();
  out.heatmap_windows = heatmap_windows(out.samples, request.heatmap_tokens);
  plan_captures(out);
  return out;
}

Result<store::RunInputs> inputs_of(const StudyRequest& request, const Prepared& prepared,
                                   std::string_view version) {
  store::RunInputs inputs = {{"penfield", std::string(version)}};
  for (const auto& flag : prepared.plan.flags) inputs.push_back(flag);
  for (const text::TextFile& file : prepared.labelled.corpus.files)
    inputs.emplace_back("text " + file.path, file.sha256);
  if (prepared.spec) inputs.emplace_back("config.json", prepared.spec->config_sha256);
  // The tokenizer's files, which are no inputs themselves, say which token it is.
  if (const auto& bos = prepared.plan.bos)
    inputs.emplace_back("BOS token", std::to_string(static_cast<std::uint32_t>(*bos)));
  inputs.emplace_back("precision", std::string(numeric::precision_name(request.precision)));
  // Tiles sum in another order than what other processors do: one run is not to mix the two.
  if (request.precision == numeric::Precision::kBfloat16 && numeric::has_bf16_tiles())
    inputs.emplace_back("products", numeric::product_kernel(request.precision));
  inputs.emplace_back("token ids", sha256_of(prepared.labelled.stream.ids));
  formats::Sha256 drawn;
  for (const sample::Sample& sample : prepared.draws.captured.samples)
    drawn.update(fmt::format("{} {} {}\n", sample.window, sample.position, sample.is_target ? 1 : 0));
  inputs.emplace_back("drawn positions", drawn.hex());
  return inputs;
}

}  // namespace penfield::study
