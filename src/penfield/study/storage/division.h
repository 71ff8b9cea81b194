// How a study's passes are divided among processes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "penfield/base/share.h"
#include "penfield/base/team.h"

namespace penfield::study {

struct Division {
  // `--part`: this process runs these passes, keeps them in its own result folder, and stops.
  std::optional<Share> part = {};
  // `join`: the result folders of all parts. This process runs no pass of the study.
  std::vector<std::string> parts = {};
  // The processes that run the study together, in one folder that all see.
  const Team* team = &alone();

  // Then the activations are on disk, where the others find them.
  [[nodiscard]] bool is_divided() const { return part || !parts.empty() || !team->is_alone(); }
  // The passes that this process runs.
  [[nodiscard]] std::optional<Share> passes() const {
    if (!parts.empty()) return std::nullopt;
    return part ? *part : team->share();
  }
};

}  // namespace penfield::study
