// The activations of any unit over the text that a result shows, where its own files hold those of the
// reported units alone.
//
// The windows are run through the model once, and what is kept of them are the inputs of the sites' products
// (activations/unit_activations.h): a unit is then one dot product a token. For GPT-2 Medium and 4,096 tokens
// that is 400 MB, and a pass over the windows takes 14 s on 2 cores; so the passes are made ahead while
// nobody asks, and where the inputs of all layers are beyond the budget, those of as many layers as fit are
// kept and the windows run anew for others.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "penfield/activations/capture_plan.h"
#include "penfield/activations/memory_store.h"
#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/model/model.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/store/run_record.h"

namespace penfield::server {

class ScanText {
 public:
  // The model is borrowed. budget_bytes: for the inputs kept; those of one layer are kept whatever it says.
  // kBadInput: the tokens of the windows are none that the model could have read.
  [[nodiscard]] static Result<ScanText> make(const model::Model& model, const store::RunRecord& run,
                                             std::span<const store::WindowToken> tokens,
                                             std::uint64_t budget_bytes);

  // [n_tokens], in the order of the tokens. kUsage: the unit is not of the run's layers and sites.
  // kInterrupted: `stop` was requested; what was done so far is kept.
  [[nodiscard]] Result<std::vector<float>> values(const UnitId& unit, const std::stop_token& stop);

  // Runs some windows that values() would have to run. True: there are more.
  [[nodiscard]] Result<bool> work_ahead(const std::stop_token& stop);

  [[nodiscard]] std::size_t layers_kept() const { return layers_kept_; }

 private:
  // One pass that was run, and what was kept of it.
  struct PassInputs {
    explicit PassInputs(activations::CapturePlan plan_in) : plan(std::move(plan_in)), store(plan) {}
    activations::CapturePlan plan;
    activations::MemoryStore store;
  };

  explicit ScanText(const model::Model& model) : model_(&model) {}
  Result<void> run_pass(const std::stop_token& stop);

  const model::Model* model_;
  std::vector<Site> sites_;
  std::vector<std::uint32_t> layers_;
  std::vector<TokenId> ids_;                // of all windows, one after the other
  std::vector<sample::SamplePlan> passes_;  // windows of ids_ that are run together
  std::optional<TokenId> bos_;              // before every window, as in the scan
  std::size_t layers_kept_ = 1;
  std::size_t first_layer_ = 0;                      // of those kept, in layers_
  std::vector<std::unique_ptr<PassInputs>> inputs_;  // of the passes done
};

}  // namespace penfield::server
