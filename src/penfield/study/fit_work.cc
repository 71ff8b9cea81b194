#include "penfield/study/fit_work.h"

#include <algorithm>
#include <cmath>

#include "penfield/association/fit_memory.h"
#include "penfield/base/parallel.h"
#include "penfield/permutation/permutation_memory.h"

namespace penfield::study {
namespace {

double n_units(const Prepared& prepared) {
  return static_cast<double>(prepared.plan.n_units());
}

double fit_seconds(const Prepared& prepared, std::uint64_t n_samples) {
  return static_cast<double>(n_samples) * n_units(prepared) *
         seconds_a_value(prepared.plan.regression, n_samples);
}

double permutation_flop(const Prepared& prepared, std::uint64_t n_samples) {
  return 2.0 * static_cast<double>(n_samples) * n_units(prepared) *
         static_cast<double>(prepared.permutation.n_permutations);
}

std::uint64_t n_unseen(const SplitRows& rows) {
  return rows.test ? rows.test->unseen.size() : 0;
}

// Scans of other labels, and of another model.
std::uint64_t n_null_scans(const ControlOptions& controls) {
  return controls.nulls->size() * *controls.n_null_runs;
}

// Fits, fits with options and permutations come one after the other.
std::uint64_t scratch_bytes(const Prepared& prepared, std::uint64_t n_samples) {
  const auto threads = static_cast<std::uint64_t>(n_threads());
  const std::size_t n_covariates = prepared.plan.regression.adjust.size();
  std::uint64_t most = association::fit_scratch_bytes(n_samples, sizeof(float), threads);
  const bool is_plain = !prepared.draws.first.discovery.regression;
  if (!is_plain) {
    most =
        std::max(most, association::adjusted_scratch_bytes(n_samples, sizeof(float), n_covariates, threads));
  }
  if (prepared.permutation.n_permutations > 0) {
    const std::uint64_t n_layers = prepared.plan.layers.size();
    const std::uint64_t n_families = prepared.plan.family == findings::Family::kLayer ? n_layers : 1;
    most = std::max(most,
                    permutation::permutation_bytes(n_samples, prepared.permutation.n_permutations, n_families,
                                                   static_cast<std::uint64_t>(n_units(prepared)), threads));
  }
  return most;
}

// A layer in another basis, beside the layer itself (rotated_store.h).
std::uint64_t rotated_bytes(const Prepared& prepared) {
  const std::vector<store::NullKind>& nulls = *prepared.plan.controls.nulls;
  if (std::ranges::find(nulls, store::NullKind::kRotation) == nulls.end()) return 0;
  std::uint64_t most = 0;
  for (const activations::CapturedMatrix& matrix : prepared.capture.matrices)
    most = std::max<std::uint64_t>(most, std::uint64_t{matrix.n_rows} * matrix.n_cols * sizeof(float));
  return most;
}

}  // namespace

double seconds_a_value(const RegressionOptions& options, std::uint64_t n_samples) {
  constexpr double kPlain = 0.83e-9;  // by log2 of the samples
  constexpr double kBeside = 9e-9, kCovariate = 3.5e-9, kClusters = 76e-9;
  constexpr double kFirth = 0.4e-6, kProfile = 0.8e-6, kShareOfCovariate = 0.65;
  const auto n_covariates = static_cast<double>(options.adjust.size());
  double seconds = kPlain * std::log2(static_cast<double>(std::max<std::uint64_t>(n_samples, 2)));
  if (n_covariates > 0) seconds += kBeside + kCovariate * n_covariates;
  if (options.cluster != Cluster::kNone) seconds += kClusters;
  const double by_unit = 1 + kShareOfCovariate * n_covariates;
  const bool is_small =
      options.firth == association::Firth::kAuto && n_samples < 2 * association::kSmallGroup;
  if (options.firth == association::Firth::kAlways || is_small) seconds += kFirth * by_unit;
  if (options.intervals == association::Intervals::kProfile) seconds += kProfile * by_unit;
  return seconds;
}

FitWork fit_work(const Prepared& prepared) {
  const SplitRows& first = prepared.draws.first;
  const std::uint64_t n_discovery = first.discovery.size(), n_held_out = first.held_out.size();
  const double permutations = prepared.permutation.n_permutations > 0 ? 1 : 0;
  const double again = prepared.plan.correction == findings::Correction::kMaxT ? permutations : 0;
  // Or more, where labels are many; as many again where documents are observations too.
  const double permuted_readings =
      prepared.permutation.within == PermuteWithin::kTokenTypeAndDocument ? 4 : 2;
  FitWork out;
  const double scan = fit_seconds(prepared, n_discovery) + fit_seconds(prepared, n_held_out);
  const double scan_flop = permutation_flop(prepared, n_discovery);
  out.thread_seconds = scan + fit_seconds(prepared, n_unseen(first));
  out.permutation_flop = scan_flop;
  out.n_readings = 1 + permuted_readings * permutations;
  std::uint64_t most = std::max(n_discovery, n_held_out);
  for (const RowSet& draw : prepared.draws.further) {
    most = std::max<std::uint64_t>(most, draw.size());
    out.thread_seconds += fit_seconds(prepared, draw.size());
    out.permutation_flop += again * permutation_flop(prepared, draw.size());
    out.n_readings += 1 + permuted_readings * again;
  }
  const auto n_nulls = static_cast<double>(n_null_scans(prepared.plan.controls));
  out.thread_seconds += n_nulls * scan;
  out.permutation_flop += n_nulls * again * scan_flop;
  out.n_readings += n_nulls * (1 + permuted_readings * again);
  // Rows that do not follow each other are gathered.
  out.bytes = scratch_bytes(prepared, most) +
              most * std::ranges::max(prepared.plan.layer_units) * sizeof(float) + rotated_bytes(prepared);
  return out;
}

}  // namespace penfield::study
