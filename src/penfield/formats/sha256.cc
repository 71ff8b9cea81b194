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
