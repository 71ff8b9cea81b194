// A file that is either wholly there or not at all: written beside its place, synced, renamed, and its folder
// synced.
//
// Whatever fails (disk full, I/O error, a killed program), the file that stood there before is intact.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/formats/file_calls.h"
#include "penfield/formats/file_descriptor.h"

namespace penfield::formats {

class AtomicFile {
 public:
  // Creates the part file <path>.part.<pid>.<n>, which nobody else has. kIo names the path and the system's
  // reason.
  [[nodiscard]] static Result<AtomicFile> create(const std::string& path,
                                                 const FileCalls& calls = system_file_calls());

  AtomicFile(AtomicFile&&) noexcept;
  AtomicFile& operator=(AtomicFile&&) noexcept;
  ~AtomicFile();  // without commit() the part file is removed

  [[nodiscard]] Result<void> write(std::string_view bytes);
  [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
  // Writes out and syncs the part file; what can still fail afterwards is the rename. For several files that
  // belong together: finish all, then commit all. Nothing may be written afterwards.
  [[nodiscard]] Result<void> finish();
  // finish() where that was not done, rename over <path>, sync of the folder.
  [[nodiscard]] Result<void> commit();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  AtomicFile(std::string path, std::string part_path, FileDescriptor fd, const FileCalls& calls);
  [[nodiscard]] Result<void> flush();
  [[nodiscard]] Result<void> write_through(std::string_view bytes);
  void remove_part();

  const FileCalls* calls_;
  std::string path_;
  std::string part_path_;  // empty: nothing to remove
  FileDescriptor fd_;
  std::string buffer_;
};

// create, write and commit in one.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view bytes);

}  // namespace penfield::formats
