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

namespace penfield::store {

class FolderLock {
 public:
  // Creates the folder and its parents if missing. kIo: it cannot be created or written, or
  // "<folder>: is in use by process 123".
  [[nodiscard]] static Result<FolderLock> take(const std::string& folder);

  FolderLock(FolderLock&& other) noexcept { *this = std::move(other); }
  FolderLock& operator=(FolderLock&&) noexcept;
  ~FolderLock();  // removes the file, and the folder if take() created it and it is empty

 private:
  FolderLock() = default;
  void release();

  std::string folder_;
  formats::FileDescriptor fd_;
  bool made_folder_ = false;
};

}  // namespace penfield::store
