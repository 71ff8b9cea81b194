#include "penfield/formats/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "penfield/base/check.h"

namespace penfield::formats {
namespace {

constexpr std::size_t kWriteBufferBytes = std::size_t{256} << 10;
constexpr mode_t kMode = 0666;  // less the user's umask

int create_file(const char* path) {
  return ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
}

// Not posix_fallocate: where the file system cannot reserve, that writes zeros, block by block.
int reserve_file(int fd, off_t n_bytes) {
  while (::fallocate(fd, 0, 0, n_bytes) != 0) {
    if (errno == EOPNOTSUPP || errno == ENOSYS) return ::ftruncate(fd, n_bytes);
    if (errno != EINTR) return -1;
  }
  return 0;
}

constexpr FileCalls kSystemFileCalls = {create_file, ::write, ::fsync, ::rename, ::pwrite, reserve_file};

tl::unexpected<Error> cannot(const std::string& path, const char* what, int error_number) {
  return io_error("{}: cannot be {}: {}", path, what, error_text(error_number));
}

// A rename is on disk once the folder is. Some file systems have no fsync of a folder (EINVAL); there it
// needs none.
Result<void> sync_folder_of(const std::string& path, const FileCalls& calls) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  const std::string folder = parent.empty() ? std::string(".") : parent.string();
  const FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open()) return cannot(folder, "opened to sync it", errno);
  if (calls.fsync(fd.get()) != 0 && errno != EINVAL) return cannot(folder, "synced", errno);
  return {};
}

}  // namespace

const FileCalls& system_file_calls() {
  return kSystemFileCalls;
}

Result<AtomicFile> AtomicFile::create(const std::string& path, const FileCalls& calls) {
  // A part that a killed program with the same process id left behind is stepped over.
  constexpr int kMaxTries = 1000;
  for (int i = 0; i < kMaxTries; ++i) {
    const std::string part_path = fmt::format("{}.part.{}.{}", path, ::getpid(), i);
    FileDescriptor fd;
    TemporaryPath part(part_path, [&] {
      fd = FileDescriptor(calls.create(part_path.c_str()));
      return fd.is_open();
    });
    if (fd.is_open()) return AtomicFile(path, std::move(part), std::move(fd), calls);
    if (errno != EEXIST) return cannot(path, "written", errno);
  }
  return io_error("{}: cannot be written: there are {} unfinished parts of it; delete {}.part.*", path,
                  kMaxTries, path);
}

AtomicFile::AtomicFile(std::string path, TemporaryPath part, FileDescriptor fd, const FileCalls& calls)
    : calls_(&calls), path_(std::move(path)), part_(std::move(part)), fd_(std::move(fd)) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : calls_(other.calls_),
      path_(std::move(other.path_)),
      part_(std::move(other.part_)),
      fd_(std::move(other.fd_)),
      buffer_(std::move(other.buffer_)) {}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept {
  std::swap(calls_, other.calls_);
  std::swap(path_, other.path_);
  std::swap(part_, other.part_);
  std::swap(fd_, other.fd_);
  std::swap(buffer_, other.buffer_);
  return *this;
}

Result<void> AtomicFile::write(std::string_view bytes) {
  PENFIELD_CHECK(fd_.is_open());
  if (buffer_.size() + bytes.size() <= kWriteBufferBytes) {
    buffer_ += bytes;
    return {};
  }
  PENFIELD_TRY_VOID(flush());
  if (bytes.size() >= kWriteBufferBytes) return write_through(bytes);
  buffer_ += bytes;
  return {};
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes) {
  return write(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

Result<void> AtomicFile::flush() {
  PENFIELD_TRY_VOID(write_through(buffer_));
  buffer_.clear();
  return {};
}

Result<void> AtomicFile::write_through(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n_written = calls_->write(fd_.get(), bytes.data(), bytes.size());
    if (n_written < 0 && errno == EINTR) continue;
    if (n_written < 0) return cannot(path_, "written", errno);
    bytes.remove_prefix(static_cast<std::size_t>(n_written));
  }
  return {};
}

Result<void> AtomicFile::finish() {
  PENFIELD_CHECK(fd_.is_open());
  PENFIELD_TRY_VOID(flush());
  if (calls_->fsync(fd_.get()) != 0) return cannot(path_, "synced", errno);
  // close() can report what a network file system could not store.
  if (::close(fd_.release()) != 0) return cannot(path_, "written", errno);
  return {};
}

Result<void> AtomicFile::commit() {
  if (fd_.is_open()) PENFIELD_TRY_VOID(finish());
  PENFIELD_CHECK(!part_.is_empty());
  const auto rename = [&] { return calls_->rename(part_.path().c_str(), path_.c_str()) == 0; };
  if (!part_.keep(rename)) return cannot(path_, "put in its place", errno);
  Result<void> synced = sync_folder_of(path_, *calls_);
  if (synced) return synced;
  return io_error("{}; {} is in its place, but may be lost if the machine stops now", synced.error().message,
                  path_);
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  PENFIELD_TRY(AtomicFile file, AtomicFile::create(path));
  PENFIELD_TRY_VOID(file.write(bytes));
  return file.commit();
}

}  // namespace penfield::formats
