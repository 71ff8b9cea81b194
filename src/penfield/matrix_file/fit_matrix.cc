#include "penfield/matrix_file/fit_matrix.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/fit_memory.h"
#include "penfield/association/panel/panel.h"
#include "penfield/base/amounts.h"
#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/findings/finding.h"
#include "penfield/permutation/permutation_memory.h"
#include "penfield/permutation/permute_family.h"

namespace penfield::matrix_file {
namespace {

constexpr std::uint64_t kColumnsBytes = std::uint64_t{512} << 20;  // copied at once, where no limit is given
constexpr std::uint64_t kProcessBytes = std::uint64_t{96}
                                        << 20;  // the program, and the part of the file being read
constexpr std::uint64_t kRowBytes = 1000;       // of the table that is written, a unit

// Values that are fitted between two looks at the watch: about a quarter of a second of work.
constexpr std::uint64_t kPlainValues = std::uint64_t{1} << 24;
constexpr std::uint64_t kOptionValues = std::uint64_t{1} << 17;
constexpr std::uint64_t kPermutedValues = std::uint64_t{1} << 30;  // values times permutations

std::uint64_t value_bytes(const MatrixSource& x) {
  return x.fits_float32() ? sizeof(float) : sizeof(double);
}

template <class T>
std::optional<MatrixView<const T>> values_in_place(const MatrixSource& x) {
  if constexpr (std::is_same_v<T, float>) {
    return x.floats();
  } else {
    return x.doubles();
  }
}

bool is_in_place(const MatrixSource& x) {
  return x.fits_float32() ? x.floats().has_value() : x.doubles().has_value();
}

// How many columns hold about `values` values: whole panels, one for each thread at least.
std::size_t columns_of_step(std::uint64_t n_rows, std::uint64_t values) {
  const std::uint64_t panels = values / std::max<std::uint64_t>(1, n_rows) / association::kPanelUnits;
  return static_cast<std::size_t>(std::max<std::uint64_t>(panels, static_cast<std::uint64_t>(n_threads())) *
                                  association::kPanelUnits);
}

// Hands on the columns in order, `columns_of_step` at a time: where they lie, or copied, `columns_at_once`
// columns in one pass over the matrix.
template <class T, class Take>
Result<void> for_column_groups(const MatrixSource& x, std::uint64_t columns_at_once, std::size_t of_step,
                               const Take& take) {
  const auto n_rows = static_cast<std::size_t>(x.n_rows());
  const auto n_cols = static_cast<std::size_t>(x.n_cols());
  const auto take_steps = [&](MatrixView<const T> columns) -> Result<void> {
    for (std::size_t first = 0; first < columns.cols; first += of_step) {
      PENFIELD_TRY_VOID(take(columns.block(0, n_rows, first, std::min(of_step, columns.cols - first))));
    }
    return {};
  };
  if (const auto in_place = values_in_place<T>(x)) return take_steps(*in_place);
  const auto width = static_cast<std::size_t>(columns_at_once);
  std::vector<T> memory(n_rows * width);
  for (std::size_t first = 0; first < n_cols; first += width) {
    const MatrixView<T> columns(memory.data(), n_rows, std::min(width, n_cols - first));
    x.copy_columns(first, columns);
    PENFIELD_TRY_VOID(take_steps(MatrixView<const T>(columns)));
  }
  return {};
}

template <class T>
Result<association::FitTable> fit_groups(const MatrixSource& x, std::span<const std::uint8_t> labels,
                                         std::uint64_t columns_at_once,
                                         const association::FitOptions& options, const Watch& watch) {
  const std::size_t of_step = columns_of_step(x.n_rows(), options.is_plain() ? kPlainValues : kOptionValues);
  association::FitTable table;
  table.rows.reserve(static_cast<std::size_t>(x.n_cols()));
  PENFIELD_TRY_VOID(
      for_column_groups<T>(x, columns_at_once, of_step, [&](MatrixView<const T> columns) -> Result<void> {
        association::append_fits(columns, labels, options, table);
        return watch.step("fit", table.rows.size(), x.n_cols(), "columns");
      }));
  return table;
}

template <class T>
Result<permutation::PermutationTable> permute_groups(const MatrixSource& x,
                                                     const permutation::Exchange& exchange,
                                                     const permutation::PermutedLabels& permuted,
                                                     std::uint64_t columns_at_once, const Watch& watch) {
  const std::size_t of_step =
      columns_of_step(x.n_rows(), kPermutedValues / std::max<std::uint64_t>(1, permuted.n_permutations()));
  const permutation::EachBlock<T> each_block =
      [&](const permutation::ColumnsOfFamily<T>& take) -> Result<void> {
    std::uint64_t n_taken = 0;
    return for_column_groups<T>(x, columns_at_once, of_step,
                                [&](MatrixView<const T> columns) -> Result<void> {
                                  take(0, columns);
                                  n_taken += columns.cols;
                                  return watch.step("permute", n_taken, x.n_cols(), "columns");
                                });
  };
  PENFIELD_TRY(std::vector<permutation::PermutationTable> tables,
               permutation::permute_families<T>(1, each_block, exchange, permuted));
  return std::move(tables.front());
}

// Fits, fits with options and permutations come one after the other.
std::uint64_t scratch_bytes(const MatrixWork& work, std::uint64_t n_rows, std::uint64_t n_cols,
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

Result<MatrixPlan> plan_fit(const MatrixSource& x, const MatrixWork& work,
                            std::optional<std::uint64_t> memory) {
  const std::uint64_t n_rows = x.n_rows();
  const std::uint64_t n_cols = x.n_cols();
  const std::uint64_t column_bytes = is_in_place(x) ? 0 : std::max<std::uint64_t>(1, n_rows * value_bytes(x));
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
  MatrixPlan plan{.columns_at_once = n_cols, .bytes = fixed};
  if (column_bytes == 0) return plan;
  const std::uint64_t room = memory ? *memory - fixed : kColumnsBytes;
  const std::uint64_t fit = room / column_bytes / association::kPanelUnits * association::kPanelUnits;
  plan.columns_at_once = std::clamp(fit, panel, n_cols);
  plan.bytes = fixed + plan.columns_at_once * column_bytes;
  return plan;
}

Result<association::FitTable> fit_matrix(const MatrixSource& x, std::span<const std::uint8_t> labels,
                                         const MatrixPlan& plan, const association::FitOptions& options,
                                         const Watch& watch) {
  const auto n_target = static_cast<std::uint64_t>(std::count(labels.begin(), labels.end(), 1));
  if (!association::can_be_counted(n_target, labels.size() - n_target)) {
    return bad_input(
        "{}: {} rows are more than whose pairs can be counted exactly; take a random part of them", x.name(),
        labels.size());
  }
  return x.fits_float32() ? fit_groups<float>(x, labels, plan.columns_at_once, options, watch)
                          : fit_groups<double>(x, labels, plan.columns_at_once, options, watch);
}

Result<permutation::PermutationTable> permute_matrix(const MatrixSource& x,
                                                     const permutation::Exchange& exchange,
                                                     const permutation::PermutedLabels& permuted,
                                                     const MatrixPlan& plan, const Watch& watch) {
  return x.fits_float32() ? permute_groups<float>(x, exchange, permuted, plan.columns_at_once, watch)
                          : permute_groups<double>(x, exchange, permuted, plan.columns_at_once, watch);
}

}  // namespace penfield::matrix_file
