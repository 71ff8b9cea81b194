// A POSIX file descriptor that is closed with its owner, and the function that opens files that must be
// regular.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "penfield/base/result.h"

namespace penfield::formats {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  // Passes ownership to the caller, who must close the descriptor.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

struct RegularFile {
  FileDescriptor fd;
  std::uint64_t size_bytes = 0;
};

// Opens `path` for reading. kIo: cannot be opened. kBadInput: a folder, pipe, socket or device. Never blocks:
// a pipe without a writer is refused.
[[nodiscard]] Result<RegularFile> open_regular_file(const std::string& path);

// "No such file or directory"; thread-safe.
[[nodiscard]] std::string error_text(int error_number);

}  // namespace penfield::formats
