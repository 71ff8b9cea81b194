#include "penfield/study/options.h"

#include "penfield/base/amounts.h"
#include "penfield/findings/judge.h"
#include "penfield/findings/names.h"
#include "penfield/model/sites.h"

namespace penfield::study {
namespace {

// The rows that the published study read: those longer than 50 characters (newline included) of the first
// 200.
constexpr std::uint64_t kStudyMinRowLength = 50;
constexpr std::uint64_t kStudyRows = 200;

std::string optional_text(const std::optional<std::uint64_t>& value, std::string_view none) {
  return value ? std::to_string(*value) : std::string(none);
}

std::vector<std::pair<std::string, std::string>> describe(const StudyRequest& request,
                                                          const StudyPlan& plan) {
  std::string texts;
  for (const std::string& path : request.texts) texts += (texts.empty() ? "" : " ") + path;
  std::vector<std::pair<std::string, std::string>> flags = {
      {"model", request.model},
      {"text", texts},
      {"concept", plan.concept_spec},
      {"pieces", std::string(labels::pieces_name(plan.pieces))},
      {"profile", std::string(profile_name(request.profile))},
      {"site", std::string(site_name(plan.site))},
      {"layers", request.layers},
      {"window", std::to_string(plan.sample.window_length)},
      {"discovery", std::to_string(plan.sample.n_discovery)},
      {"held-out", std::to_string(plan.sample.n_held_out)},
      {"per-group", optional_text(plan.sample.per_group, "all")},
      {"skip-first", std::to_string(plan.sample.skip_first)},
      {"test", std::string(findings::test_name(plan.test))},
      {"alpha", fmt::format("{}", plan.alpha)},
      {"correction", std::string(findings::correction_name(plan.correction))},
      {"family", std::string(findings::family_name(plan.family))},
      {"min-row-length", std::to_string(plan.text.min_row_length)},
      {"rows", plan.text.max_rows ? std::to_string(*plan.text.max_rows) : "all"},
      {"replace-invalid", plan.text.invalid_utf8 == text::InvalidUtf8::kReplace ? "1" : "0"},
      {"spill", std::string(spill_name(request.spill))},
      {"seed", std::to_string(request.seed)}};
  for (const auto& group : {describe(plan.regression), describe(plan.permutation), describe(plan.controls)}) {
    flags.insert(flags.end(), group.begin(), group.end());
  }
  return flags;
}

// What is permuted is the score statistic, so units are ranked by it too unless asked otherwise.
findings::Test default_test(bool study, findings::Correction correction) {
  if (correction == findings::Correction::kMaxT) return findings::Test::kScore;
  return study ? findings::Test::kWald : findings::Test::kLrt;
}

}  // namespace

std::string_view profile_name(Profile profile) {
  return profile == Profile::kStudy ? "study" : "robust";
}

Result<StudyPlan> resolve(const StudyRequest& request, const model::Architecture& architecture) {
  const bool study = request.profile == Profile::kStudy;
  StudyPlan plan;
  plan.text.min_row_length = request.min_row_length.value_or(study ? kStudyMinRowLength : 0);
  plan.text.max_rows = request.max_rows;
  if (study && !request.max_rows) plan.text.max_rows = kStudyRows;
  plan.text.invalid_utf8 = request.invalid_utf8;
  plan.concept_spec = request.concept_spec.value_or(study ? "proper-noun-study" : "proper-noun");
  plan.pieces = request.pieces;
  plan.site = request.site.value_or(architecture.default_site());
  PENFIELD_TRY_VOID(model::check_site(architecture, plan.site));
  PENFIELD_TRY(plan.layers, parse_layers(request.layers, architecture.n_layers()));
  if (request.window && (*request.window == 0 || *request.window > architecture.n_positions)) {
    return usage_error("--window {}: the model's context is {} tokens; give 1 to {}", *request.window,
                       architecture.n_positions, architecture.n_positions);
  }
  plan.sample = {.window_length = request.window.value_or(architecture.default_window()),
                 .n_discovery = request.n_discovery,
                 .n_held_out = request.n_held_out,
                 .per_group = request.per_group,
                 .skip_first = request.skip_first.value_or(study ? 0 : 1),
                 .seed = request.seed,
                 .layout = study ? sample::Layout::kJoinedStream : sample::Layout::kDocuments};
  plan.controls = request.controls;
  PENFIELD_TRY_VOID(resolve(plan.controls));
  plan.controls.set(plan.sample);
  plan.correction = request.correction.value_or(findings::Correction::kBonferroni);
  plan.test = request.test.value_or(default_test(study, plan.correction));
  plan.family = request.family.value_or(study ? findings::Family::kLayer : findings::Family::kModel);
  plan.alpha = request.alpha;
  plan.regression = request.regression;
  if (plan.correction == findings::Correction::kMaxT && !plan.regression.adjust.empty()) {
    return usage_error(
        "--adjust with --correction maxt: permutation tests the unadjusted score; use --match");
  }
  plan.permutation = request.permutation;
  PENFIELD_TRY_VOID(resolve(plan.permutation, plan.correction));
  PENFIELD_TRY_VOID(findings::check_options({plan.test, plan.correction, plan.family, plan.alpha}));
  plan.flags = describe(request, plan);
  return plan;
}

}  // namespace penfield::study
