// The hub as the commands reach it: by this user's environment, with progress on standard error.
#pragma once

#include <memory>
#include <string>

#include "command.h"
#include "penfield/hub/fetch.h"
#include "penfield/hub/resolve_model.h"
#include "penfield/hub/settings.h"

namespace penfield::app {

// What the environment says, with --offline on top of it.
hub::Settings hub_settings(const Globals& globals);

// Shows a download while it lives: the options' notes and the step print.
class HubProgress {
 public:
  explicit HubProgress(const Globals& globals);
  ~HubProgress();
  HubProgress(const HubProgress&) = delete;
  HubProgress& operator=(const HubProgress&) = delete;

  [[nodiscard]] Watch watch();
  // Weights are fetched only of a model whose config.json Penfield can run.
  [[nodiscard]] hub::FetchOptions options(hub::Needs needs);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// MODEL -> its folder or .gguf file. What is not in the cache is fetched: says how much it is, and goes on.
Result<std::string> resolve_model_folder(const std::string& model, hub::Needs needs, const Globals& globals);

// The same, fetching nothing.
Result<std::string> find_model_folder(const std::string& model, hub::Needs needs, const Globals& globals);

}  // namespace penfield::app
