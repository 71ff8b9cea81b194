// SHA-256 of a model's weight files, computed while other work goes on: a second a gigabyte. What is hashed
// is the mapping that the model computes with, so a file that is replaced meanwhile changes neither.
#pragma once

#include <future>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "penfield/formats/mapped_file.h"

namespace penfield::study {

class WeightHashes {
 public:
  using Hashes = std::vector<std::pair<std::string, std::string>>;  // file name, hash; as the files

  // Begins at once, on a thread of its own where one can be started. The files must outlive it.
  explicit WeightHashes(std::span<const formats::MappedFile> files);
  // Those that something else computes.
  explicit WeightHashes(std::shared_future<Hashes> hashes) : hashes_(std::move(hashes)) {}
  WeightHashes(const WeightHashes&) = delete;
  WeightHashes& operator=(const WeightHashes&) = delete;
  ~WeightHashes() { abandoned_.request_stop(); }

  [[nodiscard]] bool are_ready() const;
  // Waits for them.
  [[nodiscard]] const Hashes& get() const { return hashes_.get(); }

 private:
  std::stop_source abandoned_;
  std::shared_future<Hashes> hashes_;
};

}  // namespace penfield::study
