#include "penfield/store/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace penfield::store {
namespace {

namespace fs = std::filesystem;
using formats::error_text;
using formats::FileDescriptor;

constexpr mode_t kMode = 0666;  // less the user's umask

std::string lock_path(const std::string& folder) {
  return (fs::path(folder) / ".lock").string();
}

// The process id in the lock file, or "another run" where its holder has not written it yet.
std::string holder_of(int fd) {
  std::array<char, 20> digits{};
  const ssize_t n = ::pread(fd, digits.data(), digits.size(), 0);
  std::string pid(digits.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
  pid.erase(std::min(pid.size(), pid.find_first_not_of("0123456789")));
  return pid.empty() ? "another run" : "process " + pid;
}

bool is_same_file(int fd, const std::string& path) {
  struct stat held {};
  struct stat there {};
  return ::fstat(fd, &held) == 0 && ::stat(path.c_str(), &there) == 0 && held.st_dev == there.st_dev &&
         held.st_ino == there.st_ino;
}

Result<void> write_pid(int fd, const std::string& folder) {
  const std::string pid = std::to_string(::getpid()) + '\n';
  if (::ftruncate(fd, 0) != 0 ||
      ::pwrite(fd, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return io_error("{}: cannot be written: {}", folder, error_text(errno));
  }
  return {};
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::string& folder) {
  FolderLock lock;
  std::error_code error;
  lock.made_folder_ =
      formats::TemporaryPath(folder, [&] { return fs::create_directories(folder, error) && !error; });
  if (error) return io_error("{}: the folder cannot be created: {}", folder, error.message());
  const std::string path = lock_path(folder);
  for (;;) {
    FileDescriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kMode));
    if (!fd.is_open()) return io_error("{}: cannot be written: {}", folder, error_text(errno));
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno != EWOULDBLOCK) return io_error("{}: cannot be locked: {}", folder, error_text(errno));
      return io_error("{}: is in use by {}; wait for it or choose another folder", folder,
                      holder_of(fd.get()));
    }
    if (!is_same_file(fd.get(), path)) continue;  // its holder has just removed it
    lock.file_ = formats::TemporaryPath(path, [] { return true; });
    lock.fd_ = std::move(fd);
    PENFIELD_TRY_VOID(write_pid(lock.fd_.get(), folder));
    return lock;
  }
}

}  // namespace penfield::store
