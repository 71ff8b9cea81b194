// The lock under which one program at a time writes a blob of the cache: flock(2) on .locks/…/<etag>.lock, as
// the Python package filelock takes it for huggingface_hub, so that the two exclude each other.
//
// The system gives the lock back when its holder ends, however it ends: a file left behind locks nothing.
#pragma once

#include <string>

#include "penfield/base/result.h"
#include "penfield/formats/file_descriptor.h"
#include "penfield/hub/waiting.h"

namespace penfield::hub {

class BlobLock {
 public:
  // Waits for whoever holds it. Where the file system knows no locks (ENOSYS, ENOLCK, EOPNOTSUPP) nothing is
  // locked: what is downloaded is checked before it is put in place, so a lock only saves doing it twice.
  // kIo: the file cannot be made. What keep_on returns.
  [[nodiscard]] static Result<BlobLock> acquire(const std::string& path, const Waiting& waiting);

 private:
  explicit BlobLock(formats::FileDescriptor fd) : fd_(std::move(fd)) {}
  formats::FileDescriptor fd_;  // closing it gives the lock back
};

}  // namespace penfield::hub
