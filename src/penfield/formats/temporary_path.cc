#include "penfield/formats/temporary_path.h"

#include <cstdio>
#include <mutex>
#include <ranges>
#include <utility>
#include <vector>

namespace penfield::formats {
namespace {

struct TemporaryPaths {
  std::mutex mutex;
  std::vector<std::string> paths;  // in the order in which they were made
  std::once_flag removal;
};

// Never destroyed: the thread that waits for signals may need it to the very end.
TemporaryPaths& temporary_paths() {
  static auto* const kPaths = new TemporaryPaths;
  return *kPaths;
}

}  // namespace

TemporaryPath::TemporaryPath(std::string path, const std::function<bool()>& make) {
  TemporaryPaths& all = temporary_paths();
  const std::lock_guard lock(all.mutex);
  if (!make()) return;
  all.paths.push_back(path);
  path_ = std::move(path);
}

TemporaryPath::TemporaryPath(TemporaryPath&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TemporaryPath& TemporaryPath::operator=(TemporaryPath&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TemporaryPath::~TemporaryPath() {
  remove();
}

void TemporaryPath::remove() {
  if (path_.empty()) return;
  TemporaryPaths& all = temporary_paths();
  const std::lock_guard lock(all.mutex);
  std::remove(path_.c_str());
  std::erase(all.paths, path_);
  path_.clear();
}

bool TemporaryPath::keep(const std::function<bool()>& take) {
  TemporaryPaths& all = temporary_paths();
  const std::lock_guard lock(all.mutex);
  if (!take()) return false;
  std::erase(all.paths, path_);
  path_.clear();
  return true;
}

void remove_temporary_paths() {
  TemporaryPaths& all = temporary_paths();
  std::call_once(all.removal, [&] {
    all.mutex.lock();  // and not unlocked: nothing is made any more
    for (const std::string& path : std::views::reverse(all.paths)) std::remove(path.c_str());
  });
}

}  // namespace penfield::formats
