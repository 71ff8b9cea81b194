// What an interrupted run leaves in its result folder, from which the same command continues:
//   DIR/.unfinished/inputs.tsv          everything that decides the result: one name and value a row
//   DIR/.unfinished/inputs-2-of-4.tsv   the same, as the process saw it that did share 2 of 4
//   DIR/.unfinished/command.tsv         of a part: the folder and the arguments that made it
//   DIR/.unfinished/…                   finished work; files of other rooms
//   DIR/.unfinished/result.sha256       checksum of the run.json that is about to be moved into place
// A folder without inputs.tsv is of no use to a later run, because no work was finished. The inputs are a
// table and not JSON because a path may hold any bytes and must be read back unchanged.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/share.h"
#include "penfield/formats/file_calls.h"

namespace penfield::store {

using RunInputs = std::vector<std::pair<std::string, std::string>>;

class UnfinishedRun {
 public:
  explicit UnfinishedRun(const std::string& result_folder,
                         const formats::FileCalls& calls = formats::system_file_calls());

  [[nodiscard]] const std::string& folder() const { return folder_; }
  // True if a run began here and left inputs.tsv. A link in the folder's place is not followed, here and
  // below.
  [[nodiscard]] bool exists() const;
  // Creates the folder and keeps what is in it. kIo: cannot be created, or is a link.
  [[nodiscard]] Result<void> make_folder() const;
  // A folder in it, for work that no later run continues.
  [[nodiscard]] std::string part(const std::string& name) const;
  // Creates it, empty. kIo: cannot be created, or what is in it cannot be removed.
  [[nodiscard]] Result<void> make_part(const std::string& name) const;
  // Of the whole run, or of the process that does a share of it. kIo: cannot be written.
  [[nodiscard]] Result<void> record(const RunInputs& inputs, const Share& share = {}) const;
  // The command that a later one repeats: "folder", and an "argument" each. kIo: cannot be written.
  [[nodiscard]] Result<void> record_command(const RunInputs& command) const;
  // kBadInput: no command was recorded, or it cannot be read.
  [[nodiscard]] Result<RunInputs> command() const;
  // kBadInput: the recorded inputs differ (names the first that does, with both values) or cannot be
  // read.
  [[nodiscard]] Result<void> check_same(const RunInputs& inputs) const;
  // True if the process that did this share recorded these inputs.
  [[nodiscard]] bool is_same_share(const RunInputs& inputs, const Share& share) const;
  // Records the checksum of the result that is about to be moved into place. kIo: cannot be written.
  [[nodiscard]] Result<void> name_result(const std::string& run_sha256) const;
  // True if the result in place, whose run.json has this checksum, is this run's: nothing is unfinished.
  [[nodiscard]] bool is_of_result(const std::string& run_sha256) const;
  // Removes the folder and its contents, inputs.tsv first. kIo: something is left.
  [[nodiscard]] Result<void> remove() const;

 private:
  [[nodiscard]] Result<void> write_table(const std::string& path, const RunInputs& rows) const;

  std::string result_folder_, folder_;
  const formats::FileCalls* calls_;
};

}  // namespace penfield::store
