// What a capture will run and keep, known before the first pass: the passes, the matrices that are filled,
// and which rows of a pass go where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "penfield/activations/window_passes.h"
#include "penfield/base/unit.h"
#include "penfield/model/model.h"
#include "penfield/model/sites.h"
#include "penfield/sample/sample_plan.h"

namespace penfield::activations {

struct CaptureRequest {
  std::vector<Site> sites;                     // order and repetition mean nothing
  std::vector<std::uint32_t> layers;           // the same
  std::vector<std::uint32_t> heatmap_windows;  // indices in SamplePlan::windows, ascending
  std::optional<TokenId> bos = {};             // before every window
};

// One matrix of a capture.
struct CapturedMatrix {
  enum class Kind : std::uint8_t {
    kSamples,  // a site's activations at the sampled positions: a row a sample, a column a unit
    kInputs,   // what sites' products read: a row a token of the heatmap windows, a column a dimension of the
               // stream
  };
  Kind kind = Kind::kSamples;
  Site site = Site::kMlpPre;   // of kSamples
  Site input = Site::kMlpPre;  // of kInputs: model::input_of the sites that read it
  std::uint32_t layer = 0;
  std::size_t n_rows = 0, n_cols = 0;

  [[nodiscard]] std::uint64_t n_values() const { return std::uint64_t{n_rows} * n_cols; }
};

// Rows `from` of a pass are rows first, first + 1, … of every matrix of one kind.
struct RowRange {
  std::size_t first = 0;
  std::vector<std::uint32_t> from;
};

struct CapturePass {
  WindowPass windows;
  RowRange samples, inputs;

  [[nodiscard]] const RowRange& rows(CapturedMatrix::Kind kind) const {
    return kind == CapturedMatrix::Kind::kSamples ? samples : inputs;
  }
};

struct CapturePlan {
  model::TapRequest taps;                // in order
  std::vector<CapturePass> passes;       // their rows follow each other, in every matrix
  std::vector<CapturedMatrix> matrices;  // samples by site, then layer, as the rows of units.tsv; then inputs

  [[nodiscard]] std::size_t max_pass_rows() const;
  [[nodiscard]] std::uint64_t n_values() const;  // of all matrices
};

// Columns of the matrices.
struct CaptureWidths {
  std::function<std::size_t(Site site, std::uint32_t layer)> units;
  std::size_t inputs = 0;  // of what sites' products read
};

// Only windows that hold samples or are heatmap windows are run, several short ones in a pass. A heatmap
// window that is not in the plan, or out of order, is a bug.
[[nodiscard]] CapturePlan plan_capture(const model::Architecture& architecture,
                                       const sample::SamplePlan& plan, const CaptureRequest& request);
[[nodiscard]] CapturePlan plan_capture(const CaptureWidths& widths, const sample::SamplePlan& plan,
                                       const CaptureRequest& request);

}  // namespace penfield::activations
