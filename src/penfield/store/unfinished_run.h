// What a run that was stopped leaves in its result folder, for the same command to go on with:
//   DIR/.unfinished/inputs.tsv      everything that decides the result: a name and a value each
//   DIR/.unfinished/…               what is done; other rooms' files
//   DIR/.unfinished/result.sha256   of the run.json that is to take its place, once all is done
// A folder without inputs.tsv is of no use to a later run: its beginning was not yet under way. A table, not
// JSON: a path may hold any bytes, and must come back as it was.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/formats/file_calls.h"

namespace penfield::store {

using RunInputs = std::vector<std::pair<std::string, std::string>>;

class UnfinishedRun {
 public:
  explicit UnfinishedRun(const std::string& result_folder,
                         const formats::FileCalls& calls = formats::system_file_calls());

  [[nodiscard]] const std::string& folder() const { return folder_; }
  // A run was begun here and left inputs.tsv.
  [[nodiscard]] bool exists() const;
  // Makes the folder; what is there stays. kIo: cannot be made.
  [[nodiscard]] Result<void> make_folder() const;
  // Makes an empty folder in it, for what no later run goes on with, and returns its path. kIo: cannot be
  // made.
  [[nodiscard]] Result<std::string> make_part(const std::string& name) const;
  // kIo: cannot be written.
  [[nodiscard]] Result<void> record(const RunInputs& inputs) const;
  // kBadInput: the inputs recorded are others (names the first that differs, with both values), or cannot be
  // read.
  [[nodiscard]] Result<void> check_same(const RunInputs& inputs) const;
  // Names the result that is about to be put in its place. kIo: cannot be written.
  [[nodiscard]] Result<void> name_result(const std::string& run_sha256) const;
  // The result in its place, whose run.json has this checksum, is this run's: nothing is unfinished.
  [[nodiscard]] bool is_of_result(const std::string& run_sha256) const;
  // With all that is in it, inputs.tsv first.
  void remove() const;

 private:
  std::string result_folder_, folder_;
  const formats::FileCalls* calls_;
};

}  // namespace penfield::store
