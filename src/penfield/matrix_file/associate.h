// A matrix, labels and what goes with them in; findings out: the whole of `penfield associate` and of
// penfield.associate in Python but for where the values come from and where the table goes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/findings/judge.h"
#include "penfield/matrix_file/matrix_source.h"
#include "penfield/matrix_file/values.h"

namespace penfield::matrix_file {

struct AssociateInput {
  const MatrixSource* x = nullptr;   // [samples, units]
  Values y;                          // [samples], 0 or 1
  std::optional<Values> covariates;  // [samples, covariates]
  std::optional<Values> clusters;    // [samples], whole numbers
  std::optional<Values> blocks;      // [samples], whole numbers: labels are permuted within
};

// The options of the command, checked to go together.
struct AssociateOptions {
  association::Firth firth = association::Firth::kAuto;
  association::Intervals intervals = association::Intervals::kNone;
  findings::FindingOptions significance;
  std::uint64_t n_permutations = 0;
  std::uint64_t seed = 0;
  std::optional<std::uint64_t> memory_bytes;
};

struct Associations {
  findings::JudgedColumns columns;
  std::uint64_t n_samples = 0, n_target = 0;
};

// kBadInput: not [samples, units], or nothing in it.
[[nodiscard]] Result<void> check_matrix(const std::string& name, std::span<const std::uint64_t> shape);

// kBadInput: a value that breaks a rule, by its name and place. kMemory: as plan_fit. kInterrupted: as
// fit_matrix.
[[nodiscard]] Result<Associations> associate(const AssociateInput& input, const AssociateOptions& options,
                                             const Watch& watch = {});

}  // namespace penfield::matrix_file
