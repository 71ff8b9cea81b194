// Reports the stage "forward" in windows: of the passes that are there and those that this process runs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/base/watch.h"

namespace penfield::activations {

class PassProgress {
 public:
  // Both must outlive it.
  PassProgress(const ActivationStore& store, const Watch& watch) : store_(store), watch_(watch) {
    for (std::size_t p = 0; p < store.plan().passes.size(); ++p) {
      if (store.has_pass(p)) n_done_ += n_windows(p);
      if (store.has_pass(p) || store.runs_pass(p)) n_all_ += n_windows(p);
    }
  }
  // Errors: those of the watch.
  [[nodiscard]] Result<void> begin() const {
    return n_done_ > 0 ? watch_.step("forward", n_done_, n_all_, "windows") : Result<void>();
  }
  [[nodiscard]] Result<void> end_pass(std::size_t pass) {
    n_done_ += n_windows(pass);
    return watch_.step("forward", n_done_, n_all_, "windows");
  }

 private:
  [[nodiscard]] std::uint64_t n_windows(std::size_t pass) const {
    return store_.plan().passes[pass].windows.windows.size();
  }

  const ActivationStore& store_;
  const Watch& watch_;
  std::uint64_t n_done_ = 0, n_all_ = 0;
};

}  // namespace penfield::activations
