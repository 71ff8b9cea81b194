#include "penfield/study/weight_hashes.h"

#include <chrono>
#include <filesystem>
#include <system_error>

#include "penfield/formats/sha256.h"

namespace penfield::study {
namespace {

Result<WeightHashes::Hashes> hash_files(const std::vector<std::string>& paths) {
  WeightHashes::Hashes hashes;
  for (const std::string& path : paths) {
    PENFIELD_TRY(std::string hash, formats::sha256_file(path));
    hashes.emplace_back(std::filesystem::path(path).filename().string(), std::move(hash));
  }
  return hashes;
}

}  // namespace

WeightHashes::WeightHashes(std::vector<std::string> paths) {
  try {
    hashes_ = std::async(std::launch::async, [paths] { return hash_files(paths); });
  } catch (const std::system_error&) {  // no thread can be started: made by whoever waits for them
    hashes_ = std::async(std::launch::deferred, [paths] { return hash_files(paths); });
  }
}

bool WeightHashes::are_ready() const {
  return hashes_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace penfield::study
