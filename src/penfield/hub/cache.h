// A repository as the Hugging Face cache keeps it, for reading and for writing:
//
//   models--OWNER--NAME/refs/REF                 the commit that a branch or tag names
//   models--OWNER--NAME/snapshots/COMMIT/PATH    a symbolic link to the blob
//   models--OWNER--NAME/blobs/ETAG               the contents; ETAG.incomplete while they come in
//   .locks/models--OWNER--NAME/ETAG.lock         see blob_lock.h
//
// Source: huggingface_hub, "Understand caching".
#pragma once

#include <string>
#include <string_view>

#include "penfield/base/result.h"

namespace penfield::hub {

class RepositoryCache {
 public:
  // hub_folder: the folder that holds models--…
  RepositoryCache(std::string hub_folder, const std::string& repository_id);

  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string snapshot(std::string_view commit) const;
  [[nodiscard]] std::string blob(std::string_view etag) const;
  [[nodiscard]] std::string partial_blob(std::string_view etag) const;
  [[nodiscard]] std::string lock(std::string_view etag) const;

  // The commit that a branch, a tag or a commit stands for; empty where the cache does not know it.
  // kBadInput: the cache holds no commit there.
  [[nodiscard]] Result<std::string> commit_of(const std::string& revision) const;

  // Makes the folders that blobs and locks go to.
  [[nodiscard]] Result<void> prepare() const;
  // revision -> commit, for readers in one step; nothing where the revision is the commit.
  [[nodiscard]] Result<void> write_reference(const std::string& revision, std::string_view commit) const;
  // Puts `path` (is_safe_path) of a commit in place: a link to the blob, which is there.
  [[nodiscard]] Result<void> link(std::string_view commit, std::string_view path,
                                  std::string_view etag) const;

 private:
  std::string hub_folder_, folder_, locks_;
};

// A name of a blob that stays in its folder: 1 to 128 letters, digits and - _ .; no point at its start.
[[nodiscard]] bool is_safe_etag(std::string_view etag);

// Makes the folder and those above it.
[[nodiscard]] Result<void> make_folder(const std::string& folder);

}  // namespace penfield::hub
