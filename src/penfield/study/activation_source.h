// Where the activations of a scan come from: the passes of a model, or a folder in which another program
// recorded them. Behind the capture nothing knows which.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/base/watch.h"
#include "penfield/formats/mapped_file.h"
#include "penfield/store/run_record.h"
#include "penfield/study/options.h"
#include "penfield/study/prepare.h"
#include "penfield/study/storage/weight_hashes.h"

namespace penfield::study {

class ActivationSource {
 public:
  // Opens the model, or takes the recorded files of `prepared`, which must outlive the source. Errors: those
  // of Model::open.
  [[nodiscard]] static Result<std::unique_ptr<ActivationSource>> open(const StudyRequest& request,
                                                                      const Prepared& prepared,
                                                                      const std::stop_token& stop = {});
  ActivationSource() = default;
  ActivationSource(const ActivationSource&) = delete;
  ActivationSource& operator=(const ActivationSource&) = delete;
  virtual ~ActivationSource() = default;

  // What the values are computed or read from: to be hashed.
  [[nodiscard]] virtual std::span<const formats::MappedFile> files() const = 0;
  // Fills the passes that the store does not have. Reports the stage "forward" in windows. Errors: those of
  // the model, of the store and of `watch`.
  [[nodiscard]] virtual Result<void> capture(activations::ActivationStore& store,
                                             const Watch& watch) const = 0;
  // [units, tokens of the heatmap windows], row-major.
  [[nodiscard]] virtual Result<std::vector<float>> heatmaps(const activations::ActivationStore& store,
                                                            std::span<const UnitId> units) const = 0;
  // As count_gate_quadrants; none without a model.
  [[nodiscard]] virtual Result<std::vector<store::GateQuadrants>> gate_quadrants(
      const activations::ActivationStore& store, std::span<const UnitId> units,
      std::span<const store::WindowToken> tokens) const = 0;
  // Gives back the memory that a pass took; what is read later is read again.
  virtual void release_pages() const = 0;
  [[nodiscard]] virtual store::ModelRecord record(const WeightHashes::Hashes& hashes) const = 0;
};

}  // namespace penfield::study
