// The fits of every column of a matrix, some columns at a time: of a file that need not fit into memory, or
// of an array.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/fit_table.h"
#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/matrix_file/matrix_source.h"
#include "penfield/permutation/exchange.h"
#include "penfield/permutation/permutation_table.h"
#include "penfield/permutation/permuted_labels.h"

namespace penfield::matrix_file {

// How the columns of a matrix are taken.
struct MatrixPlan {
  std::uint64_t columns_at_once = 0;  // a multiple of the panel's width, or all
  std::uint64_t bytes = 0;            // all that the job takes, the table of results included
};

// What is asked of each column.
struct MatrixWork {
  bool is_plain = true;  // fit_columns without options
  std::uint64_t n_covariates = 0, n_permutations = 0;
};

// memory: the most that the job may take; without it as many columns at once as 512 MB hold. An array that is
// read where it lies takes no memory for columns. kMemory: not even one panel of columns fits, with what is
// needed.
[[nodiscard]] Result<MatrixPlan> plan_fit(const MatrixSource& x, const MatrixWork& work,
                                          std::optional<std::uint64_t> memory);

// Labels as association::fit_columns takes them. The result does not depend on the plan. Reports the stage
// "fit" by columns. kBadInput: more samples than can be counted exactly. kInterrupted: `watch` was told to
// stop.
[[nodiscard]] Result<association::FitTable> fit_matrix(const MatrixSource& x,
                                                       std::span<const std::uint8_t> labels,
                                                       const MatrixPlan& plan,
                                                       const association::FitOptions& options = {},
                                                       const Watch& watch = {});

// The permutations of all columns as one family, of a matrix that fit_matrix has taken; columns are copied
// out of it as often as permute_families reads them. Reports the stage "permute" by columns.
[[nodiscard]] Result<permutation::PermutationTable> permute_matrix(
    const MatrixSource& x, const permutation::Exchange& exchange, const permutation::PermutedLabels& permuted,
    const MatrixPlan& plan, const Watch& watch = {});

}  // namespace penfield::matrix_file
