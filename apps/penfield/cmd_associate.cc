// penfield associate: the statistics alone, on anybody's activations.
#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "fit_flags.h"
#include "flags.h"
#include "host.h"
#include "output.h"
#include "penfield/base/parallel.h"
#include "penfield/findings/judge.h"
#include "penfield/findings/max_t.h"
#include "penfield/findings/names.h"
#include "penfield/matrix_file/associate.h"
#include "penfield/matrix_file/open_matrix.h"
#include "penfield/store/units_table.h"
#include "permutation_flags.h"
#include "progress.h"
#include "significance_flags.h"
#include "terminal.h"

namespace penfield::app {
namespace {

struct AssociateFlags {
  std::string x_path, tensor, y_path, covariates_path, cluster_path;
  FitFlags fit;
  SignificanceFlags significance;
  study::PermutationOptions permutation;
  std::string strata_path;
  OutputFlags output;
};

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
std::vector<std::string> describe(const matrix_file::Associations& result,
                                  std::span<const findings::Finding> units,
                                  const findings::FindingOptions& options) {
  std::uint64_t n_significant = 0, n_constant = 0, n_non_finite = 0;
  const findings::Finding* best = nullptr;
  for (const findings::Finding& unit : units) {
    n_significant += unit.significant ? 1 : 0;
    n_constant += unit.fit.status == association::FitStatus::kConstant ? 1 : 0;
    n_non_finite += unit.fit.status == association::FitStatus::kNonFinite ? 1 : 0;
    if (!std::isnan(unit.neglog10_p) && (best == nullptr || unit.neglog10_p > best->neglog10_p)) best = &unit;
  }
  std::string found =
      fmt::format("{} of {} columns are significant ({}) over {} samples, {} of them targets", n_significant,
                  units.size(), significance_rule(options), result.n_samples, result.n_target);
  if (best != nullptr) {
    found += fmt::format("; the strongest is column {}, AUC {:.3f}, -log10 p {:.1f}", best->unit.index,
                         best->fit.auc, best->neglog10_p);
  }
  std::vector<std::string> lines = {std::move(found)};
  if (n_constant + n_non_finite > 0) {
    lines.push_back(fmt::format(
        "columns that are constant ({}) or contain NaN or infinity ({}) are not fitted; they still count in the correction",
        n_constant, n_non_finite));
  }
  return lines;
}

// What a critic of the finding would ask about, with the option that answers; nobody can name it from the
// table.
std::string uncontrolled(const AssociateFlags& flags) {
  std::string out = "not controlled:";
  if (flags.cluster_path.empty() && flags.strata_path.empty())
    out += " samples count as independent (--cluster; --correction maxt --strata);";
  if (flags.covariates_path.empty()) out += " the groups may differ in other things (--covariates);";
  return out + " no column was tested on other samples";
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

// The arrays of the files that the arguments name.
struct InputFiles {
  std::unique_ptr<matrix_file::MatrixSource> x;
  matrix_file::AssociateInput input;
};

Result<std::optional<matrix_file::Values>> read_if_given(const std::string& path) {
  if (path.empty()) return std::nullopt;
  PENFIELD_TRY(matrix_file::Values values, matrix_file::read_values(path));
  return std::optional(std::move(values));
}

Result<std::unique_ptr<InputFiles>> read_files(const AssociateFlags& flags) {
  auto files = std::make_unique<InputFiles>();
  PENFIELD_TRY(files->x, matrix_file::open_matrix(flags.x_path, flags.tensor));
  files->input.x = files->x.get();
  PENFIELD_TRY(files->input.y, matrix_file::read_values(flags.y_path));
  PENFIELD_TRY(files->input.covariates, read_if_given(flags.covariates_path));
  PENFIELD_TRY(files->input.clusters, read_if_given(flags.cluster_path));
  PENFIELD_TRY(files->input.blocks, read_if_given(flags.strata_path));
  return files;
}

// Work that is over before a second thread has begun is done on one: on a busy machine, threads that wait for
// each other took ten times as long.
void limit_threads(const matrix_file::MatrixSource& x, const matrix_file::AssociateOptions& options) {
  constexpr std::uint64_t kFewValues = 4096;
  if (options.n_permutations == 0 && x.n_rows() * x.n_cols() <= kFewValues) set_threads(1);
}

Result<void> run(AssociateFlags flags, const Globals& globals) {
  PENFIELD_TRY(const findings::FindingOptions significance, resolve_flags(flags));
  const matrix_file::AssociateOptions options{.firth = flags.fit.firth,
                                              .intervals = flags.fit.intervals,
                                              .significance = significance,
                                              .n_permutations = *flags.permutation.n_permutations,
                                              .seed = globals.seed,
                                              .memory_bytes = globals.memory_bytes};
  ProgressPrinter printer(globals);
  const Watch watch = printer.watch(globals.stop);
  if (globals.host != nullptr && globals.host->matrices != nullptr) {
    matrix_file::AssociateInput input = *globals.host->matrices;
    std::unique_ptr<matrix_file::MatrixSource> file;
    if (input.x == nullptr) {
      PENFIELD_TRY(file, matrix_file::open_matrix(flags.x_path, flags.tensor));
      input.x = file.get();
    }
    limit_threads(*input.x, options);
    PENFIELD_TRY(const matrix_file::Associations result, matrix_file::associate(input, options, watch));
    return globals.host->take_associations(result);
  }
  PENFIELD_TRY(const std::unique_ptr<InputFiles> files, read_files(flags));
  limit_threads(*files->input.x, options);
  PENFIELD_TRY(const matrix_file::Associations result, matrix_file::associate(files->input, options, watch));
  printer.clear();
  const std::vector<findings::Finding> units = result.columns.all();
  PENFIELD_TRY_VOID(write_output(
      flags.output.path, flags.output.force,
      store::format_units(units, store::UnitColumns::kAssociate, globals.format == OutputFormat::kJson)));
  if (globals.quiet) return {};
  for (const std::string& line : describe(result, units, significance)) print_note(line);
  print_note(uncontrolled(flags));
  if (options.n_permutations > 0) print_note(describe(result.columns.family().permutation));
  return {};
}

}  // namespace

void add_associate(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand(
      "associate", "the statistics alone: one regression for every column of your own matrix");
  auto flags = std::make_shared<AssociateFlags>();
  command->add_option("X.npy", flags->x_path, "[samples, columns], numbers of any type; or X.safetensors")
      ->required();
  command->add_option("y.npy", flags->y_path, "[samples], the labels: 0 or 1")->required();
  command->add_option("--tensor", flags->tensor, "which tensor of X.safetensors is X, where it has several")
      ->check(not_empty("NAME"));
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
