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

PermutationPlan permutation_plan(const StudyRequest& request, const StudyPlan& plan) {
  return {.n_permutations = *plan.permutation.n_permutations,
          .seed = request.seed,
          .within = *plan.permutation.within,
          .alpha = plan.alpha};
}

// Gives rows of `captured` their blocks and their exchange. kBadInput: labels cannot be permuted so. kUsage:
// no p can be below alpha, if p is that of the permutations.
Result<void> set_exchange(const Prepared& prepared, const sample::SamplePlan& captured,
                          std::uint64_t n_permutations, RowSet& rows) {
  const PermuteWithin within = prepared.permutation.within;
  set_blocks(within, prepared.labelled.stream, captured, rows);
  PENFIELD_TRY(permutation::Exchange exchange, exchange_of(within, rows));
  rows.exchange = std::make_shared<const permutation::Exchange>(std::move(exchange));
  if (prepared.plan.correction != findings::Correction::kMaxT) return {};
  return findings::check_permutations(n_permutations, permutation::neglog10_least_p(*rows.exchange),
                                      prepared.plan.alpha);
}

// Gives the rows of every draw their blocks and those of the scan their exchange. Errors, before the forward
// pass: those of set_exchange.
Result<void> prepare_permutation(Prepared& out) {
  if (out.permutation.n_permutations == 0) return {};
  const auto set = [&](RowSet& rows) {
    set_blocks(out.permutation.within, out.labelled.stream, out.draws.captured, rows);
  };
  for (RowSet& further : out.draws.further) set(further);
  for (SplitRows& list : out.draws.lists) set(list.discovery);
  return set_exchange(out, out.draws.captured, out.permutation.n_permutations, out.draws.first.discovery);
}

// Whether a control list can be fitted and tested as the concept is.
Result<void> check_list(const Prepared& prepared, const sample::TokenTraits& traits,
                        std::span<const std::uint32_t> word_strata, const sample::SamplePlan& list) {
  const tokens::TokenStream& stream = prepared.labelled.stream;
  const RegressionOptions& regression = prepared.plan.regression;
  SplitRows rows = unite_draws(stream, list, {}, {}, word_strata).first;
  PENFIELD_TRY_VOID(set_regressions(regression, row_facts(stream, traits, list, regression), rows));
  const std::uint64_t n = prepared.permutation.n_permutations;
  if (prepared.plan.correction != findings::Correction::kMaxT || n == 0) return {};
  return set_exchange(prepared, list, list_permutations(n, prepared.plan.alpha), rows.discovery);
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
Result<void> draw_samples(const labels::Concept& asked, const sample::TokenTraits& traits, const Watch& watch,
                          Prepared& out) {
  LabelledText& labelled = out.labelled;
  const labels::LabelTrack of_concept = labelled.track;
  PENFIELD_TRY(const std::optional<sample::NearMissTrack> near_miss, near_miss_of(asked, out));
  if (const auto& against = out.plan.controls.against)
    PENFIELD_TRY_VOID(set_against(*against, out.plan.pieces, labelled));
  PENFIELD_TRY_VOID(watch.check());
  PENFIELD_TRY(out.samples, sample::plan_samples(labelled.stream, labelled.track, out.plan.sample, &traits));
  const sample::LadderSamples ladder = sample::draw_ladder(of_concept, near_miss ? &*near_miss : nullptr,
                                                           out.samples, out.plan.sample, traits);
  const std::vector<std::uint32_t> word_strata = traits.word_strata(out.plan.sample.match);
  std::vector<sample::SamplePlan> lists;
  if (is_asked(out.plan, store::NullKind::kLists)) {
    const auto check = [&](const sample::SamplePlan& list) {
      return check_list(out, traits, word_strata, list);
    };
    PENFIELD_TRY(lists, plan_control_lists(labelled, out.plan.sample, traits, *out.plan.controls.n_null_runs,
                                           check, watch));
  }
  PENFIELD_TRY_VOID(watch.check());
  out.draws = unite_draws(labelled.stream, out.samples, ladder, lists, word_strata);
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
  out.permutation = permutation_plan(request, out.plan);
  const sample::TokenTraits traits(out.labelled.stream, out.labelled.corpus.documents);
  PENFIELD_TRY_VOID(draw_samples(asked, traits, watch, out));
  const RowFacts facts = row_facts(out.labelled.stream, traits, out.draws.captured, out.plan.regression);
  PENFIELD_TRY_VOID(watch.check());
  PENFIELD_TRY_VOID(set_regressions(out.plan.regression, facts, out.draws.first));
  PENFIELD_TRY_VOID(set_regression(out.plan.regression, facts, out.draws.further));
  for (SplitRows& list : out.draws.lists)
    PENFIELD_TRY_VOID(set_regressions(out.plan.regression, facts, list));
  PENFIELD_TRY_VOID(prepare_permutation(out));
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
