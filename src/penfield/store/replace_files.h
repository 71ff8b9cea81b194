// Replaces several files of a folder together: all of them, or none.
//
// The last of the names is the folder's mark: it exists exactly when the set is complete. Three steps:
//   1. existing files are renamed, the mark first      units.tsv -> .replaced.units.tsv
//   2. the new files are moved into place, the mark last
//   3. the old files are deleted, the mark's last
// A step that fails is undone. A program killed between two renames leaves a state that recover() can
// recognise: with the mark in place the new set is complete, and old files are deleted. Otherwise step 1 or 2
// was not finished: new files (their part file is gone while the mark's still exists) are deleted, and the
// old ones restored.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/formats/atomic_file.h"
#include "penfield/formats/file_calls.h"

namespace penfield::store {

struct FileSet {
  std::span<const std::string_view> names;  // the mark last
  std::string_view outdated;                // another file, which becomes outdated when the set is replaced
};

// parts: written and finished (AtomicFile::finish), one for each of the names, in their order. If there was a
// set before, the outdated file is removed. kIo: the folder is as before.
[[nodiscard]] Result<void> replace_files(const std::string& folder, const FileSet& set,
                                         std::vector<formats::AtomicFile>& parts,
                                         const formats::FileCalls& calls);

// Undoes or completes what a killed program left, and deletes unfinished parts of these files. It may itself
// be killed and called again. Only for the holder of the folder's lock. kIo: a file cannot be moved.
[[nodiscard]] Result<void> recover(const std::string& folder, const FileSet& set,
                                   const formats::FileCalls& calls);

// True if a replacement is under way or was killed; the next recover() restores or completes the set.
[[nodiscard]] bool is_half_replaced(const std::string& folder, const FileSet& set);

}  // namespace penfield::store
