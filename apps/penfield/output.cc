#include "output.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace penfield::app {

Result<void> check_replaceable(const std::string& path, bool force) {
  struct stat status {};
  if (!force && ::stat(path.c_str(), &status) == 0) {
    return io_error("{}: exists already; give another -o, or --force to replace it", path);
  }
  return {};
}

Result<Output> Output::open(const std::string& path, bool force) {
  Output output;
  if (path.empty() || path == "-") return output;
  PENFIELD_TRY_VOID(check_replaceable(path, force));
  PENFIELD_TRY(output.file_, formats::AtomicFile::create(path));
  return output;
}

Result<void> Output::write(std::string_view bytes) {
  if (file_) return file_->write(bytes);
  while (!bytes.empty()) {
    const ssize_t n = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("standard output: {}", std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> Output::close() {
  return file_ ? file_->commit() : Result<void>();
}

Result<void> write_output(const std::string& path, bool force, std::string_view bytes) {
  PENFIELD_TRY(Output output, Output::open(path, force));
  PENFIELD_TRY_VOID(output.write(bytes));
  return output.close();
}

void print_warning(std::string_view message) {
  std::fprintf(stderr, "penfield: warning: %.*s\n", static_cast<int>(message.size()), message.data());
}

void print_note(std::string_view message) {
  std::fprintf(stderr, "penfield: %.*s\n", static_cast<int>(message.size()), message.data());
}

}  // namespace penfield::app
