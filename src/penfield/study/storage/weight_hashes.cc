#include "penfield/study/storage/weight_hashes.h"

#include <chrono>
#include <filesystem>
#include <system_error>

#include "penfield/formats/sha256.h"

namespace penfield::study {
namespace {

WeightHashes::Hashes hash_files(std::span<const formats::MappedFile> files, const std::stop_token& stop) {
  WeightHashes::Hashes hashes;
  for (const formats::MappedFile& file : files) {
    hashes.emplace_back(std::filesystem::path(file.path()).filename().string(),
                        formats::sha256_hex(file, stop));
  }
  return hashes;
}

}  // namespace

WeightHashes::WeightHashes(std::span<const formats::MappedFile> files) {
  const auto hash = [files, stop = abandoned_.get_token()] { return hash_files(files, stop); };
  try {
    hashes_ = std::async(std::launch::async, hash);
  } catch (const std::system_error&) {  // no thread can be started: computed by whoever waits for them
    hashes_ = std::async(std::launch::deferred, hash);
  }
}

bool WeightHashes::are_ready() const {
  return hashes_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace penfield::study
