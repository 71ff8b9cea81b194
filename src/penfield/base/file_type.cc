#include "penfield/base/file_type.h"

#include <system_error>

namespace penfield {

namespace fs = std::filesystem;

Result<fs::file_type> file_type(const std::string& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (type != fs::file_type::none) return type;
  return io_error("{}: cannot be looked at: {}", path, error.message());
}

bool exists(const std::string& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type() != fs::file_type::not_found;
}

}  // namespace penfield
