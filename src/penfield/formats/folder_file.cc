#include "penfield/formats/folder_file.h"

#include <filesystem>
#include <system_error>

#include "penfield/base/file_type.h"
#include "penfield/formats/message_text.h"

namespace penfield::formats {
namespace {

namespace fs = std::filesystem;

// True where `path` lies below `folder`; both absolute and without links.
bool is_below(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != ".." && *relative.begin() != ".";
}

// models--X/snapshots/REV/… -> models--X/blobs; empty where the folder is not of that form.
fs::path cache_blobs(const fs::path& folder) {
  for (fs::path at = folder; at.has_relative_path(); at = at.parent_path()) {
    if (at.filename() == "snapshots") return at.parent_path() / "blobs";
  }
  return {};
}

}  // namespace

Result<std::string> file_in_folder(const std::string& folder, std::string_view name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos ||
      name.find('\0') != std::string_view::npos) {
    return bad_input("{}: '{}' is not the name of a file in this folder", folder, message_text(name));
  }
  const fs::path path = fs::path(folder) / name;
  std::error_code error;
  const fs::path real_folder = fs::canonical(folder, error);
  if (error) return io_error("{}: cannot be opened: {}", folder, error.message());
  const fs::path real_path = fs::canonical(path, error);
  if (error) return io_error("{}: cannot be opened: {}", path.string(), error.message());
  if (is_below(real_path, real_folder)) return path.string();
  const fs::path blobs = cache_blobs(real_folder);
  if (!blobs.empty() && real_path.parent_path() == blobs) return path.string();
  return bad_input("{}: is a link to {}, outside the model's folder; copy the file into the folder",
                   path.string(), real_path.string());
}

bool exists_in_folder(const std::string& folder, std::string_view name) {
  return exists((fs::path(folder) / name).string());
}

}  // namespace penfield::formats
