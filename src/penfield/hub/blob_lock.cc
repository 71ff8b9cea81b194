#include "penfield/hub/blob_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>

namespace penfield::hub {
namespace {

constexpr mode_t kLockMode = 0664;  // as huggingface_hub makes them: a group may share a cache

bool has_no_locks(int error) {
  return error == ENOSYS || error == ENOLCK || error == EOPNOTSUPP;
}

}  // namespace

Result<BlobLock> BlobLock::acquire(const std::string& path, const Waiting& waiting) {
  constexpr std::chrono::milliseconds kPause(100);
  bool is_said = false;
  for (;;) {
    formats::FileDescriptor fd(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kLockMode));
    if (!fd.is_open()) return io_error("{}: cannot be made: {}", path, formats::error_text(errno));
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) {
      // Some versions of filelock remove the file when they give the lock back; what was locked is then not
      // the file that the next one opens.
      struct stat status {};
      if (::fstat(fd.get(), &status) == 0 && status.st_nlink > 0) return BlobLock(std::move(fd));
      continue;
    }
    if (has_no_locks(errno)) return BlobLock(std::move(fd));
    if (errno != EWOULDBLOCK && errno != EACCES && errno != EINTR) {
      return io_error("{}: cannot be locked: {}", path, formats::error_text(errno));
    }
    if (!is_said && waiting.note) waiting.note("another program downloads the same file; waiting for it");
    is_said = true;
    PENFIELD_TRY_VOID(sleep_for(kPause, waiting.keep_on));
  }
}

}  // namespace penfield::hub
