// Null scans: the same scan where there is nothing to find.
//
//   labels   permuted among the samples of each split. Every finding is false, so if the test keeps its
//            level, at most a share alpha of the runs has a finding in a family
//
//   types    every token type gets one random label, in both splits: a control task (Hewitt & Liang 2019).
//            What is found, and replicates, is memory for words and no concept
//
//   lists    random words as frequent as the concept's: control_lists.h
//
//   weights   the same samples in the same model with the entries of every tensor permuted, including
//             embeddings and norms (parameter randomisation, Adebayo et al. 2018). What is found needs no
//             training: the words themselves separate the groups
//
//   init      the same in the model before any training
//
//   rotation  the same activations in a random basis of each layer: rotated_store.h
//
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/activations/capture.h"
#include "penfield/base/random.h"
#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/findings/judge.h"
#include "penfield/model/model_spec.h"
#include "penfield/model/weights.h"
#include "penfield/numeric/precision.h"
#include "penfield/store/control_record.h"
#include "penfield/study/find_units.h"
#include "penfield/study/rows/row_set.h"

namespace penfield::study {

// The same rows with the labels of each split permuted.
[[nodiscard]] SplitRows permute_labels(const SplitRows& rows, Random& random);

// The same rows with one label for each token type. Types become targets in random order until the discovery
// rows have as many targets as before, or a few more.
//   types  of the tokens of all captured rows
[[nodiscard]] SplitRows label_types(const SplitRows& rows, std::span<const TokenId> types, Random& random);

// The seed of a run of a null that draws a model or a basis: of run 0 `seed` itself, of each other run one
// that is drawn from it, so that no stream of a run is a stream of another, whatever their purposes.
[[nodiscard]] std::uint64_t seed_of_run(std::uint64_t seed, std::uint64_t run);

// The smallest k that binomial(n, p) exceeds with probability at most `tail`.
[[nodiscard]] std::uint64_t binomial_band(std::uint64_t n, double p, double tail);

// Adds what one run found.
void add_run(const findings::FindingTable& found, const findings::FindingOptions& options,
             store::NullRecord& null);

struct NullLabels {
  store::NullKind kind = store::NullKind::kLabels;  // or kTypes
  std::uint64_t n_runs = 1;
  std::uint64_t seed = 0;
};

// n_runs scans of the captured activations under other labels. Reports the stage "null" in
// runs. Errors: those of find_units.
[[nodiscard]] Result<store::NullRecord> scan_other_labels(const activations::ActivationStore& store,
                                                          const SplitRows& rows,
                                                          std::span<const TokenId> types,
                                                          const NullLabels& null, const ScanTest& test,
                                                          const Watch& watch);

// Counts the units of the scan that no unit of any run reaches (NullRecord::n_units_beyond).
void count_beyond(const findings::FindingTable& found, store::NullRecord& null);

struct NullModels {
  std::string folder;
  const model::ModelSpec& spec;
  model::NullWeights kind = model::NullWeights::kShuffled;
  std::uint64_t n_runs = 1;
  std::uint64_t seed = 0;  // seed_of_run
  numeric::Precision precision = numeric::Precision::kFloat32;
};

// n_runs scans of the plan's samples, each in another model with nothing learned. Needs the memory of its
// weights. Reports the stage "null" in windows of all runs. Errors: those of Model::open_null, of capture, of
// find_units and of open_store.
//   rows        rows_of_plan(samples), with what the scan gives its rows
//   open_store  an empty store for the samples and no heatmap, in place of the one before
[[nodiscard]] Result<store::NullRecord> scan_null_models(
    const NullModels& models, std::span<const TokenId> stream_ids, const sample::SamplePlan& samples,
    const SplitRows& rows, const std::function<Result<activations::ActivationStore*>()>& open_store,
    const ScanTest& test, const Watch& watch);

// n_runs scans of the captured activations in other bases (rotated_store.h). Reports the stage "null" in
// runs. Errors: those of find_units.
[[nodiscard]] Result<store::NullRecord> scan_rotations(const activations::ActivationStore& store,
                                                       const SplitRows& rows, std::uint64_t n_runs,
                                                       std::uint64_t seed, const ScanTest& test,
                                                       const Watch& watch);

}  // namespace penfield::study
