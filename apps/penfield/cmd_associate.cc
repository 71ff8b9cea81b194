// penfield associate: the statistics alone, on anybody's activations.
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "fit_flags.h"
#include "flags.h"
#include "output.h"
#include "penfield/association/fit.h"
#include "penfield/findings/judge.h"
#include "penfield/findings/names.h"
#include "penfield/formats/npy.h"
#include "penfield/store/units_table.h"
#include "significance_flags.h"

namespace penfield::app {
namespace {

struct AssociateFlags {
  std::string x_path, y_path, covariates_path, cluster_path;
  FitFlags fit;
  SignificanceFlags significance;
  OutputFlags output;
};

Result<std::vector<std::uint8_t>> read_labels(const std::string& path, std::uint64_t n_samples) {
  PENFIELD_TRY(const formats::NpyFile file, formats::NpyFile::open(path));
  if (file.shape().size() != 1 || file.n_values() != n_samples) {
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

struct Clusters {
  std::vector<std::uint32_t> ids;  // 0 … n - 1, in the order of their numbers
  std::size_t n = 0;
};

// Any whole numbers; equal ones are one cluster. Empty without a path.
Result<Clusters> read_clusters(const std::string& path, std::uint64_t n_samples) {
  Clusters out;
  if (path.empty()) return out;
  PENFIELD_TRY(const formats::NpyFile file, formats::NpyFile::open(path));
  if (file.shape().size() != 1 || file.n_values() != n_samples) {
    return bad_input("{}: {} cluster ids with {} axes, but X has {} rows; ids are one axis with an id a row",
                     path, file.n_values(), file.shape().size(), n_samples);
  }
  const std::vector<double> values = file.to_doubles();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i]) || values[i] != std::floor(values[i]))
      return bad_input("{}: cluster id {} is {}; ids are whole numbers", path, i, values[i]);
  }
  std::vector<double> distinct = values;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  if (distinct.size() < 2)
    return bad_input("{}: all samples are of one cluster; errors robust to clusters need two or more", path);
  for (const double value : values) {
    out.ids.push_back(static_cast<std::uint32_t>(std::lower_bound(distinct.begin(), distinct.end(), value) -
                                                 distinct.begin()));
  }
  out.n = distinct.size();
  return out;
}

// None without a path.
Result<std::optional<association::Covariates>> read_covariates(const std::string& path,
                                                               std::span<const std::uint8_t> labels) {
  if (path.empty()) return std::nullopt;
  PENFIELD_TRY(const formats::NpyFile file, formats::NpyFile::open(path));
  const bool is_float = file.dtype() == formats::NpyDtype::kF4 || file.dtype() == formats::NpyDtype::kF8;
  if (!is_float) {
    return bad_input("{}: dtype {}; covariates are float32 or float64", path,
                     formats::npy_dtype_name(file.dtype()));
  }
  if (file.shape().size() != 2 || file.shape()[0] != labels.size() || file.shape()[1] == 0) {
    return bad_input(
        "{}: covariates are [samples, covariates], with X's {} rows; these have {} axes and {} values", path,
        labels.size(), file.shape().size(), file.n_values());
  }
  const std::vector<double> values = file.to_doubles();
  const std::size_t n_covariates = file.shape()[1];
  std::vector<std::string> names;
  for (std::size_t k = 0; k < n_covariates; ++k) names.push_back(fmt::format("{}[:, {}]", path, k));
  PENFIELD_TRY(association::Covariates covariates,
               association::Covariates::prepare({values.data(), labels.size(), n_covariates}, names, labels));
  return std::optional(std::move(covariates));
}

Result<association::FitTable> fit(const formats::NpyFile& x, std::span<const std::uint8_t> labels,
                                  const association::FitOptions& options) {
  switch (x.dtype()) {
    case formats::NpyDtype::kF4:
      return association::fit_columns(x.matrix<float>(), labels, options);
    case formats::NpyDtype::kF8:
      return association::fit_columns(x.matrix<double>(), labels, options);
    default:
      return bad_input("{}: dtype {}; X is float32 or float64", x.path(), formats::npy_dtype_name(x.dtype()));
  }
}

Result<void> run(const AssociateFlags& flags, const Globals& globals) {
  PENFIELD_TRY(const formats::NpyFile x, formats::NpyFile::open(flags.x_path));
  if (x.shape().size() != 2 || x.n_values() == 0) {
    return bad_input("{}: X has {} axes and {} values; it is [samples, units]", flags.x_path,
                     x.shape().size(), x.n_values());
  }
  PENFIELD_TRY(const auto labels, read_labels(flags.y_path, x.shape()[0]));
  findings::FindingOptions options = flags.significance.options(findings::FindingOptions{});
  options.family = findings::Family::kModel;  // the matrix is one family
  PENFIELD_TRY_VOID(findings::check_options(options));
  PENFIELD_TRY(const auto covariates, read_covariates(flags.covariates_path, labels));
  PENFIELD_TRY(const Clusters clusters, read_clusters(flags.cluster_path, labels.size()));
  const association::FitOptions fit_options{.firth = flags.fit.firth,
                                            .intervals = flags.fit.intervals,
                                            .covariates = covariates ? &*covariates : nullptr,
                                            .clusters = clusters.ids,
                                            .n_clusters = clusters.n};
  std::vector<findings::LayerFits> fits(1);
  fits[0].site = Site::kColumn;
  PENFIELD_TRY(fits[0].discovery, fit(x, labels, fit_options));
  const findings::FindingTable table = findings::judge(fits, options);
  return write_output(flags.output.path, flags.output.force,
                      store::format_units(table.units, store::UnitColumns::kAssociate,
                                          globals.format == OutputFormat::kJson));
}

}  // namespace

void add_associate(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand("associate", "the statistics alone, on your own X.npy and y.npy");
  auto flags = std::make_shared<AssociateFlags>();
  command->add_option("X", flags->x_path, "X.npy: [samples, units], float32 or float64")->required();
  command->add_option("y", flags->y_path, "y.npy: [samples], 0 or 1")->required();
  command->add_option("--covariates", flags->covariates_path,
                      "Z.npy: [samples, covariates], float32 or float64, that every unit is adjusted for");
  command->add_option(
      "--cluster", flags->cluster_path,
      "ids.npy: [samples], whole numbers; adds errors robust to samples that depend on each other");
  add_fit_flags(*command, flags->fit);
  add_significance_flags(*command, flags->significance, false);
  add_output_flags(*command, flags->output, "TSV file to write; default: standard output");
  commands.push_back({command, [flags](const Globals& globals) { return run(*flags, globals); }});
}

}  // namespace penfield::app
