// Several files of a folder replaced together: all of them, or none.
//
// The last of the names is the folder's mark: it is there exactly when the set is whole. Replacing takes
// three steps:
//   1. the files that are there step aside, the mark first      units.tsv -> .replaced.units.tsv
//   2. the new ones take their places, the mark last
//   3. the old ones are deleted, the mark's last
// A step that fails is taken back. A program killed between two renames leaves a state that recover() can
// tell: with an old mark and no new one, step 2 was not finished, and the old files go back; otherwise the
// new set is whole.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/formats/atomic_file.h"
#include "penfield/formats/file_calls.h"

namespace penfield::store {

// parts: written and finished (AtomicFile::finish), one for each of `names`, in their order. kIo: the folder
// is as before.
[[nodiscard]] Result<void> replace_files(const std::string& folder, std::span<const std::string_view> names,
                                         std::vector<formats::AtomicFile>& parts,
                                         const formats::FileCalls& calls);

// Undoes or completes what a killed program left, and deletes unfinished parts of these files. To be called
// by whoever holds the folder. kIo where a file cannot be moved.
[[nodiscard]] Result<void> recover(const std::string& folder, std::span<const std::string_view> names);

}  // namespace penfield::store
