#include "penfield/study/null_scans.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "penfield/base/check.h"
#include "penfield/study/storage/rotated_store.h"

namespace penfield::study {
namespace {

using findings::FindingOptions;
using store::NullKind;

// Streams of random numbers: "null", the kind, and the number of the run.
Random random_for(const NullLabels& null, std::uint64_t run) {
  constexpr std::uint64_t kPurpose = 0x6e756c6c00000000;
  return Random::stream(null.seed, kPurpose + (static_cast<std::uint64_t>(null.kind) << 24) + run);
}

// Chance that any of the families goes beyond its band where the test holds its level.
constexpr double kBeyondBand = 0.01;

void record_band(const FindingOptions& options, store::NullRecord& null) {
  const bool by_layer = options.family == findings::Family::kLayer;
  null.most_runs_of_a_family = by_layer ? 0 : null.n_runs_with_finding;
  for (const store::NullLayer& layer : null.layers) {
    if (by_layer)
      null.most_runs_of_a_family = std::max(null.most_runs_of_a_family, layer.n_runs_with_finding);
  }
  if ((null.kind != NullKind::kLabels && null.kind != NullKind::kLists) ||
      options.correction == findings::Correction::kNone)
    return;
  const std::size_t n_families = by_layer ? null.layers.size() : 1;
  null.band = binomial_band(null.n_runs, options.alpha, kBeyondBand / static_cast<double>(n_families));
}

double larger(double a, double b) {
  return std::isnan(a) || b > a ? b : a;
}

// The held-out AUC, of −x where that is larger.
double auc_strength(const findings::Finding& unit) {
  return 0.5 + std::abs(unit.held_out.auc - 0.5);
}

}  // namespace

std::uint64_t seed_of_run(std::uint64_t seed, std::uint64_t run) {
  constexpr std::uint64_t kPurpose = 0x72756e0000000000;  // "run", and its number
  return run == 0 ? seed : Random::stream(seed, kPurpose + run).below(~std::uint64_t{0});
}

SplitRows permute_labels(const SplitRows& rows, Random& random) {
  const auto permuted = [&](const RowSet& set) {
    std::vector<std::uint8_t> labels = set.labels;
    random.shuffle(std::span(labels));
    return with_labels(set, std::move(labels));
  };
  RowSet discovery = permuted(rows.discovery);  // discovery first: the order of the draws
  return {.discovery = std::move(discovery), .held_out = permuted(rows.held_out)};
}

SplitRows label_types(const SplitRows& rows, std::span<const TokenId> types, Random& random) {
  std::unordered_map<TokenId, std::uint64_t> n_rows;  // of discovery
  std::vector<TokenId> order;
  const auto meet = [&](TokenId type, std::uint64_t n) {
    const auto [at, is_new] = n_rows.emplace(type, 0);
    if (is_new) order.push_back(type);
    at->second += n;
  };
  for (const std::uint32_t row : rows.discovery.rows) meet(types[row], 1);
  for (const std::uint32_t row : rows.held_out.rows) meet(types[row], 0);
  random.shuffle(std::span(order));
  const auto n_target = static_cast<std::uint64_t>(
      std::count(rows.discovery.labels.begin(), rows.discovery.labels.end(), std::uint8_t{1}));
  std::unordered_map<TokenId, std::uint8_t> label;
  std::uint64_t n_so_far = 0;
  for (const TokenId type : order) {
    label[type] = n_so_far < n_target ? 1 : 0;
    n_so_far += n_rows[type];
  }
  const auto labelled = [&](const RowSet& set) {
    std::vector<std::uint8_t> labels;
    for (const std::uint32_t row : set.rows) labels.push_back(label[types[row]]);
    return with_labels(set, std::move(labels));
  };
  return {.discovery = labelled(rows.discovery), .held_out = labelled(rows.held_out)};
}

std::uint64_t binomial_band(std::uint64_t n, double p, double tail) {
  PENFIELD_CHECK(p > 0 && p < 1 && tail > 0);
  const auto n_all = static_cast<double>(n);
  double above = 1;
  for (std::uint64_t k = 0; k < n; ++k) {
    const auto at = static_cast<double>(k);
    const double log_choose = std::lgamma(n_all + 1) - std::lgamma(at + 1) - std::lgamma(n_all - at + 1);
    above -= std::exp(log_choose + at * std::log(p) + (n_all - at) * std::log1p(-p));
    if (above <= tail) return k;
  }
  return n;
}

void add_run(const findings::FindingTable& found, const FindingOptions& options, store::NullRecord& null) {
  if (null.layers.empty()) null.layers.resize(found.layers.size());
  PENFIELD_CHECK(null.layers.size() == found.layers.size());
  ++null.n_runs;
  null.n_runs_with_finding += found.n_significant > 0 ? 1 : 0;
  null.n_significant += found.n_significant;
  null.n_replicated += found.n_replicated;
  null.runs.push_back({.n_significant = found.n_significant,
                       .n_replicated = found.n_replicated,
                       .n_replicated_words = found.words.n_replicated,
                       .n_moderate = found.words.n_moderate,
                       .n_strong = found.words.n_strong});
  for (const findings::Finding& unit : found.units)
    null.runs.back().largest_auc = larger(null.runs.back().largest_auc, auc_strength(unit));
  for (std::size_t i = 0; i < found.layers.size(); ++i) {
    const findings::LayerSummary& from = found.layers[i];
    store::NullLayer& layer = null.layers[i];
    layer.site = from.site;
    layer.layer = from.layer;
    layer.n_units = from.n_units;
    const std::uint64_t n_significant = from.n_significant_positive + from.n_significant_negative;
    layer.n_runs_with_finding += n_significant > 0 ? 1 : 0;
    layer.n_significant += n_significant;
    layer.n_replicated += from.n_replicated_positive + from.n_replicated_negative;
    layer.best_neglog10_p = larger(layer.best_neglog10_p, from.best_neglog10_p);
    null.best_neglog10_p = larger(null.best_neglog10_p, from.best_neglog10_p);
  }
  for (const findings::Finding& unit : found.units) {
    if (unit.significant) null.best_held_out_auc = larger(null.best_held_out_auc, auc_strength(unit));
  }
  record_band(options, null);
}

Result<store::NullRecord> scan_other_labels(const activations::ActivationStore& store, const SplitRows& rows,
                                            std::span<const TokenId> types, const NullLabels& null,
                                            const ScanTest& test, const Watch& watch) {
  store::NullRecord out{.kind = null.kind};
  for (std::uint64_t run = 0; run < null.n_runs; ++run) {
    Random random = random_for(null, run);
    const SplitRows other =
        null.kind == NullKind::kLabels ? permute_labels(rows, random) : label_types(rows, types, random);
    PENFIELD_TRY_VOID(watch.step("null", run, null.n_runs, "runs"));
    PENFIELD_TRY(const findings::FindingTable found, find_units_again(store, other, test, watch));
    add_run(found, test.findings, out);
  }
  return out;
}

void count_beyond(const findings::FindingTable& found, store::NullRecord& null) {
  double largest = 0;
  for (const store::NullRun& run : null.runs) {
    if (std::isnan(run.largest_auc)) return;
    largest = std::max(largest, run.largest_auc);
  }
  null.n_units_beyond = static_cast<std::uint64_t>(std::ranges::count_if(
      found.units, [&](const findings::Finding& unit) { return auc_strength(unit) > largest; }));
}

Result<store::NullRecord> scan_null_models(
    const NullModels& models, std::span<const TokenId> stream_ids, const sample::SamplePlan& samples,
    const SplitRows& rows, const std::function<Result<activations::ActivationStore*>()>& open_store,
    const ScanTest& test, const Watch& watch) {
  const bool shuffled = models.kind == model::NullWeights::kShuffled;
  store::NullRecord out{.kind = shuffled ? NullKind::kWeights : NullKind::kInit};
  for (std::uint64_t run = 0; run < models.n_runs; ++run) {
    PENFIELD_TRY(const model::Model model,
                 model::Model::open_null(models.folder, models.spec, models.kind,
                                         seed_of_run(models.seed, run), models.precision, watch.stop()));
    const Watch as_null(
        [&](std::string_view, std::uint64_t done, std::uint64_t total, std::string_view unit) {
          return watch.step("null", run * total + done, models.n_runs * total, unit);
        },
        watch.stop());
    PENFIELD_TRY(activations::ActivationStore* const store, open_store());
    PENFIELD_TRY_VOID(activations::capture(model, stream_ids, samples.windows, *store, as_null));
    PENFIELD_TRY(const findings::FindingTable found, find_units_again(*store, rows, test, watch));
    add_run(found, test.findings, out);
  }
  return out;
}

Result<store::NullRecord> scan_rotations(const activations::ActivationStore& store, const SplitRows& rows,
                                         std::uint64_t n_runs, std::uint64_t seed, const ScanTest& test,
                                         const Watch& watch) {
  store::NullRecord out{.kind = NullKind::kRotation};
  for (std::uint64_t run = 0; run < n_runs; ++run) {
    PENFIELD_TRY_VOID(watch.step("null", run, n_runs, "rotations"));
    const RotatedStore rotated(store, seed_of_run(seed, run), watch);
    PENFIELD_TRY(const findings::FindingTable found, find_units_again(rotated, rows, test, watch));
    add_run(found, test.findings, out);
  }
  return out;
}

}  // namespace penfield::study
