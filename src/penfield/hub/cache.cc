#include "penfield/hub/cache.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "penfield/base/check.h"
#include "penfield/base/file_type.h"
#include "penfield/formats/atomic_file.h"
#include "penfield/formats/mapped_file.h"
#include "penfield/hub/ascii.h"
#include "penfield/hub/repository.h"

namespace penfield::hub {
namespace {

namespace fs = std::filesystem;

// Tells backup programs that what is here can be had again (bford.info/cachedir).
constexpr std::string_view kCacheTag =
    "Signature: 8a477f597d28d172789f06886806bc55\n# This file marks the folder as a cache.\n";

std::string joined(const std::string& folder, std::string_view name) {
  return folder + "/" + std::string(name);
}

}  // namespace

bool is_safe_etag(std::string_view etag) {
  constexpr std::size_t kLongest = 128;
  const auto is_allowed = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; };
  return !etag.empty() && etag.size() <= kLongest && etag.front() != '.' &&
         std::all_of(etag.begin(), etag.end(), is_allowed);
}

Result<void> make_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return io_error("{}: cannot be made: {}", folder, error.message());
  return {};
}

RepositoryCache::RepositoryCache(std::string hub_folder, const std::string& repository_id)
    : hub_folder_(std::move(hub_folder)),
      folder_(joined(hub_folder_, cache_folder_name(repository_id))),
      locks_(joined(hub_folder_, ".locks/" + cache_folder_name(repository_id))) {}

std::string RepositoryCache::snapshot(std::string_view commit) const {
  return joined(folder_ + "/snapshots", commit);
}
std::string RepositoryCache::blob(std::string_view etag) const {
  return joined(folder_ + "/blobs", etag);
}
std::string RepositoryCache::partial_blob(std::string_view etag) const {
  return blob(etag) + ".incomplete";
}
std::string RepositoryCache::lock(std::string_view etag) const {
  return joined(locks_, etag) + ".lock";
}

Result<std::string> RepositoryCache::commit_of(const std::string& revision) const {
  if (is_commit(revision)) return revision;
  const std::string reference = joined(folder_ + "/refs", revision);
  PENFIELD_TRY(const fs::file_type type, file_type(reference));
  if (type == fs::file_type::not_found) return std::string();
  PENFIELD_TRY(const auto file, formats::MappedFile::open(reference));
  std::string_view commit = file.text();
  while (!commit.empty() && (commit.back() == '\n' || commit.back() == '\r')) commit.remove_suffix(1);
  if (!is_commit(commit)) {
    return bad_input(
        "{}: does not hold a commit hash of 40 hexadecimal digits: delete it and fetch the model again",
        reference);
  }
  return std::string(commit);
}

Result<void> RepositoryCache::prepare() const {
  const bool is_new = !exists(hub_folder_);
  PENFIELD_TRY_VOID(make_folder(folder_ + "/blobs"));
  PENFIELD_TRY_VOID(make_folder(locks_));
  if (is_new) PENFIELD_TRY_VOID(formats::write_file(joined(hub_folder_, "CACHEDIR.TAG"), kCacheTag));
  return {};
}

Result<void> RepositoryCache::write_reference(const std::string& revision, std::string_view commit) const {
  if (revision == commit) return {};
  const fs::path reference = joined(folder_ + "/refs", revision);
  // A cache that cannot be written to may still be right.
  if (const auto known = commit_of(revision); known && *known == commit) return {};
  PENFIELD_TRY_VOID(make_folder(reference.parent_path().string()));
  return formats::write_file(reference.string(), commit);
}

Result<void> RepositoryCache::link(std::string_view commit, std::string_view path,
                                   std::string_view etag) const {
  PENFIELD_CHECK(is_safe_path(path) && is_safe_etag(etag) && is_commit(commit));
  const fs::path place = joined(snapshot(commit), path);
  std::string target = "../../";
  for (const char c : path) target += c == '/' ? "../" : "";
  target += "blobs/" + std::string(etag);
  std::error_code error;
  if (fs::read_symlink(place, error) == target) return {};
  PENFIELD_TRY_VOID(make_folder(place.parent_path().string()));
  // Made beside its place and renamed over it: a reader finds the old link or the new one.
  const std::string beside = fmt::format("{}.{}.tmp", place.string(), ::getpid());
  ::unlink(beside.c_str());
  if (::symlink(target.c_str(), beside.c_str()) != 0) {
    return io_error(
        "{}: symbolic links cannot be created here ({}); the Hugging Face cache needs them: set HF_HUB_CACHE "
        "to a folder on another file system",
        place.string(), formats::error_text(errno));
  }
  if (::rename(beside.c_str(), place.c_str()) != 0) {
    const int why = errno;
    ::unlink(beside.c_str());
    return io_error("{}: cannot be made: {}", place.string(), formats::error_text(why));
  }
  return {};
}

}  // namespace penfield::hub
