// A file that appears complete or not at all: written to a part file in the same folder, synced and renamed,
// and then the folder is synced.
//
// If anything fails (disk full, I/O error, the program killed), the previous file is intact.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/formats/file_calls.h"
#include "penfield/formats/file_descriptor.h"
#include "penfield/formats/temporary_path.h"

namespace penfield::formats {

class AtomicFile {
 public:
  // Creates the part file <path>.part.<pid>.<n>, exclusively. kIo names the path and the system's
  // reason.
  [[nodiscard]] static Result<AtomicFile> create(const std::string& path,
                                                 const FileCalls& calls = system_file_calls());

  // Without commit() the part file is removed with the object, and where a signal ends the program.
  AtomicFile(AtomicFile&&) noexcept;
  AtomicFile& operator=(AtomicFile&&) noexcept;
  ~AtomicFile() = default;

  [[nodiscard]] Result<void> write(std::string_view bytes);
  [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
  // Flushes and syncs the part file, so that only the rename can still fail. For several files that belong
  // together: finish all, then commit all. No write() after it.
  [[nodiscard]] Result<void> finish();
  // Calls finish() if that was not done, renames over <path>, and syncs the folder.
  [[nodiscard]] Result<void> commit();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  AtomicFile(std::string path, TemporaryPath part, FileDescriptor fd, const FileCalls& calls);
  [[nodiscard]] Result<void> flush();
  [[nodiscard]] Result<void> write_through(std::string_view bytes);

  const FileCalls* calls_;
  std::string path_;
  TemporaryPath part_;
  FileDescriptor fd_;
  std::string buffer_;
};

// create(), write() and commit().
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view bytes);

}  // namespace penfield::formats
