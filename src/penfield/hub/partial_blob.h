// A blob while it comes in: the .incomplete file, and the digest of what it holds so far.
//
// A file that an earlier run or huggingface_hub left behind is gone on with. Whether the whole is right is
// known at the end alone, by the digest that is the blob's name; so a file that was begun elsewhere is begun
// anew once before it counts as wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/formats/digest.h"
#include "penfield/formats/file_descriptor.h"
#include "penfield/hub/waiting.h"

namespace penfield::hub {

// The digest that the hub names a file by: SHA-256 of the contents (64 digits: large files), Git's own (40
// digits); nothing for a name of another kind.
[[nodiscard]] std::optional<formats::Digest> digest_for(std::string_view etag, std::uint64_t n_bytes);

// Whether a file holds what the etag names. A name that is no digest: whether it has n_bytes.
// kIo: cannot be read. What keep_on returns.
[[nodiscard]] Result<bool> is_blob(const std::string& path, std::string_view etag, std::uint64_t n_bytes,
                                   const KeepOn& keep_on);

class PartialBlob {
 public:
  // Opens or makes `path` and reads what is there; more than n_bytes is thrown away. kIo; kBadInput: no plain
  // file.
  [[nodiscard]] static Result<PartialBlob> open(const std::string& path, std::string_view etag,
                                                std::uint64_t n_bytes, const KeepOn& keep_on);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] bool is_whole() const { return size_ == n_bytes_; }
  // Some of it was there when it was opened.
  [[nodiscard]] bool was_begun_elsewhere() const { return begun_elsewhere_; }

  // kIo where the disk is full or fails; what was written stays. The caller sees to it that n_bytes suffice.
  [[nodiscard]] Result<void> append(std::string_view bytes);
  [[nodiscard]] Result<void> clear();
  // The digest is right; true also where the etag is none.
  [[nodiscard]] bool is_right() const;
  // Syncs the file and renames it to the blob's place.
  [[nodiscard]] Result<void> move_to(const std::string& blob);

 private:
  PartialBlob(std::string path, std::string etag, std::uint64_t n_bytes, formats::FileDescriptor fd);
  [[nodiscard]] Result<void> read_what_is_there(const KeepOn& keep_on);

  std::string path_, etag_;
  std::uint64_t n_bytes_;
  formats::FileDescriptor fd_;
  std::optional<formats::Digest> digest_;
  std::uint64_t size_ = 0;
  bool begun_elsewhere_ = false;
};

}  // namespace penfield::hub
