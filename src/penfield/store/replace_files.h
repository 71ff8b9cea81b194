// Several files of a folder replaced together: all of them, or none.
//
// The last of the names is the folder's mark: it is there exactly when the set is whole. Replacing takes
// three steps:
//   1. the files that are there step aside, the mark first      units.tsv -> .replaced.units.tsv
//   2. the new ones take their places, the mark last
//   3. the old ones are deleted, the mark's last
// A step that fails is taken back. A program killed between two renames leaves a state that recover() can
// tell: with the mark in its place the new set is whole, and old files go. Without it steps 1 or 2 were not
// finished: new files, whose parts are gone while the mark's is there, go, and the old ones come back.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/formats/atomic_file.h"
#include "penfield/formats/file_calls.h"

namespace penfield::store {

// Whether anything stands at `path`, a dangling link too.
[[nodiscard]] bool exists(const std::string& path);

struct FileSet {
  std::span<const std::string_view> names;  // the mark last
  std::string_view outdated;                // another file that is out of date once the set is replaced
};

// parts: written and finished (AtomicFile::finish), one for each of the names, in their order. The outdated
// file goes where there was a set before. kIo: the folder is as before.
[[nodiscard]] Result<void> replace_files(const std::string& folder, const FileSet& set,
                                         std::vector<formats::AtomicFile>& parts,
                                         const formats::FileCalls& calls);

// Undoes or completes what a killed program left, and deletes unfinished parts of these files. It may itself
// be killed, and called again. To be called by whoever holds the folder. kIo where a file cannot be moved.
[[nodiscard]] Result<void> recover(const std::string& folder, const FileSet& set,
                                   const formats::FileCalls& calls);

// A replacement was under way, or was killed: the next recover() puts the old set back, or completes the new.
[[nodiscard]] bool is_half_replaced(const std::string& folder, const FileSet& set);

}  // namespace penfield::store
