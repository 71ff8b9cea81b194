#include "penfield/server/result_folders.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "penfield/base/file_type.h"
#include "penfield/text/utf8.h"

namespace penfield::server {

namespace fs = std::filesystem;

std::string shown_name(const std::string& folder) {
  fs::path path = fs::path(folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  if (path.has_filename() && path.filename() != "." && path.filename() != "..") return path.string();
  std::error_code error;
  const fs::path whole = fs::canonical(folder, error);
  return error ? folder : whole.string();
}

std::vector<std::string> folders_beside(const std::string& shown) {
  constexpr std::size_t kMost = 200;
  const fs::path parent = fs::path(shown).parent_path();
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(parent.empty() ? "." : parent, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string last = entry->path().filename().string();
    std::string name = (parent / last).string();
    if (last.starts_with('.') || name == shown || text::valid_prefix(name) != name.size()) continue;
    // One that cannot be looked at is offered: whoever opens it is told why.
    const auto run = file_type((entry->path() / "run.json").string());
    if (!run || *run == fs::file_type::regular) names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  if (names.size() > kMost) names.resize(kMost);
  return names;
}

}  // namespace penfield::server
