#include "penfield/matrix_file/fit_file.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/fit_memory.h"
#include "penfield/association/panel/panel.h"
#include "penfield/base/amounts.h"
#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/findings/finding.h"
#include "penfield/formats/npy_columns.h"
#include "penfield/permutation/permutation_memory.h"
#include "penfield/permutation/permute_family.h"

namespace penfield::matrix_file {
namespace {

constexpr std::uint64_t kColumnsBytes = std::uint64_t{512} << 20;  // copied at once, where no limit is given
constexpr std::uint64_t kProcessBytes = std::uint64_t{96}
                                        << 20;  // the program, and the part of the file being read
constexpr std::uint64_t kRowBytes = 1000;       // of the table that is written, a unit

std::uint64_t value_bytes(const formats::NpyFile& x) {
  return formats::fits_float32(x.dtype()) ? sizeof(float) : sizeof(double);
}

// Copies `columns_at_once` columns at a time and hands them on, in order.
template <class T, class Take>
void for_column_groups(const formats::NpyFile& x, std::uint64_t columns_at_once, const Take& take) {
  const auto n_rows = static_cast<std::size_t>(x.shape()[0]);
  const auto n_cols = static_cast<std::size_t>(x.shape()[1]);
  const auto width = static_cast<std::size_t>(columns_at_once);
  std::vector<T> memory(n_rows * width);
  for (std::size_t first = 0; first < n_cols; first += width) {
    const MatrixView<T> columns(memory.data(), n_rows, std::min(width, n_cols - first));
    formats::copy_columns<T>(x, first, columns);
    take(MatrixView<const T>(columns));
  }
}

template <class T>
association::FitTable fit_groups(const formats::NpyFile& x, std::span<const std::uint8_t> labels,
                                 std::uint64_t columns_at_once, const association::FitOptions& options) {
  association::FitTable table;
  for_column_groups<T>(x, columns_at_once, [&](MatrixView<const T> columns) {
    association::FitTable part = association::fit_columns(columns, labels, options);
    table.n_target = part.n_target;
    table.n_comparison = part.n_comparison;
    table.rows.insert(table.rows.end(), part.rows.begin(), part.rows.end());
  });
  return table;
}

template <class T>
Result<permutation::PermutationTable> permute_groups(const formats::NpyFile& x,
                                                     const permutation::Exchange& exchange,
                                                     const permutation::PermutedLabels& permuted,
                                                     std::uint64_t columns_at_once) {
  const permutation::EachBlock<T> each_block =
      [&](const permutation::ColumnsOfFamily<T>& take) -> Result<void> {
    for_column_groups<T>(x, columns_at_once, [&](MatrixView<const T> columns) { take(0, columns); });
    return {};
  };
  PENFIELD_TRY(std::vector<permutation::PermutationTable> tables,
               permutation::permute_families<T>(1, each_block, exchange, permuted));
  return std::move(tables.front());
}

// Fits, fits with options and permutations come one after the other.
std::uint64_t scratch_bytes(const FileWork& work, std::uint64_t n_rows, std::uint64_t n_cols,
                            std::uint64_t value_bytes) {
  const auto threads = static_cast<std::uint64_t>(n_threads());
  std::uint64_t most = association::fit_scratch_bytes(n_rows, value_bytes, threads);
  if (!work.is_plain) {
    most =
        std::max(most, association::adjusted_scratch_bytes(n_rows, value_bytes, work.n_covariates, threads));
  }
  if (work.n_permutations > 0) {
    most = std::max(most, permutation::permutation_bytes(n_rows, work.n_permutations, 1, n_cols, threads));
  }
  return most;
}

}  // namespace

Result<FilePlan> plan_file_fit(const formats::NpyFile& x, const FileWork& work,
                               std::optional<std::uint64_t> memory) {
  const std::uint64_t n_rows = x.shape()[0];
  const std::uint64_t n_cols = x.shape()[1];
  const std::uint64_t column_bytes = std::max<std::uint64_t>(1, n_rows * value_bytes(x));
  const std::uint64_t given = n_rows * ((work.n_covariates + 1) * sizeof(double) + 1);
  const std::uint64_t results =
      n_cols * (2 * sizeof(association::UnitFit) + sizeof(findings::Finding) + kRowBytes);
  const std::uint64_t fixed =
      kProcessBytes + given + results + scratch_bytes(work, n_rows, n_cols, value_bytes(x));
  const std::uint64_t panel = std::min<std::uint64_t>(n_cols, association::kPanelUnits);
  const std::uint64_t least = fixed + panel * column_bytes;
  if (memory && *memory < least) {
    return fail(ErrorKind::kMemory,
                "--memory {} is too little: {} rows by {} columns need at least {} with {} threads; use "
                "fewer threads "
                "(-j), or give the columns in several files",
                format_bytes(*memory), n_rows, n_cols, format_bytes(least), n_threads());
  }
  const std::uint64_t room = memory ? *memory - fixed : kColumnsBytes;
  const std::uint64_t fit = room / column_bytes / association::kPanelUnits * association::kPanelUnits;
  FilePlan plan;
  plan.columns_at_once = std::clamp(fit, panel, n_cols);
  plan.bytes = fixed + plan.columns_at_once * column_bytes;
  return plan;
}

Result<association::FitTable> fit_file(const formats::NpyFile& x, std::span<const std::uint8_t> labels,
                                       const FilePlan& plan, const association::FitOptions& options) {
  const auto n_target = static_cast<std::uint64_t>(std::count(labels.begin(), labels.end(), 1));
  if (!association::can_be_counted(n_target, labels.size() - n_target)) {
    return bad_input(
        "{}: {} rows are more than whose pairs can be counted exactly; take a random part of them", x.path(),
        labels.size());
  }
  return formats::fits_float32(x.dtype()) ? fit_groups<float>(x, labels, plan.columns_at_once, options)
                                          : fit_groups<double>(x, labels, plan.columns_at_once, options);
}

Result<permutation::PermutationTable> permute_file(const formats::NpyFile& x,
                                                   const permutation::Exchange& exchange,
                                                   const permutation::PermutedLabels& permuted,
                                                   const FilePlan& plan) {
  return formats::fits_float32(x.dtype())
             ? permute_groups<float>(x, exchange, permuted, plan.columns_at_once)
             : permute_groups<double>(x, exchange, permuted, plan.columns_at_once);
}

}  // namespace penfield::matrix_file
