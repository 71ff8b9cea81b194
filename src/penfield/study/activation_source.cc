#include "penfield/study/activation_source.h"

#include <utility>

#include "penfield/activations/capture.h"
#include "penfield/activations/pass_progress.h"
#include "penfield/activations/unit_activations.h"
#include "penfield/base/check.h"
#include "penfield/model/model.h"
#include "penfield/study/gate_quadrants.h"
#include "penfield/study/records.h"

namespace penfield::study {
namespace {

class ModelSource final : public ActivationSource {
 public:
  ModelSource(const StudyRequest& request, const Prepared& prepared, model::Model model)
      : request_(request), prepared_(prepared), model_(std::move(model)) {}

  [[nodiscard]] std::span<const formats::MappedFile> files() const override {
    return model_.weights().files();
  }
  [[nodiscard]] Result<void> capture(activations::ActivationStore& store, const Watch& watch) const override {
    return activations::capture(model_, prepared_.labelled.stream.ids, prepared_.samples.windows, store,
                                watch);
  }
  [[nodiscard]] Result<std::vector<float>> heatmaps(const activations::ActivationStore& store,
                                                    std::span<const UnitId> units) const override {
    return activations::unit_activations(model_, store, units);
  }
  [[nodiscard]] Result<std::vector<store::GateQuadrants>> gate_quadrants(
      const activations::ActivationStore& store, std::span<const UnitId> units,
      std::span<const store::WindowToken> tokens) const override {
    return count_gate_quadrants(model_, store, units, tokens);
  }
  void release_pages() const override { model_.weights().release_pages(); }
  [[nodiscard]] store::ModelRecord record(const WeightHashes::Hashes& hashes) const override {
    return record_model(request_, prepared_, model_, hashes);
  }

 private:
  const StudyRequest& request_;
  const Prepared& prepared_;
  model::Model model_;
};

// Tokens of the stream, by pass or by window, in the order of their rows.
void add_tokens(const sample::Window& window, std::vector<std::uint64_t>& tokens) {
  for (std::uint32_t i = 0; i < window.n_tokens; ++i) tokens.push_back(window.first_token + i);
}

class RecordedSource final : public ActivationSource {
 public:
  RecordedSource(const StudyRequest& request, const Prepared& prepared)
      : request_(request), prepared_(prepared), layers_(*prepared.recorded) {}

  [[nodiscard]] std::span<const formats::MappedFile> files() const override { return layers_.files(); }

  [[nodiscard]] Result<void> capture(activations::ActivationStore& store, const Watch& watch) const override {
    const activations::CapturePlan& plan = store.plan();
    std::vector<float> values;
    activations::PassProgress progress(store, watch);
    for (std::size_t p = 0; p < plan.passes.size(); ++p) {
      if (!store.runs_pass(p)) continue;
      std::vector<std::uint64_t> tokens;
      for (const std::uint32_t window : plan.passes[p].windows.windows)
        add_tokens(prepared_.samples.windows[window], tokens);
      for (std::size_t m = 0; m < plan.matrices.size(); ++m) {
        const recorded::LayerMatrix& matrix = matrix_of(plan.matrices[m].site, plan.matrices[m].layer);
        values.resize(std::max(values.size(), tokens.size() * matrix.n_units));
        const MatrixView<float> rows(values.data(), tokens.size(), matrix.n_units);
        recorded::read_rows(matrix, tokens, 0, rows);
        layers_.files()[matrix.file].release_pages();
        PENFIELD_TRY_VOID(store.put(p, m, rows));
        PENFIELD_TRY_VOID(watch.check());
      }
      PENFIELD_TRY_VOID(store.end_pass(p));
      PENFIELD_TRY_VOID(progress.end_pass(p));
    }
    return store.end_passes();
  }

  [[nodiscard]] Result<std::vector<float>> heatmaps(const activations::ActivationStore&,
                                                    std::span<const UnitId> units) const override {
    std::vector<std::uint64_t> tokens;
    for (const std::uint32_t window : prepared_.heatmap_windows)
      add_tokens(prepared_.samples.windows[window], tokens);
    std::vector<float> out(units.size() * tokens.size()), column(tokens.size());
    for (std::size_t u = 0; u < units.size(); ++u) {
      const recorded::LayerMatrix& matrix = matrix_of(units[u].site, units[u].layer);
      recorded::read_rows(matrix, tokens, units[u].index, {column.data(), tokens.size(), 1});
      std::copy(column.begin(), column.end(), out.begin() + static_cast<std::ptrdiff_t>(u * tokens.size()));
    }
    release_pages();
    return out;
  }

  [[nodiscard]] Result<std::vector<store::GateQuadrants>> gate_quadrants(
      const activations::ActivationStore&, std::span<const UnitId>,
      std::span<const store::WindowToken>) const override {
    return std::vector<store::GateQuadrants>{};
  }

  void release_pages() const override {
    for (const formats::MappedFile& file : layers_.files()) file.release_pages();
  }

  [[nodiscard]] store::ModelRecord record(const WeightHashes::Hashes& hashes) const override {
    return {.name = request_.activations,
            .path = request_.activations,
            .config_sha256 = {},
            .weights_sha256 = hashes,
            .n_layer = static_cast<std::uint32_t>(prepared_.plan.layers.size()),
            .family = {},
            .weights_dtype = {},
            .tensor_types = {},
            .activation_function = {},
            .bos = {}};
  }

 private:
  [[nodiscard]] const recorded::LayerMatrix& matrix_of(Site site, std::uint32_t layer) const {
    const recorded::LayerMatrix* matrix = layers_.find(site, layer);
    PENFIELD_CHECK(matrix != nullptr);
    return *matrix;
  }

  const StudyRequest& request_;
  const Prepared& prepared_;
  const recorded::LayerFiles& layers_;
};

}  // namespace

Result<std::unique_ptr<ActivationSource>> ActivationSource::open(const StudyRequest& request,
                                                                 const Prepared& prepared,
                                                                 const std::stop_token& stop) {
  if (prepared.recorded) return std::make_unique<RecordedSource>(request, prepared);
  PENFIELD_TRY(model::Model model,
               model::Model::open(request.model_folder, *prepared.spec, request.precision, stop));
  return std::make_unique<ModelSource>(request, prepared, std::move(model));
}

}  // namespace penfield::study
