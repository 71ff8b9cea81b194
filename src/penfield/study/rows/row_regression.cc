#include "penfield/study/rows/row_regression.h"

#include <algorithm>
#include <memory>
#include <set>

namespace penfield::study {
namespace {

using association::Firth;
using association::Intervals;

std::string_view firth_name(Firth firth) {
  switch (firth) {
    case Firth::kSeparated:
      return "separated";
    case Firth::kAlways:
      return "always";
    case Firth::kNever:
      return "never";
    case Firth::kAuto:
      return "auto";
  }
  return "";
}

std::string_view intervals_name(Intervals intervals) {
  return intervals == Intervals::kProfile ? "profile" : intervals == Intervals::kWald ? "wald" : "none";
}

bool asks_for_nothing(const RegressionOptions& options) {
  return options.firth == Firth::kAuto && options.intervals == Intervals::kNone && options.adjust.empty() &&
         options.cluster == Cluster::kNone;
}

std::string_view cluster_name(Cluster cluster) {
  return cluster == Cluster::kDocument ? "document" : cluster == Cluster::kWord ? "word" : "none";
}

// The rows' clusters as 0 … n - 1.
std::vector<std::uint32_t> number_clusters(const RowFacts& facts, const RowSet& rows) {
  std::vector<std::uint32_t> distinct;
  for (const std::uint32_t row : rows.rows) distinct.push_back(facts.clusters[row]);
  std::vector<std::uint32_t> out = distinct;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  for (std::uint32_t& id : out) {
    id =
        static_cast<std::uint32_t>(std::lower_bound(distinct.begin(), distinct.end(), id) - distinct.begin());
  }
  return out;
}

store::ClusterCounts count_clusters(std::span<const std::uint32_t> clusters,
                                    std::span<const std::uint8_t> labels) {
  std::set<std::uint32_t> all, of_group[2];
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    all.insert(clusters[i]);
    if (labels[i] <= 1) of_group[labels[i]].insert(clusters[i]);
  }
  return {.n = all.size(), .n_with_target = of_group[1].size(), .n_with_comparison = of_group[0].size()};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> describe(const RegressionOptions& options) {
  std::string adjust;
  for (const sample::Trait trait : options.adjust)
    adjust.append(adjust.empty() ? "" : ",").append(sample::trait_name(trait));
  return {{"firth", std::string(firth_name(options.firth))},
          {"intervals", std::string(intervals_name(options.intervals))},
          {"adjust", adjust.empty() ? "none" : adjust},
          {"cluster", std::string(cluster_name(options.cluster))}};
}

RowFacts row_facts(const tokens::TokenStream& stream, const sample::TokenTraits& traits,
                   const sample::SamplePlan& plan, const RegressionOptions& options) {
  RowFacts facts;
  if (!options.adjust.empty()) facts.covariates = traits.table(plan, options.adjust);
  if (options.cluster == Cluster::kNone) return facts;
  for (const sample::Sample& sample : plan.samples) {
    const std::uint64_t t = plan.windows[sample.window].first_token + sample.position;
    facts.clusters.push_back(options.cluster == Cluster::kDocument
                                 ? stream.document_of(t)
                                 : static_cast<std::uint32_t>(stream.ids[t]));
  }
  return facts;
}

RowRegression RowRegression::of_rows(const RegressionOptions& options, const RowFacts& facts,
                                     const RowSet& rows) {
  RowRegression out;
  out.asked_ = options;
  if (options.cluster != Cluster::kNone) {
    out.clusters_ = number_clusters(facts, rows);
    out.counts_ = count_clusters(out.clusters_, rows.labels);
    if (out.counts_.n < 2) out.clusters_.clear();
  }
  const std::size_t n_traits = options.adjust.size();
  for (const std::uint32_t row : rows.rows) {
    const auto first = facts.covariates.begin() + static_cast<std::ptrdiff_t>(row * n_traits);
    out.values_.insert(out.values_.end(), first, first + static_cast<std::ptrdiff_t>(n_traits));
  }
  return out;
}

Result<RowRegression> RowRegression::prepare(const RegressionOptions& options, const RowFacts& facts,
                                             const RowSet& rows, std::string_view split) {
  RowRegression out = of_rows(options, facts, rows);
  const Result<void> made = out.set_labels(rows.labels);
  if (!made) return bad_input("--adjust, {} text: {}", split, made.error().message);
  return out;
}

RowRegression RowRegression::prepare_if_possible(const RegressionOptions& options, const RowFacts& facts,
                                                 const RowSet& rows) {
  RowRegression out = of_rows(options, facts, rows);
  const bool has_both = std::ranges::count(rows.labels, 1) > 0 && std::ranges::count(rows.labels, 0) > 0;
  out.is_possible_ = has_both && out.set_labels(rows.labels).has_value();
  return out;
}

Result<void> RowRegression::set_labels(std::span<const std::uint8_t> labels) {
  if (asked_.adjust.empty()) return {};
  std::vector<std::string> names;
  for (const sample::Trait trait : asked_.adjust) names.emplace_back(sample::trait_name(trait));
  PENFIELD_TRY(covariates_, association::Covariates::prepare({values_.data(), labels.size(), names.size()},
                                                             names, labels));
  return {};
}

RowRegression RowRegression::with_labels(std::span<const std::uint8_t> labels) const {
  RowRegression out = *this;
  out.is_possible_ = out.set_labels(labels).has_value();
  return out;
}

association::FitOptions RowRegression::options() const {
  return {.firth = asked_.firth,
          .intervals = asked_.intervals,
          .covariates = covariates_ ? &*covariates_ : nullptr,
          .clusters = clusters_,
          .n_clusters = clusters_.empty() ? 0 : counts_.n};
}

Result<void> set_regression(const RegressionOptions& options, const RowFacts& facts,
                            std::span<RowSet> further) {
  if (asks_for_nothing(options)) return {};
  for (RowSet& set : further) {
    PENFIELD_TRY(RowRegression regression, RowRegression::prepare(options, facts, set, "discovery"));
    set.regression = std::make_shared<const RowRegression>(std::move(regression));
  }
  return {};
}

Result<void> set_regressions(const RegressionOptions& options, const RowFacts& facts, SplitRows& rows) {
  if (asks_for_nothing(options)) return {};
  for (const auto& [set, split] :
       {std::pair(&rows.discovery, "discovery"), std::pair(&rows.held_out, "held-out")}) {
    if (set->size() == 0) continue;
    PENFIELD_TRY(RowRegression regression, RowRegression::prepare(options, facts, *set, split));
    if (set == &rows.discovery && regression.clusters().n == 1) {
      return bad_input(
          "--cluster {0}: all discovery samples are of one {0}, and errors robust to dependence need more; give "
          "--discovery more windows",
          cluster_name(options.cluster));
    }
    set->regression = std::make_shared<const RowRegression>(std::move(regression));
  }
  if (!rows.test || rows.test->unseen.size() == 0) return {};
  // Reported are p and the areas, no interval of β and no robust error.
  const RegressionOptions of_unseen = {.firth = options.firth, .adjust = options.adjust};
  RowSet& unseen = rows.test->unseen;
  unseen.regression =
      std::make_shared<const RowRegression>(RowRegression::prepare_if_possible(of_unseen, facts, unseen));
  return {};
}

}  // namespace penfield::study
