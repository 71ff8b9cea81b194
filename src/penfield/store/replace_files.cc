#include "penfield/store/replace_files.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "penfield/base/check.h"
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

bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

Result<void> move(const std::string& from, const std::string& to, const formats::FileCalls& calls) {
  if (calls.rename(from.c_str(), to.c_str()) == 0) return {};
  return io_error("{}: cannot be renamed: {}", from, formats::error_text(errno));
}

// Puts every old file back into its place, the mark last; a new file in that place goes.
Result<void> put_back(const std::string& folder, std::span<const std::string_view> names,
                      const formats::FileCalls& calls) {
  Result<void> outcome;
  for (const std::string_view name : names) {
    if (!exists(aside(folder, name))) continue;
    auto moved = move(aside(folder, name), place(folder, name), calls);
    if (!moved && outcome) outcome = std::move(moved);
  }
  return outcome;
}

void delete_old(const std::string& folder, std::span<const std::string_view> names) {
  for (const std::string_view name : names) ::unlink(aside(folder, name).c_str());
}

Result<void> step_aside(const std::string& folder, std::span<const std::string_view> names,
                        const formats::FileCalls& calls) {
  for (std::size_t i = names.size(); i > 0; --i) {
    const std::string_view name = names[i - 1];
    if (exists(place(folder, name))) PENFIELD_TRY_VOID(move(place(folder, name), aside(folder, name), calls));
  }
  return {};
}

}  // namespace

Result<void> replace_files(const std::string& folder, std::span<const std::string_view> names,
                           std::vector<formats::AtomicFile>& parts, const formats::FileCalls& calls) {
  PENFIELD_CHECK(parts.size() == names.size());
  Result<void> outcome = step_aside(folder, names, calls);
  const bool places_are_free = outcome.has_value();
  for (std::size_t i = 0; i < parts.size() && outcome; ++i) outcome = parts[i].commit();
  if (outcome) {
    delete_old(folder, names);
    return outcome;
  }
  for (const std::string_view name : names) {  // new files that put_back() will not replace
    if (places_are_free && !exists(aside(folder, name))) ::unlink(place(folder, name).c_str());
  }
  const auto undone = put_back(folder, names, calls);
  if (undone) return outcome;
  return io_error("{}; and the earlier result could not be put back: {}", outcome.error().message,
                  undone.error().message);
}

Result<void> recover(const std::string& folder, std::span<const std::string_view> names) {
  const std::string_view mark = names.back();
  if (exists(aside(folder, mark)) && !exists(place(folder, mark))) {
    PENFIELD_TRY_VOID(put_back(folder, names, formats::system_file_calls()));
  }
  delete_old(folder, names);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string file = entry.path().filename().string();
    for (const std::string_view name : names) {
      if (file.starts_with(std::string(name) + ".part.")) ::unlink(entry.path().c_str());
    }
  }
  return {};
}

}  // namespace penfield::store
