// Where captured matrices are kept: filled pass by pass, read in blocks of columns as often as need be.
//
// There are two kinds: memory (memory_store.h), and a folder on disk that outlives the process
// (disk_store.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "penfield/activations/activation_block.h"
#include "penfield/activations/capture_plan.h"
#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"
#include "penfield/base/share.h"
#include "penfield/base/team.h"

namespace penfield::activations {

// values [n_rows of the matrix, some columns from first_col on]; good while the visitor runs.
using ColumnsVisitor = std::function<Result<void>(std::size_t first_col, MatrixView<const float> values)>;

class ActivationStore {
 public:
  // `plan` and `team`, the processes that fill and read the store together, must outlive it.
  explicit ActivationStore(const CapturePlan& plan, const Team& team = alone())
      : plan_(&plan), team_(&team) {}
  ActivationStore(const ActivationStore&) = delete;
  ActivationStore& operator=(const ActivationStore&) = delete;
  virtual ~ActivationStore() = default;

  [[nodiscard]] const CapturePlan& plan() const { return *plan_; }
  [[nodiscard]] const Team& team() const { return *team_; }

  // True for a pass whose rows are there already (from an earlier process); it need not be run.
  [[nodiscard]] virtual bool has_pass(std::size_t pass) const = 0;
  // True for a pass that is not there and that this process is to run.
  [[nodiscard]] virtual bool runs_pass(std::size_t pass) const { return !has_pass(pass); }
  // Rows of the pass's values [rows of the pass, n_cols of the matrix], as the plan has them, into the
  // matrix. Called by the thread that runs the pass; uses parallel_for. kIo: cannot be written.
  [[nodiscard]] virtual Result<void> put(std::size_t pass, std::size_t matrix,
                                         MatrixView<const float> values) = 0;
  // Every matrix has its rows of the pass.
  [[nodiscard]] virtual Result<void> end_pass(std::size_t pass) = 0;
  // This process has run its passes. Waits until all processes of the team have, and finds theirs.
  [[nodiscard]] virtual Result<void> end_passes() { return {}; }

  // All columns of a matrix, from the first on, each once. kIo: cannot be read, or is not what was written.
  [[nodiscard]] virtual Result<void> visit_columns(std::size_t matrix, const ColumnsVisitor& visit) const = 0;

  // The sampled positions' activations: every block of every layer, or of those of a share, in the order of
  // units.tsv; each of at most `n_columns` columns, so that the visitor can stop between two of them.
  [[nodiscard]] Result<void> for_each_block(std::size_t n_columns, const BlockVisitor& visit,
                                            const Share& share = {}) const;

 private:
  const CapturePlan* plan_;
  const Team* team_;
};

}  // namespace penfield::activations
