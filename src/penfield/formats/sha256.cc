#include "penfield/formats/sha256.h"

#include <unistd.h>

#include <cerrno>
#include <vector>

#include "penfield/formats/file_descriptor.h"

namespace penfield::formats {

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

std::string sha256_hex(const MappedFile& file, const std::stop_token& stop) {
  constexpr std::size_t kPieceBytes = std::size_t{16} << 20;
  Sha256 hash;
  const std::string_view bytes = file.text();
  for (std::size_t at = 0; at < bytes.size() && !stop.stop_requested(); at += kPieceBytes) {
    hash.update(bytes.substr(at, kPieceBytes));
    file.forget(at, kPieceBytes);
  }
  return hash.hex();
}

Result<std::string> sha256_file(const std::string& path) {
  PENFIELD_TRY(const RegularFile file, open_regular_file(path));
  Sha256 hash;
  std::vector<char> buffer(std::size_t{1} << 20);
  for (;;) {
    const ssize_t n_read = ::read(file.fd.get(), buffer.data(), buffer.size());
    if (n_read < 0 && errno == EINTR) continue;
    if (n_read < 0) return io_error("{}: cannot be read: {}", path, error_text(errno));
    if (n_read == 0) return hash.hex();
    hash.update(std::string_view(buffer.data(), static_cast<std::size_t>(n_read)));
  }
}

}  // namespace penfield::formats
