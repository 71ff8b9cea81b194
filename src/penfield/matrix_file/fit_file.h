// The fits of every column of a file that need not fit into memory: some columns at a time are copied out of
// it, and fitted.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/fit_table.h"
#include "penfield/base/result.h"
#include "penfield/formats/npy.h"
#include "penfield/permutation/exchange.h"
#include "penfield/permutation/permutation_table.h"
#include "penfield/permutation/permuted_labels.h"

namespace penfield::matrix_file {

// How the columns of a file are taken.
struct FilePlan {
  std::uint64_t columns_at_once = 0;  // a multiple of the panel's width, or all
  std::uint64_t bytes = 0;            // all that the job takes, the table of results included
};

// What is asked of each column.
struct FileWork {
  bool is_plain = true;  // fit_columns without options
  std::uint64_t n_covariates = 0, n_permutations = 0;
};

// memory: the most that the job may take; without it as many columns at once as 512 MB hold. kMemory: not
// even one panel of columns fits, with what is needed.
[[nodiscard]] Result<FilePlan> plan_file_fit(const formats::NpyFile& x, const FileWork& work,
                                             std::optional<std::uint64_t> memory);

// x: [samples, units] of any type, in either order; labels as association::fit_columns takes them. The
// result does not depend on the plan. kBadInput: more samples than can be counted exactly.
[[nodiscard]] Result<association::FitTable> fit_file(const formats::NpyFile& x,
                                                     std::span<const std::uint8_t> labels,
                                                     const FilePlan& plan,
                                                     const association::FitOptions& options = {});

// The permutations of all columns as one family, of a file that fit_file has taken; the columns are copied
// out of it as often as permute_families reads them.
[[nodiscard]] Result<permutation::PermutationTable> permute_file(const formats::NpyFile& x,
                                                                 const permutation::Exchange& exchange,
                                                                 const permutation::PermutedLabels& permuted,
                                                                 const FilePlan& plan);

}  // namespace penfield::matrix_file
