// One writer a folder: a lock file, `.lock`, that holds the process id of its holder.
//
// The lock is flock()'s: the system gives it back when its holder ends, however it ends, so there is no stale
// lock to clear away. The file is removed with the lock; that another writer may open it just before is met
// by looking, once the lock is held, whether the file locked still is the one in the folder.
#pragma once

#include <string>
#include <utility>

#include "penfield/base/result.h"
#include "penfield/formats/file_descriptor.h"

namespace penfield::store {

class FolderLock {
 public:
  // Makes the folder, with those above it, where it is missing. kIo: it cannot be made or written, or
  // "<folder>: is in use by process 123".
  [[nodiscard]] static Result<FolderLock> take(const std::string& folder);

  FolderLock(FolderLock&& other) noexcept { *this = std::move(other); }
  FolderLock& operator=(FolderLock&&) noexcept;
  ~FolderLock();  // removes the file, and the folder where take() made it and it is empty

 private:
  FolderLock() = default;
  void release();

  std::string folder_;
  formats::FileDescriptor fd_;
  bool made_folder_ = false;
};

}  // namespace penfield::store
