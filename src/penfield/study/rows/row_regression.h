// How the regressions of a set of rows are made: Firth, intervals, covariates, clusters. Prepared once for
// each row set, because the fit of the covariates depends on its labels and rows; all layers then share
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/base/result.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/sample/token_traits.h"
#include "penfield/store/run_record.h"
#include "penfield/study/rows/row_set.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::study {

enum class Cluster : std::uint8_t { kNone, kWord, kDocument };

struct RegressionOptions {
  association::Firth firth = association::Firth::kAuto;
  association::Intervals intervals = association::Intervals::kNone;
  std::vector<sample::Trait> adjust = {};
  Cluster cluster = Cluster::kNone;
};

// Each option with its value, as run.json keeps them: firth, intervals, adjust, cluster.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> describe(const RegressionOptions& options);

// Of every row of the captured blocks: [n_rows, adjust.size()] and [n_rows].
struct RowFacts {
  std::vector<double> covariates;
  std::vector<std::uint32_t> clusters;  // by options.cluster: its document, or its token type; empty: none
};
[[nodiscard]] RowFacts row_facts(const tokens::TokenStream& stream, const sample::TokenTraits& traits,
                                 const sample::SamplePlan& plan, const RegressionOptions& options);

// The options of fit_columns for one row set.
class RowRegression {
 public:
  // kBadInput, with `split` and the trait: a trait that is the same for all rows, made of others, or tells
  // the groups apart by itself.
  [[nodiscard]] static Result<RowRegression> prepare(const RegressionOptions& options, const RowFacts& facts,
                                                     const RowSet& rows, std::string_view split);
  // The same for rows that may lack a group, or a fit: is_possible() then is false.
  [[nodiscard]] static RowRegression prepare_if_possible(const RegressionOptions& options,
                                                         const RowFacts& facts, const RowSet& rows);

  // For other labels of the same rows.
  [[nodiscard]] RowRegression with_labels(std::span<const std::uint8_t> labels) const;
  // False where the covariates alone separate the labels, as permuted ones may by chance, or are no
  // covariates of these rows: no unit can be fitted.
  [[nodiscard]] bool is_possible() const { return is_possible_; }

  [[nodiscard]] association::FitOptions options() const;
  [[nodiscard]] bool is_adjusted() const { return covariates_.has_value(); }
  // Clusters among the rows; 0 without clusters.
  [[nodiscard]] const store::ClusterCounts& clusters() const { return counts_; }

 private:
  // Without covariates.
  [[nodiscard]] static RowRegression of_rows(const RegressionOptions& options, const RowFacts& facts,
                                             const RowSet& rows);
  [[nodiscard]] Result<void> set_labels(std::span<const std::uint8_t> labels);

  RegressionOptions asked_;
  std::vector<double> values_;  // [n_rows, adjust.size()]
  bool is_possible_ = true;
  std::optional<association::Covariates> covariates_;
  std::vector<std::uint32_t> clusters_;  // empty where there is but one
  store::ClusterCounts counts_;
};

// Gives further rows of the discovery text theirs.
[[nodiscard]] Result<void> set_regression(const RegressionOptions& options, const RowFacts& facts,
                                          std::span<RowSet> further);

// Gives both sets of rows their regression, and that of their unseen words, unless all options have their
// defaults. Also kBadInput: clusters by document where all discovery rows are of one document. Held-out rows
// of one document have no robust error. Unseen words are few: where they allow no adjusted fit there is none.
[[nodiscard]] Result<void> set_regressions(const RegressionOptions& options, const RowFacts& facts,
                                           SplitRows& rows);

}  // namespace penfield::study
