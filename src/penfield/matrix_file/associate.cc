#include "penfield/matrix_file/associate.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "penfield/findings/max_t.h"
#include "penfield/formats/npy.h"
#include "penfield/matrix_file/fit_matrix.h"
#include "penfield/matrix_file/group_ids.h"
#include "penfield/permutation/permuted_labels.h"

namespace penfield::matrix_file {
namespace {

Result<std::vector<std::uint8_t>> labels_of(const Values& y, std::uint64_t n_samples) {
  if (!y.is_vector() || y.values.size() != n_samples) {
    return bad_input("{}: {} labels with {} axes, but X has {} rows; y is one axis with a label a row",
                     y.name, y.values.size(), y.shape.size(), n_samples);
  }
  std::vector<std::uint8_t> labels(y.values.size());
  std::uint64_t n_target = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (y.values[i] != 0 && y.values[i] != 1)
      return bad_input("{}: label {} is {}; labels are 0 or 1", y.name, i, y.values[i]);
    labels[i] = static_cast<std::uint8_t>(y.values[i]);
    n_target += labels[i];
  }
  if (n_target == 0 || n_target == labels.size()) {
    return bad_input("{}: all {} labels are {}; both groups need samples", y.name, labels.size(),
                     n_target == 0 ? 0 : 1);
  }
  return labels;
}

// Empty where none are given.
Result<GroupIds> clusters_of(const std::optional<Values>& given, std::uint64_t n_samples) {
  if (!given) return GroupIds{};
  PENFIELD_TRY(GroupIds clusters, group_ids(*given, n_samples, "cluster"));
  if (clusters.n < 2) {
    return bad_input("{}: all samples are of one cluster; errors robust to clusters need two or more",
                     given->name);
  }
  return clusters;
}

// None where none are given.
Result<std::optional<association::Covariates>> covariates_of(const std::optional<Values>& given,
                                                             std::span<const std::uint8_t> labels) {
  if (!given) return std::nullopt;
  const std::vector<std::uint64_t>& shape = given->shape;
  const bool is_one = given->is_vector() && given->values.size() == labels.size();
  if (!is_one && (shape.size() != 2 || shape[0] != labels.size() || shape[1] == 0)) {
    return bad_input(
        "{}: covariates are [samples, covariates], with X's {} rows; these have {} axes and {} values",
        given->name, labels.size(), shape.size(), given->values.size());
  }
  const std::size_t n_covariates = is_one ? 1 : static_cast<std::size_t>(shape[1]);
  std::vector<std::string> names;
  for (std::size_t k = 0; k < n_covariates; ++k) names.push_back(fmt::format("{}[:, {}]", given->name, k));
  PENFIELD_TRY(
      association::Covariates covariates,
      association::Covariates::prepare({given->values.data(), labels.size(), n_covariates}, names, labels));
  return std::optional(std::move(covariates));
}

Result<permutation::Exchange> exchange_of(const std::optional<Values>& given,
                                          std::span<const std::uint8_t> labels) {
  if (!given) return permutation::exchange_freely(labels);
  PENFIELD_TRY(const GroupIds blocks, group_ids(*given, labels.size(), "block"));
  permutation::Exchange exchange = permutation::exchange_within(labels, blocks.ids);
  if (!permutation::has_too_few_items(exchange)) return exchange;
  return bad_input(
      "{}: {} blocks hold targets and {} hold other samples; a permutation of their means needs {} of each",
      given->name, exchange.n_target_items, exchange.n_comparison_items, permutation::kFewestItems);
}

// None where none are asked for.
Result<std::vector<permutation::PermutationTable>> permute(const AssociateInput& input,
                                                           const AssociateOptions& options,
                                                           const MatrixPlan& plan,
                                                           std::span<const std::uint8_t> labels,
                                                           const Watch& watch) {
  const std::uint64_t n = options.n_permutations;
  std::vector<permutation::PermutationTable> tables;
  if (n == 0) return tables;
  PENFIELD_TRY(const permutation::Exchange exchange, exchange_of(input.blocks, labels));
  if (options.significance.correction == findings::Correction::kMaxT) {
    PENFIELD_TRY_VOID(
        findings::check_permutations(n, permutation::neglog10_least_p(exchange), options.significance.alpha));
  }
  PENFIELD_TRY(tables.emplace_back(),
               permute_matrix(*input.x, exchange,
                              permutation::PermutedLabels::draw(exchange, n, options.seed), plan, watch));
  return tables;
}

}  // namespace

Result<Values> read_values(const std::string& path) {
  PENFIELD_TRY(const formats::NpyFile file, formats::NpyFile::open(path));
  return Values{path, file.shape(), file.to_doubles()};
}

Result<void> check_matrix(const std::string& name, std::span<const std::uint64_t> shape) {
  std::uint64_t n_values = 1;
  for (const std::uint64_t n : shape) n_values *= n;
  if (shape.size() == 2 && n_values > 0) return {};
  return bad_input("{}: X has {} axes and {} values; it is [samples, units]", name, shape.size(), n_values);
}

Result<Associations> associate(const AssociateInput& input, const AssociateOptions& options,
                               const Watch& watch) {
  const MatrixSource& x = *input.x;
  PENFIELD_TRY(const std::vector<std::uint8_t> labels, labels_of(input.y, x.n_rows()));
  PENFIELD_TRY(const auto covariates, covariates_of(input.covariates, labels));
  PENFIELD_TRY(const GroupIds clusters, clusters_of(input.clusters, labels.size()));
  const association::FitOptions fit_options{.firth = association::resolve_firth(options.firth, labels),
                                            .intervals = options.intervals,
                                            .covariates = covariates ? &*covariates : nullptr,
                                            .clusters = clusters.ids,
                                            .n_clusters = clusters.n};
  const MatrixWork work{.is_plain = fit_options.is_plain(),
                        .n_covariates = covariates ? covariates->m() - 1 : 0,
                        .n_permutations = options.n_permutations};
  PENFIELD_TRY(const MatrixPlan plan, plan_fit(x, work, options.memory_bytes));
  PENFIELD_TRY(association::FitTable fits, fit_matrix(x, labels, plan, fit_options, watch));
  PENFIELD_TRY(const std::vector<permutation::PermutationTable> permutations,
               permute(input, options, plan, labels, watch));
  const std::uint64_t n_target = fits.n_target;
  return Associations{
      .columns = findings::JudgedColumns(std::move(fits), options.significance,
                                         permutations.empty() ? nullptr : &permutations.front()),
      .n_samples = labels.size(),
      .n_target = n_target};
}

}  // namespace penfield::matrix_file
