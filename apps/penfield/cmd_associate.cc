// penfield associate: the statistics alone, on anybody's activations.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "fit_flags.h"
#include "flags.h"
#include "group_ids.h"
#include "output.h"
#include "penfield/findings/judge.h"
#include "penfield/findings/max_t.h"
#include "penfield/findings/names.h"
#include "penfield/formats/npy.h"
#include "penfield/matrix_file/fit_file.h"
#include "penfield/permutation/permuted_labels.h"
#include "penfield/store/units_table.h"
#include "permutation_flags.h"
#include "significance_flags.h"
#include "terminal.h"

namespace penfield::app {
namespace {

struct AssociateFlags {
  std::string x_path, y_path, covariates_path, cluster_path;
  FitFlags fit;
  SignificanceFlags significance;
  study::PermutationOptions permutation;
  std::string strata_path;
  OutputFlags output;
};

Result<std::vector<std::uint8_t>> read_labels(const std::string& path, std::uint64_t n_samples) {
  PENFIELD_TRY(const formats::NpyFile file, formats::NpyFile::open(path));
  if (!file.is_vector() || file.n_values() != n_samples) {
    return bad_input("{}: {} labels with {} axes, but X has {} rows; y is one axis with a label a row", path,
                     file.n_values(), file.shape().size(), n_samples);
  }
  const std::vector<double> values = file.to_doubles();
  std::vector<std::uint8_t> labels(values.size());
  std::uint64_t n_target = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != 0 && values[i] != 1)
      return bad_input("{}: label {} is {}; labels are 0 or 1", path, i, values[i]);
    labels[i] = static_cast<std::uint8_t>(values[i]);
    n_target += labels[i];
  }
  if (n_target == 0 || n_target == labels.size()) {
    return bad_input("{}: all {} labels are {}; both groups need samples", path, labels.size(),
                     n_target == 0 ? 0 : 1);
  }
  return labels;
}

// Empty without a path.
Result<GroupIds> read_clusters(const std::string& path, std::uint64_t n_samples) {
  if (path.empty()) return GroupIds{};
  PENFIELD_TRY(GroupIds clusters, read_group_ids(path, n_samples, "cluster"));
  if (clusters.n < 2)
    return bad_input("{}: all samples are of one cluster; errors robust to clusters need two or more", path);
  return clusters;
}

// None without a path.
Result<std::optional<association::Covariates>> read_covariates(const std::string& path,
                                                               std::span<const std::uint8_t> labels) {
  if (path.empty()) return std::nullopt;
  PENFIELD_TRY(const formats::NpyFile file, formats::NpyFile::open(path));
  const bool is_one = file.is_vector() && file.n_values() == labels.size();
  if (!is_one && (file.shape().size() != 2 || file.shape()[0] != labels.size() || file.shape()[1] == 0)) {
    return bad_input(
        "{}: covariates are [samples, covariates], with X's {} rows; these have {} axes and {} values", path,
        labels.size(), file.shape().size(), file.n_values());
  }
  const std::vector<double> values = file.to_doubles();
  const std::size_t n_covariates = is_one ? 1 : static_cast<std::size_t>(file.shape()[1]);
  std::vector<std::string> names;
  for (std::size_t k = 0; k < n_covariates; ++k) names.push_back(fmt::format("{}[:, {}]", path, k));
  PENFIELD_TRY(association::Covariates covariates,
               association::Covariates::prepare({values.data(), labels.size(), n_covariates}, names, labels));
  return std::optional(std::move(covariates));
}

// None where none are asked for.
Result<std::vector<permutation::PermutationTable>> permute(
    const AssociateFlags& flags, const formats::NpyFile& x, const matrix_file::FilePlan& plan,
    std::span<const std::uint8_t> labels, const findings::FindingOptions& options, std::uint64_t seed) {
  const std::uint64_t n = *flags.permutation.n_permutations;
  std::vector<permutation::PermutationTable> tables;
  if (n == 0) return tables;
  PENFIELD_TRY(const permutation::Exchange exchange, read_exchange(flags.strata_path, labels));
  if (options.correction == findings::Correction::kMaxT) {
    PENFIELD_TRY_VOID(
        findings::check_permutations(n, permutation::neglog10_least_p(exchange), options.alpha));
  }
  PENFIELD_TRY(
      tables.emplace_back(),
      matrix_file::permute_file(x, exchange, permutation::PermutedLabels::draw(exchange, n, seed), plan));
  return tables;
}

std::string describe(const findings::PermutationSummary& permutation) {
  std::string out =
      fmt::format("{} permutations of {} columns", permutation.n_permutations, permutation.n_tests);
  if (!std::isnan(permutation.n_effective))
    out +=
        fmt::format(", whose maxima behave like those of {:.0f} independent tests", permutation.n_effective);
  if (std::isnan(permutation.inflation)) return out;
  out += fmt::format("; inflation {:.3g}", permutation.inflation);
  // The band needs 200 permutations.
  if (std::isnan(permutation.inflation_lo)) return out;
  return out + fmt::format(", under permuted labels {:.3g} to {:.3g}", permutation.inflation_lo,
                           permutation.inflation_hi);
}

std::string significance_rule(const findings::FindingOptions& options) {
  return fmt::format("{}, {}, alpha {}", findings::test_name(options.test),
                     findings::correction_name(options.correction), options.alpha);
}

// What came out, in a line or two: how many columns are significant, which is the strongest, and how many
// have no fit.
std::vector<std::string> describe(const findings::FindingTable& table, std::span<const std::uint8_t> labels,
                                  const findings::FindingOptions& options) {
  std::uint64_t n_significant = 0, n_constant = 0, n_non_finite = 0;
  const findings::Finding* best = nullptr;
  for (const findings::Finding& unit : table.units) {
    n_significant += unit.significant ? 1 : 0;
    n_constant += unit.fit.status == association::FitStatus::kConstant ? 1 : 0;
    n_non_finite += unit.fit.status == association::FitStatus::kNonFinite ? 1 : 0;
    if (!std::isnan(unit.neglog10_p) && (best == nullptr || unit.neglog10_p > best->neglog10_p)) best = &unit;
  }
  const auto n_target = std::count(labels.begin(), labels.end(), 1);
  std::string found =
      fmt::format("{} of {} columns are significant ({}) over {} samples, {} of them targets", n_significant,
                  table.units.size(), significance_rule(options), labels.size(), n_target);
  if (best != nullptr)
    found += fmt::format("; the strongest is column {}, -log10 p {:.1f}", best->unit.index, best->neglog10_p);
  std::vector<std::string> lines = {std::move(found)};
  if (n_constant + n_non_finite > 0) {
    lines.push_back(fmt::format(
        "columns that are constant ({}) or contain NaN or infinity ({}) are not fitted; they still count in the correction",
        n_constant, n_non_finite));
  }
  return lines;
}

// Fills in what was not given. kUsage: flags that do not go together, known before any file is read.
Result<findings::FindingOptions> resolve_flags(AssociateFlags& flags) {
  findings::FindingOptions options = flags.significance.options(findings::FindingOptions{});
  if (options.correction == findings::Correction::kMaxT && !flags.significance.test)
    options.test = findings::Test::kScore;
  options.family = findings::Family::kModel;  // the matrix is one family
  PENFIELD_TRY_VOID(findings::check_options(options));
  PENFIELD_TRY_VOID(study::resolve(flags.permutation, options.correction));
  options.max_t = *flags.permutation.max_t;
  if (!flags.strata_path.empty() && flags.permutation.n_permutations == 0)
    return usage_error("--strata only affects permutations; give --correction maxt or --permutations too");
  if (options.correction == findings::Correction::kMaxT && !flags.covariates_path.empty())
    return usage_error(
        "--covariates with --correction maxt: permutation tests the unadjusted score; choose one");
  if (options.correction == findings::Correction::kMaxT) {
    PENFIELD_TRY_VOID(findings::check_permutation_count(*flags.permutation.n_permutations, options.alpha));
  }
  return options;
}

Result<void> run(AssociateFlags flags, const Globals& globals) {
  PENFIELD_TRY(const findings::FindingOptions options, resolve_flags(flags));
  PENFIELD_TRY(const formats::NpyFile x, formats::NpyFile::open(flags.x_path, formats::NpyOrder::kFortran));
  if (x.shape().size() != 2 || x.n_values() == 0) {
    return bad_input("{}: X has {} axes and {} values; it is [samples, units]", flags.x_path,
                     x.shape().size(), x.n_values());
  }
  PENFIELD_TRY(const auto labels, read_labels(flags.y_path, x.shape()[0]));
  PENFIELD_TRY(const auto covariates, read_covariates(flags.covariates_path, labels));
  PENFIELD_TRY(const GroupIds clusters, read_clusters(flags.cluster_path, labels.size()));
  const association::FitOptions fit_options{.firth = association::resolve_firth(flags.fit.firth, labels),
                                            .intervals = flags.fit.intervals,
                                            .covariates = covariates ? &*covariates : nullptr,
                                            .clusters = clusters.ids,
                                            .n_clusters = clusters.n};
  const matrix_file::FileWork work{.is_plain = fit_options.is_plain(),
                                   .n_covariates = covariates ? covariates->m() - 1 : 0,
                                   .n_permutations = *flags.permutation.n_permutations};
  PENFIELD_TRY(const matrix_file::FilePlan plan, matrix_file::plan_file_fit(x, work, globals.memory_bytes));
  std::vector<findings::LayerFits> fits(1);
  fits[0].site = Site::kColumn;
  PENFIELD_TRY(fits[0].discovery, matrix_file::fit_file(x, labels, plan, fit_options));
  PENFIELD_TRY(const std::vector<permutation::PermutationTable> permutations,
               permute(flags, x, plan, labels, options, globals.seed));
  const findings::FindingTable table = findings::judge(fits, options, permutations);
  PENFIELD_TRY_VOID(write_output(flags.output.path, flags.output.force,
                                 store::format_units(table.units, store::UnitColumns::kAssociate,
                                                     globals.format == OutputFormat::kJson)));
  if (globals.quiet) return {};
  for (const std::string& line : describe(table, labels, options)) print_note(line);
  if (!permutations.empty()) print_note(describe(table.families.front().permutation));
  return {};
}

}  // namespace

void add_associate(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand(
      "associate", "the statistics alone: one regression for every column of your own matrix");
  auto flags = std::make_shared<AssociateFlags>();
  command->add_option("X.npy", flags->x_path, "[samples, columns], numbers of any type")->required();
  command->add_option("y.npy", flags->y_path, "[samples], the labels: 0 or 1")->required();
  start_group(*command, "Statistics");
  command
      ->add_option("--covariates", flags->covariates_path,
                   "[samples, covariates]: adjust every regression for these")
      ->check(not_empty("Z.npy"));
  command
      ->add_option(
          "--cluster", flags->cluster_path,
          "[samples], whole numbers: also report standard errors that allow for dependence of samples "
          "with equal numbers")
      ->check(not_empty("IDS.npy"));
  add_fit_flags(*command, flags->fit);
  add_significance_flags(*command, flags->significance, false);
  add_permutation_flags(*command, flags->permutation);
  add_strata_flag(*command, flags->strata_path);
  add_output_flags(*command, flags->output, "TSV file to write; default: standard output");
  command->footer("penfield associate X.npy y.npy --correction bh -o units.tsv");
  commands.push_back({.flags = command,
                      .run = [flags](const Globals& globals) { return run(*flags, globals); },
                      .limits_memory = true});
}

}  // namespace penfield::app
