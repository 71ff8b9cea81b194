// SHA-256 of a model's weight files, made while other work goes on: they take a second a gigabyte.
#pragma once

#include <future>
#include <string>
#include <utility>
#include <vector>

#include "penfield/base/result.h"

namespace penfield::study {

class WeightHashes {
 public:
  using Hashes = std::vector<std::pair<std::string, std::string>>;  // file name, hash; as the paths

  // Begins at once, on a thread of its own.
  explicit WeightHashes(std::vector<std::string> paths);
  [[nodiscard]] bool are_ready() const;
  // Waits for them.
  [[nodiscard]] const Result<Hashes>& get() const { return hashes_.get(); }

 private:
  std::shared_future<Result<Hashes>> hashes_;
};

}  // namespace penfield::study
