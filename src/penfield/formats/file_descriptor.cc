#include "penfield/formats/file_descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace penfield::formats {
namespace {

const char* what_it_is(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<RegularFile> open_regular_file(const std::string& path) {
  // O_NONBLOCK: a pipe without a writer opens at once, to be refused below. It changes nothing for plain
  // files.
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd.is_open()) {
    // open() refuses a socket with ENXIO, which the system words as "No such device or address".
    if (errno == ENXIO) return bad_input("{}: is a socket or a device, not a plain file", path);
    return io_error("{}: cannot be opened: {}", path, error_text(errno));
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return io_error("{}: cannot be examined: {}", path, error_text(errno));
  if (!S_ISREG(status.st_mode))
    return bad_input("{}: is {}, not a plain file", path, what_it_is(status.st_mode));
  return RegularFile{std::move(fd), static_cast<std::uint64_t>(status.st_size)};
}

std::string error_text(int error_number) {
  return std::generic_category().message(error_number);
}

}  // namespace penfield::formats
