// The system calls that write files, as a table, so that tests can make each of them fail.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace penfield::formats {

struct FileCalls {
  int (*create)(const char* path);  // open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)
  ssize_t (*write)(int fd, const void* bytes, std::size_t n_bytes);
  int (*fsync)(int fd);
  int (*rename)(const char* from, const char* to);
  ssize_t (*pwrite)(int fd, const void* bytes, std::size_t n_bytes, off_t at);
  // Sets a file's length and, if the file system supports it, reserves the disk space.
  int (*reserve)(int fd, off_t n_bytes);
};

[[nodiscard]] const FileCalls& system_file_calls();

}  // namespace penfield::formats
