#include "penfield/hub/partial_blob.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

namespace penfield::hub {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Passes up to n_bytes of the file, from its start, to the digest; the number that were there.
Result<std::uint64_t> digest_file(int fd, const std::string& path, std::uint64_t n_bytes,
                                  std::optional<formats::Digest>& digest, const KeepOn& keep_on) {
  std::vector<char> buffer(kReadBytes);
  std::uint64_t n_done = 0;
  while (n_done < n_bytes) {
    PENFIELD_TRY_VOID(keep_on());
    const std::size_t n_wanted = std::min<std::uint64_t>(buffer.size(), n_bytes - n_done);
    const ssize_t n = ::pread(fd, buffer.data(), n_wanted, static_cast<off_t>(n_done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("{}: cannot be read: {}", path, formats::error_text(errno));
    if (n == 0) break;
    if (digest) digest->update(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
    n_done += static_cast<std::uint64_t>(n);
  }
  return n_done;
}

}  // namespace

std::optional<formats::Digest> digest_for(std::string_view etag, std::uint64_t n_bytes) {
  constexpr std::size_t kSha256Digits = 64, kSha1Digits = 40;
  if (etag.size() == kSha256Digits && is_hex(etag))
    return formats::Digest(formats::Digest::Algorithm::kSha256);
  if (etag.size() == kSha1Digits && is_hex(etag)) return formats::git_blob_digest(n_bytes);
  return std::nullopt;
}

Result<bool> is_blob(const std::string& path, std::string_view etag, std::uint64_t n_bytes,
                     const KeepOn& keep_on) {
  PENFIELD_TRY(const formats::RegularFile file, formats::open_regular_file(path));
  if (file.size_bytes != n_bytes) return false;
  std::optional<formats::Digest> digest = digest_for(etag, n_bytes);
  if (!digest) return true;
  PENFIELD_TRY(const std::uint64_t n_read, digest_file(file.fd.get(), path, n_bytes, digest, keep_on));
  return n_read == n_bytes && digest->hex() == etag;
}

PartialBlob::PartialBlob(std::string path, std::string etag, std::uint64_t n_bytes,
                         formats::FileDescriptor fd)
    : path_(std::move(path)),
      etag_(std::move(etag)),
      n_bytes_(n_bytes),
      fd_(std::move(fd)),
      digest_(digest_for(etag_, n_bytes)) {}

Result<PartialBlob> PartialBlob::open(const std::string& path, std::string_view etag, std::uint64_t n_bytes,
                                      const KeepOn& keep_on) {
  // Never waits for the other end of a pipe, and follows no link out of the cache.
  formats::FileDescriptor fd(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666));
  if (!fd.is_open()) return io_error("{}: cannot be made: {}", path, formats::error_text(errno));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return bad_input("{}: is not a plain file; delete it", path);
  }
  PartialBlob partial(path, std::string(etag), n_bytes, std::move(fd));
  PENFIELD_TRY_VOID(partial.read_what_is_there(keep_on));
  return partial;
}

Result<void> PartialBlob::read_what_is_there(const KeepOn& keep_on) {
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) return io_error("{}: {}", path_, formats::error_text(errno));
  if (static_cast<std::uint64_t>(status.st_size) > n_bytes_) return clear();
  PENFIELD_TRY(size_,
               digest_file(fd_.get(), path_, static_cast<std::uint64_t>(status.st_size), digest_, keep_on));
  begun_elsewhere_ = size_ > 0;
  return {};
}

Result<void> PartialBlob::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      return io_error(
          "{}: cannot be written: {}; the part downloaded so far is kept; run the same command again to continue",
          path_, formats::error_text(errno));
    }
    const auto n_written = static_cast<std::size_t>(n);
    if (digest_) digest_->update(bytes.substr(0, n_written));
    size_ += n_written;
    bytes.remove_prefix(n_written);
  }
  return {};
}

Result<void> PartialBlob::clear() {
  if (::ftruncate(fd_.get(), 0) != 0) {
    return io_error("{}: cannot be cut: {}", path_, formats::error_text(errno));
  }
  digest_ = digest_for(etag_, n_bytes_);
  size_ = 0;
  begun_elsewhere_ = false;
  return {};
}

bool PartialBlob::is_right() const {
  return is_whole() && (!digest_ || digest_->hex() == etag_);
}

Result<void> PartialBlob::move_to(const std::string& blob) {
  if (::fsync(fd_.get()) != 0)
    return io_error("{}: cannot be written: {}", path_, formats::error_text(errno));
  if (::rename(path_.c_str(), blob.c_str()) != 0) {
    return io_error("{}: cannot be put in place: {}", blob, formats::error_text(errno));
  }
  return {};
}

}  // namespace penfield::hub
