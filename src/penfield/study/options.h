// The options of a study: every option of `penfield scan`, and the defaults that the three profiles have for
// those not given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/findings/finding.h"
#include "penfield/labels/pieces.h"
#include "penfield/model/architecture.h"
#include "penfield/numeric/precision.h"
#include "penfield/recorded/layer_files.h"
#include "penfield/sample/plan_samples.h"
#include "penfield/study/rows/control_options.h"
#include "penfield/study/rows/permutation_options.h"
#include "penfield/study/rows/row_regression.h"
#include "penfield/study/storage/division.h"
#include "penfield/study/storage/storage.h"
#include "penfield/text/corpus.h"
#include "penfield/tokens/bos.h"
#include "penfield/tokens/token_stream.h"
#include "penfield/tokens/tokenizer.h"

namespace penfield::study {

enum class Profile : std::uint8_t {
  // proper-noun; all text up to a budget, half and half by document; a comparison matched in four traits;
  // words as observations, permuted; control lists where they are cheap.
  kRobust,
  // proper-noun; one window of separate documents for each split; a comparison of all other tokens; tokens as
  // observations, likelihood ratio, Bonferroni in one family.
  kDescriptive,
  // The published design: proper-noun-study, one joined stream, all positions, Wald, a family a layer.
  kStudy,
};

[[nodiscard]] std::string_view profile_name(Profile profile);

// As given on the command line; what was not given is empty.
struct StudyRequest {
  std::string model;         // as named
  std::string model_folder;  // where it lies
  std::vector<std::string> texts;
  std::string activations;  // a folder of recorded activations, in place of model and texts; empty: none
  Profile profile = Profile::kRobust;
  std::optional<std::string> concept_spec;
  labels::Pieces pieces = labels::Pieces::kFirst;
  std::optional<Site> site;  // Architecture::default_site where it is empty
  std::string layers = "all";
  std::optional<std::uint32_t> window;
  std::optional<std::uint64_t> n_discovery, n_held_out;  // windows
  std::optional<std::uint64_t> budget;                   // tokens
  std::optional<std::uint64_t> per_group;
  std::optional<std::uint32_t> skip_first;
  std::uint64_t heatmap_tokens = 2048;  // of each split
  std::optional<findings::Test> test;
  std::optional<findings::Correction> correction;
  std::optional<findings::Family> family;
  double alpha = 0.05;
  RegressionOptions regression;
  PermutationOptions permutation;
  std::optional<std::uint64_t> min_row_length, max_rows;
  text::InvalidUtf8 invalid_utf8 = text::InvalidUtf8::kRefuse;
  bool skip_invalid = false;
  std::optional<tokens::EncodeUnit> encode;
  tokens::Special special = tokens::Special::kToken;
  tokens::BosPolicy bos = tokens::BosPolicy::kAuto;
  std::uint64_t seed = 0;
  std::optional<std::uint64_t> memory_bytes;
  Spill spill = Spill::kAuto;
  Division division = {};  // among processes; decides no result
  ControlOptions controls = {};
  numeric::Precision precision = numeric::Precision::kFloat32;
};

// The resolved options, for one model.
struct StudyPlan {
  text::TextOptions text;
  tokens::EncodeOptions encode;
  std::string concept_spec;
  labels::Pieces pieces = labels::Pieces::kFirst;
  Site site = Site::kMlpPre;
  std::vector<std::uint32_t> layers;
  std::vector<std::uint32_t> layer_units;  // [layers] how many units each has at the site
  std::optional<TokenId> bos;              // before every window
  sample::SampleOptions sample;  // of text: with a BOS token, windows are one token shorter than --window
  findings::Test test = findings::Test::kLrt;
  findings::Correction correction = findings::Correction::kBonferroni;
  findings::Family family = findings::Family::kModel;
  double alpha = 0.05;
  ControlOptions controls;
  PermutationOptions permutation;
  RegressionOptions regression;
  // Every option with its resolved value, as text, for run.json.
  std::vector<std::pair<std::string, std::string>> flags;

  [[nodiscard]] std::uint64_t n_units() const;  // of all layers
};

// kUsage: a site or layer that the model does not have, a window longer than its context, alpha outside (0,
// 1), a flag that another leaves without effect.
// bos: as tokens::find_bos finds it. --window and --skip-first count it, as the position that it is.
[[nodiscard]] Result<StudyPlan> resolve(const StudyRequest& request, const model::Architecture& architecture,
                                        std::optional<TokenId> bos = {});

// The same for recorded activations and their tokens. The concept, where none was given, is the column of
// labels if there is one. kUsage also: an option that says something of a model, of its passes or of the
// reading of a text.
[[nodiscard]] Result<StudyPlan> resolve(const StudyRequest& request, const recorded::LayerFiles& layers,
                                        const tokens::TokenStream& stream);

}  // namespace penfield::study
