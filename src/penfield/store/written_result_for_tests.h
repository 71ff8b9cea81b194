// Writes small results, and reads what is in a folder. For tests only.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "penfield/formats/scratch_folder_for_tests.h"
#include "penfield/store/result_folder.h"
#include "penfield/store/small_result_for_tests.h"

namespace penfield::store {

inline constexpr const char* kResultNames[] = {"samples.tsv", "units.tsv", "windows.tsv", "heatmaps.npy",
                                               "run.json"};

inline Result<void> write_result(const std::string& folder, const SmallResult& result, bool overwrite = false,
                                 const formats::FileCalls& calls = formats::system_file_calls()) {
  PENFIELD_TRY(ResultWriter writer, ResultWriter::open(folder, overwrite, calls));
  return writer.write(result.run, result.samples, result.units, result.heatmaps);
}

inline SmallResult other_result() {
  SmallResult result = make_result();
  result.run.seed = 7;
  result.units.resize(4);
  result.heatmaps.units = {result.units[1].unit, result.units[2].unit};
  result.samples.resize(2);
  return result;
}

// Every file of a folder with its bytes, including hidden ones.
inline std::map<std::string, std::string> contents(const formats::ScratchFolder& folder,
                                                   const std::string& below) {
  std::map<std::string, std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path(below))) {
    const std::string name = entry.path().filename().string();
    out[name] = folder.read((std::filesystem::path(below) / name).string());
  }
  return out;
}

}  // namespace penfield::store
