// At most one writer for each folder: a lock file, `.lock`, that contains the process id of its holder.
//
// The lock is taken with flock(), so the system releases it however the holder ends, and stale locks do not
// exist. The file is removed with the lock. Another writer may have opened it just before, so after taking
// the lock it is checked that the locked file is still the one in the folder.
#pragma once

#include <string>
#include <utility>

#include "penfield/base/result.h"
#include "penfield/formats/file_descriptor.h"
#include "penfield/formats/temporary_path.h"

namespace penfield::store {

class FolderLock {
 public:
  // Creates the folder and its parents if missing. kIo: it cannot be created or written, or
  // "<folder>: is in use by process 123".
  [[nodiscard]] static Result<FolderLock> take(const std::string& folder);

  // The lock file goes with the object, and the folder where take() made it and it is empty; also where a
  // signal ends the program.
  FolderLock(FolderLock&&) noexcept = default;
  FolderLock& operator=(FolderLock&&) noexcept = default;
  ~FolderLock() = default;

 private:
  FolderLock() = default;

  // In this order, as the last goes first: the file before the lock, the folder when it is empty.
  formats::TemporaryPath made_folder_;
  formats::FileDescriptor fd_;
  formats::TemporaryPath file_;
};

}  // namespace penfield::store
