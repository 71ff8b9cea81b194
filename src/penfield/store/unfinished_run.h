// What a run that was stopped leaves in its result folder, for the same command to go on with:
//   DIR/.unfinished/inputs.json   everything that decides the result: a name and a value each
//   DIR/.unfinished/…             what is done; other rooms' files
// A folder without inputs.json is of no use to a later run: its beginning was not yet under way.
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
  // A run was begun here and left inputs.json.
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
  // With all that is in it.
  void remove() const;

 private:
  std::string result_folder_, folder_;
  const formats::FileCalls* calls_;
};

}  // namespace penfield::store
