#include "penfield/study/options.h"

#include <algorithm>
#include <numeric>

#include "penfield/base/amounts.h"
#include "penfield/base/check.h"
#include "penfield/findings/judge.h"
#include "penfield/findings/names.h"
#include "penfield/model/sites.h"
#include "penfield/store/words.h"

namespace penfield::study {
namespace {

// The rows that the published study read: those longer than 50 characters (newline included) of the first
// 200.
constexpr std::uint64_t kStudyMinRowLength = 50;
constexpr std::uint64_t kStudyRows = 200;
// Twenty windows of 1,024 tokens for each split.
constexpr std::uint64_t kDefaultBudget_tokens = 40'960;
// Control lists are run by default where the activations of every token of the budget take no more than this:
// twenty lists sample most of the text.
constexpr std::uint64_t kListsBytes = std::uint64_t{1} << 30;
// Of recorded activations, whose contexts are as they were recorded: a window is no more than a share of the
// text.
constexpr std::uint32_t kRecordedWindow = 1024;

std::string optional_text(const std::optional<std::uint64_t>& value, std::string_view none) {
  return value ? std::to_string(*value) : std::string(none);
}

// A number of windows; with a budget, whether the split has its share of it.
std::string windows_text(const sample::SampleOptions& options, std::uint64_t n) {
  if (!options.budget || n == 0) return std::to_string(n);
  return options.n_held_out > 0 ? "half of the budget" : "the budget";
}

// Positions left out at the start of a window; a BOS token is one.
std::uint32_t skipped_positions(const StudyRequest& request) {
  return request.skip_first.value_or(request.profile == Profile::kStudy ? 0 : 1);
}

using Flags = std::vector<std::pair<std::string, std::string>>;

void append(const Flags& more, Flags& flags) {
  flags.insert(flags.end(), more.begin(), more.end());
}

Flags describe_model_and_text(const StudyRequest& request, const StudyPlan& plan) {
  std::string texts;
  for (const std::string& path : request.texts) texts += (texts.empty() ? "" : " ") + path;
  return {{"model", request.model},
          {"text", texts},
          {"bos", plan.bos ? "always" : "never"},
          {"min-row-length", std::to_string(plan.text.min_row_length)},
          {"rows", plan.text.max_rows ? std::to_string(*plan.text.max_rows) : "all"},
          {"replace-invalid", plan.text.invalid_utf8 == text::InvalidUtf8::kReplace ? "1" : "0"},
          {"skip-invalid", plan.text.skip_invalid ? "1" : "0"},
          {"encode", std::string(tokens::encode_unit_name(plan.encode.unit))},
          {"special", std::string(tokens::special_name(plan.encode.special))}};
}

Flags describe(const StudyRequest& request, const StudyPlan& plan) {
  Flags flags = {{"concept", plan.concept_spec},
                 {"pieces", std::string(labels::pieces_name(plan.pieces))},
                 {"profile", std::string(profile_name(request.profile))},
                 {"site", std::string(site_name(plan.site))},
                 {"layers", request.layers},
                 {"window", std::to_string(plan.sample.window_length + (plan.bos ? 1 : 0))},
                 {"budget", optional_text(plan.sample.budget, "none")},
                 {"discovery", windows_text(plan.sample, plan.sample.n_discovery)},
                 {"held-out", windows_text(plan.sample, plan.sample.n_held_out)},
                 {"per-group", optional_text(plan.sample.per_group, "all")},
                 {"skip-first", std::to_string(skipped_positions(request))},
                 {"heatmap-tokens", std::to_string(request.heatmap_tokens)},
                 {"test", std::string(findings::test_name(plan.test))},
                 {"alpha", fmt::format("{}", plan.alpha)},
                 {"correction", std::string(findings::correction_name(plan.correction))},
                 {"family", std::string(findings::family_name(plan.family))},
                 {"spill", std::string(spill_name(request.spill))},
                 {"seed", std::to_string(request.seed)}};
  for (const Flags& group : {describe(plan.regression), describe(plan.permutation), describe(plan.controls)})
    append(group, flags);
  return flags;
}

// Words are the observations unless an option speaks of tokens: a test of tokens, covariates, or other
// blocks.
bool observes_words(const StudyRequest& request) {
  if (request.profile != Profile::kRobust) return request.test == findings::Test::kWords;
  if (request.test) return *request.test == findings::Test::kWords;
  const auto& within = request.permutation.within;
  return request.regression.adjust.empty() && (!within || is_of_words(*within));
}

findings::Correction default_correction(bool of_words, const StudyRequest& request) {
  const bool permutes = of_words || request.permutation.within;
  return permutes && request.profile == Profile::kRobust ? findings::Correction::kMaxT
                                                         : findings::Correction::kBonferroni;
}

// Permuted are the means of words, or else the score of the tokens: units are ranked by what is permuted.
findings::Test default_test(bool of_words, Profile profile, findings::Correction correction) {
  if (of_words) return findings::Test::kWords;
  if (correction == findings::Correction::kMaxT) return findings::Test::kScore;
  return profile == Profile::kStudy ? findings::Test::kWald : findings::Test::kLrt;
}

void resolve_significance(const StudyRequest& request, StudyPlan& plan) {
  const bool of_words = observes_words(request);
  plan.correction = request.correction.value_or(default_correction(of_words, request));
  plan.test = request.test.value_or(default_test(of_words, request.profile, plan.correction));
  const bool study = request.profile == Profile::kStudy;
  plan.family = request.family.value_or(study ? findings::Family::kLayer : findings::Family::kModel);
  plan.alpha = request.alpha;
  plan.permutation = request.permutation;
  const bool permutes = plan.correction == findings::Correction::kMaxT || request.permutation.n_permutations;
  if (of_words && permutes && !plan.permutation.within) {
    const bool decides = plan.correction == findings::Correction::kMaxT;
    plan.permutation.within = decides ? PermuteWithin::kTokenTypeAndDocument : PermuteWithin::kTokenType;
  }
}

// Windows of text, and what is left out of them.
Result<void> resolve_windows(const StudyRequest& request, const model::Architecture& architecture,
                             StudyPlan& plan) {
  const std::uint32_t n_before = plan.bos ? 1 : 0;
  const std::uint32_t n_positions = request.window.value_or(architecture.default_window());
  if (n_positions <= n_before || n_positions > architecture.n_positions) {
    return usage_error("--window {}: the model's context is {} tokens; give {} to {}", n_positions,
                       architecture.n_positions, n_before + 1, architecture.n_positions);
  }
  const bool study = request.profile == Profile::kStudy;
  const std::uint32_t n_skipped = skipped_positions(request);
  plan.sample = {.window_length = n_positions - n_before,
                 .per_group = request.per_group,
                 .skip_first = n_skipped - std::min(n_skipped, n_before),
                 .seed = request.seed,
                 .layout = study ? sample::Layout::kJoinedStream : sample::Layout::kDocuments};
  return {};
}

// The text of both splits: a budget of tokens unless windows were given.
Result<void> resolve_split(const StudyRequest& request, sample::SampleOptions& sample) {
  const bool robust = request.profile == Profile::kRobust;
  const bool by_budget = robust && !request.n_discovery && request.n_held_out.value_or(0) == 0;
  if (request.budget && !by_budget) {
    return usage_error("--budget {}: {} says how much text is read; leave one out", *request.budget,
                       robust ? "--discovery or --held-out" : "--profile");
  }
  if (by_budget) {
    sample.budget = request.budget.value_or(kDefaultBudget_tokens);
    sample.n_held_out = request.n_held_out.value_or(1);
    return {};
  }
  sample.n_discovery = request.n_discovery.value_or(robust ? *request.n_held_out : 1);
  sample.n_held_out = request.n_held_out.value_or(robust ? sample.n_discovery : 1);
  return {};
}

// Control lists sample most of the text.
ControlDefaults control_defaults(const StudyRequest& request, const StudyPlan& plan) {
  if (request.profile != Profile::kRobust) return {};
  ControlDefaults out{.match = {sample::Trait::kLeadingSpace, sample::Trait::kLength,
                                sample::Trait::kLogFrequency, sample::Trait::kPosition}};
  const sample::SampleOptions& sample = plan.sample;
  const std::uint64_t n_tokens =
      sample.budget.value_or((sample.n_discovery + sample.n_held_out) * sample.window_length);
  const double n_bytes = static_cast<double>(n_tokens) * static_cast<double>(plan.n_units()) *
                         static_cast<double>(sizeof(float));
  if (sample.n_held_out > 0 && n_bytes <= static_cast<double>(kListsBytes))
    out.nulls = {store::NullKind::kLists};
  return out;
}

void resolve_text(const StudyRequest& request, StudyPlan& plan) {
  const bool study = request.profile == Profile::kStudy;
  plan.text.min_row_length = request.min_row_length.value_or(study ? kStudyMinRowLength : 0);
  plan.text.max_rows = request.max_rows;
  if (study && !request.max_rows) plan.text.max_rows = kStudyRows;
  plan.text.invalid_utf8 = request.invalid_utf8;
  plan.text.skip_invalid = request.skip_invalid;
  plan.text.max_memory_bytes = request.memory_bytes;
  plan.encode.unit =
      request.encode.value_or(study ? tokens::EncodeUnit::kRows : tokens::EncodeUnit::kDocuments);
  plan.encode.special = request.special;
  plan.concept_spec = request.concept_spec.value_or(study ? "proper-noun-study" : "proper-noun");
  plan.pieces = request.pieces;
}

// What does not depend on where activations come from. The window and the layers are known.
Result<void> resolve_analysis(const StudyRequest& request, StudyPlan& plan) {
  const bool study = request.profile == Profile::kStudy;
  PENFIELD_TRY_VOID(resolve_split(request, plan.sample));
  plan.controls = request.controls;
  PENFIELD_TRY_VOID(resolve(plan.controls, control_defaults(request, plan)));
  plan.controls.set(plan.sample);
  resolve_significance(request, plan);
  plan.regression = request.regression;
  if (study && plan.regression.firth == association::Firth::kAuto)
    plan.regression.firth = association::Firth::kSeparated;
  if (plan.correction == findings::Correction::kMaxT && !plan.regression.adjust.empty()) {
    return usage_error(
        "--adjust with --correction maxt: permutation tests the unadjusted score; use --match");
  }
  PENFIELD_TRY_VOID(resolve(plan.permutation, plan.correction));
  return findings::check_options({plan.test, plan.correction, plan.family, plan.alpha});
}

// kUsage: an option of a model, of its passes, or of the reading of a text.
Result<void> check_recorded(const StudyRequest& request) {
  const std::pair<bool, std::string_view> without_effect[] = {
      {!request.model.empty(), "--model"},
      {!request.texts.empty(), "--text"},
      {request.min_row_length.has_value(), "--min-row-length"},
      {request.max_rows.has_value(), "--rows"},
      {request.invalid_utf8 != text::InvalidUtf8::kRefuse, "--replace-invalid"},
      {request.skip_invalid, "--skip-invalid"},
      {request.encode.has_value(), "--encode"},
      {request.bos != tokens::BosPolicy::kAuto, "--bos"},
      {request.special != tokens::Special::kToken, "--special"},
      {request.precision != numeric::Precision::kFloat32, "--precision bf16"},
      {request.profile == Profile::kStudy, "--profile study"}};
  for (const auto& [given, flag] : without_effect) {
    if (given) {
      return usage_error(
          "{} with --activations: the activations and their tokens are in the folder already; "
          "leave it out",
          flag);
    }
  }
  if (request.window == 0) return usage_error("--window 0: a window holds at least 1 token");
  for (const store::NullKind kind : request.controls.nulls.value_or(std::vector<store::NullKind>{})) {
    if (kind == store::NullKind::kWeights || kind == store::NullKind::kInit) {
      return usage_error(
          "--null {} with --activations: it needs a model to run; labels, types, lists and rotation "
          "do not",
          store::word_of(kind));
    }
  }
  return {};
}

// "2, 3, 7"
template <class Values, class Name>
std::string listed(const Values& values, Name&& name) {
  std::string out;
  for (const auto& value : values) out += (out.empty() ? "" : ", ") + std::string(name(value));
  return out;
}

Result<void> choose_layers(const StudyRequest& request, const recorded::LayerFiles& layers, StudyPlan& plan) {
  const std::vector<Site> sites = layers.sites();
  plan.site = request.site.value_or(sites.front());
  const bool is_there = std::find(sites.begin(), sites.end(), plan.site) != sites.end();
  if (!is_there || (!request.site && sites.size() > 1)) {
    return usage_error("{}: {} has activations of {}; choose with --site", request.activations,
                       is_there ? "the folder" : fmt::format("--site {}: the folder", site_name(plan.site)),
                       listed(sites, site_name));
  }
  const std::vector<std::uint32_t> there = layers.layers_of(plan.site);
  plan.layers = there;
  if (request.layers != "all") {
    PENFIELD_TRY(plan.layers, parse_layers(request.layers, there.back() + 1));
  }
  for (const std::uint32_t layer : plan.layers) {
    const recorded::LayerMatrix* matrix = layers.find(plan.site, layer);
    if (matrix == nullptr) {
      return usage_error("--layers {}: {} has no layer {} of {}; it has {}", request.layers,
                         request.activations, layer, site_name(plan.site),
                         listed(there, [](std::uint32_t l) { return std::to_string(l); }));
    }
    plan.layer_units.push_back(matrix->n_units);
  }
  return {};
}

Result<std::string> recorded_concept(const StudyRequest& request, const tokens::TokenStream& stream) {
  if (request.concept_spec) return *request.concept_spec;
  std::vector<std::string> names;
  for (const tokens::LabelColumn& column : stream.label_columns) {
    if (column.why_not.empty()) names.push_back(column.name);
  }
  if (names.empty()) return std::string("proper-noun");
  if (names.size() == 1) return "label:" + names.front();
  return usage_error("{}: tokens.tsv has several columns of labels: {}; choose with -c label:{}",
                     request.activations, listed(names, [](const std::string& n) { return n; }),
                     names.front());
}

// One document has no other to be tested on: its first half is discovery, its second held out.
void split_one_document(const StudyRequest& request, const tokens::TokenStream& stream,
                        sample::SampleOptions& sample) {
  sample.layout = sample::Layout::kJoinedStream;
  if (!sample.budget) return;
  const std::uint64_t n_tokens = std::min<std::uint64_t>(stream.n_tokens(), *sample.budget);
  const std::uint64_t half = (n_tokens + 1) / 2;
  if (!request.window && half < sample.window_length) sample.window_length = static_cast<std::uint32_t>(half);
  const std::uint64_t n_windows = (n_tokens + sample.window_length - 1) / sample.window_length;
  sample.n_discovery = std::max<std::uint64_t>(1, n_windows / 2);
  sample.n_held_out = std::max<std::uint64_t>(1, n_windows - sample.n_discovery);
  sample.budget.reset();
}

}  // namespace

std::string_view profile_name(Profile profile) {
  switch (profile) {
    case Profile::kRobust:
      return "robust";
    case Profile::kDescriptive:
      return "descriptive";
    case Profile::kStudy:
      return "study";
  }
  PENFIELD_CHECK(false);
}

std::uint64_t StudyPlan::n_units() const {
  return std::accumulate(layer_units.begin(), layer_units.end(), std::uint64_t{0});
}

Result<StudyPlan> resolve(const StudyRequest& request, const model::Architecture& architecture,
                          std::optional<TokenId> bos) {
  StudyPlan plan;
  plan.site = request.site.value_or(architecture.default_site());
  PENFIELD_TRY_VOID(model::check_site(architecture, plan.site));
  PENFIELD_TRY(plan.layers, parse_layers(request.layers, architecture.n_layers()));
  plan.layer_units.assign(plan.layers.size(), architecture.n_units(plan.site));
  plan.bos = bos;
  resolve_text(request, plan);
  PENFIELD_TRY_VOID(resolve_windows(request, architecture, plan));
  PENFIELD_TRY_VOID(resolve_analysis(request, plan));
  plan.flags = describe_model_and_text(request, plan);
  append(describe(request, plan), plan.flags);
  return plan;
}

Result<StudyPlan> resolve(const StudyRequest& request, const recorded::LayerFiles& layers,
                          const tokens::TokenStream& stream) {
  PENFIELD_TRY_VOID(check_recorded(request));
  StudyPlan plan;
  PENFIELD_TRY_VOID(choose_layers(request, layers, plan));
  PENFIELD_TRY(plan.concept_spec, recorded_concept(request, stream));
  plan.pieces = request.pieces;
  plan.sample = {.window_length = request.window.value_or(kRecordedWindow),
                 .per_group = request.per_group,
                 .skip_first = skipped_positions(request),
                 .seed = request.seed};
  PENFIELD_TRY_VOID(resolve_analysis(request, plan));
  if (stream.n_documents() == 1 && plan.sample.n_held_out > 0)
    split_one_document(request, stream, plan.sample);
  plan.flags = {{"activations", request.activations}};
  append(describe(request, plan), plan.flags);
  return plan;
}

}  // namespace penfield::study
