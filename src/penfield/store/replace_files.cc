#include "penfield/store/replace_files.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include "penfield/base/check.h"
#include "penfield/base/file_type.h"
#include "penfield/formats/file_descriptor.h"

namespace penfield::store {
namespace {

namespace fs = std::filesystem;

std::string place(const std::string& folder, std::string_view name) {
  return (fs::path(folder) / name).string();
}
std::string aside(const std::string& folder, std::string_view name) {
  return (fs::path(folder) / (".replaced." + std::string(name))).string();
}

Result<void> move(const std::string& from, const std::string& to, const formats::FileCalls& calls) {
  if (calls.rename(from.c_str(), to.c_str()) == 0) return {};
  return io_error("{}: cannot be renamed: {}", from, formats::error_text(errno));
}

// The outdated file, then the names: the mark last.
std::vector<std::string_view> all_of(const FileSet& set) {
  std::vector<std::string_view> out = {set.outdated};
  out.insert(out.end(), set.names.begin(), set.names.end());
  return out;
}

// Puts every old file back into its place, the mark last; a new file in that place goes.
Result<void> put_back(const std::string& folder, const FileSet& set, const formats::FileCalls& calls) {
  Result<void> outcome;
  for (const std::string_view name : all_of(set)) {
    if (!exists(aside(folder, name))) continue;
    auto moved = move(aside(folder, name), place(folder, name), calls);
    if (!moved && outcome) outcome = std::move(moved);
  }
  return outcome;
}

void delete_old(const std::string& folder, const FileSet& set) {
  for (const std::string_view name : all_of(set)) ::unlink(aside(folder, name).c_str());
}

Result<void> step_aside(const std::string& folder, const FileSet& set, const formats::FileCalls& calls) {
  std::vector<std::string_view> names = all_of(set);
  if (!exists(place(folder, set.names.back()))) names.erase(names.begin());
  std::reverse(names.begin(), names.end());
  for (const std::string_view name : names) {
    if (exists(place(folder, name))) PENFIELD_TRY_VOID(move(place(folder, name), aside(folder, name), calls));
  }
  return {};
}

// Paths of the unfinished parts of each name.
Result<std::vector<std::vector<std::string>>> parts_of(const std::string& folder, const FileSet& set) {
  std::vector<std::vector<std::string>> parts(set.names.size());
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string file = entry->path().filename().string();
    for (std::size_t i = 0; i < set.names.size(); ++i) {
      if (file.starts_with(std::string(set.names[i]) + ".part.")) parts[i].push_back(entry->path().string());
    }
  }
  if (error) return io_error("{}: the folder cannot be read: {}", folder, error.message());
  return parts;
}

void delete_all(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) ::unlink(path.c_str());
}

}  // namespace

Result<void> replace_files(const std::string& folder, const FileSet& set,
                           std::vector<formats::AtomicFile>& parts, const formats::FileCalls& calls) {
  PENFIELD_CHECK(parts.size() == set.names.size());
  Result<void> outcome = step_aside(folder, set, calls);
  const bool places_are_free = outcome.has_value();
  for (std::size_t i = 0; i < parts.size() && outcome; ++i) outcome = parts[i].commit();
  if (outcome) {
    delete_old(folder, set);
    return outcome;
  }
  for (const std::string_view name : set.names) {  // new files that put_back() will not replace
    if (places_are_free && !exists(aside(folder, name))) ::unlink(place(folder, name).c_str());
  }
  const auto undone = put_back(folder, set, calls);
  if (undone) return outcome;
  return io_error("{}; and the earlier result could not be put back: {}", outcome.error().message,
                  undone.error().message);
}

Result<void> recover(const std::string& folder, const FileSet& set, const formats::FileCalls& calls) {
  PENFIELD_TRY(const std::vector<std::vector<std::string>> parts, parts_of(folder, set));
  if (!exists(place(folder, set.names.back()))) {
    // All parts were written before the first took its place, so a name without one has its new file there.
    const bool was_committing = !parts.back().empty();
    for (std::size_t i = 0; was_committing && i < set.names.size(); ++i) {
      if (parts[i].empty() && !exists(aside(folder, set.names[i])))
        ::unlink(place(folder, set.names[i]).c_str());
    }
    delete_all(parts.back());  // before old files are back, as a second call must not take them for new ones
    PENFIELD_TRY_VOID(put_back(folder, set, calls));
  }
  delete_old(folder, set);
  for (const std::vector<std::string>& of_name : parts) delete_all(of_name);
  return {};
}

bool is_half_replaced(const std::string& folder, const FileSet& set) {
  return !exists(place(folder, set.names.back())) && exists(aside(folder, set.names.back()));
}

}  // namespace penfield::store
