// A read-only file as a span of bytes: weights are used directly from the page cache, never copied.
//
// The cost of a mapping is that a file truncated by another process raises SIGBUS at the next access.
// install_mapping_guard() turns that into one line and exit 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/formats/file_descriptor.h"

namespace penfield::formats {

class MappedFile {
 public:
  // kIo: cannot be opened or mapped. kBadInput: not a regular file (folder, pipe, device); never blocks.
  // An empty file gives an empty span.
  [[nodiscard]] static Result<MappedFile> open(const std::string& path);

  // n_bytes of the file from byte `first` on. kIo also if the file is shorter than that.
  [[nodiscard]] static Result<MappedFile> open_range(const std::string& path, std::uint64_t first,
                                                     std::uint64_t n_bytes);

  MappedFile(MappedFile&&) noexcept;
  MappedFile& operator=(MappedFile&&) noexcept;
  ~MappedFile();

  // Returns the pages read so far to the system; later accesses read them from the page cache again.
  void release_pages() const;

  [[nodiscard]] std::span<const std::byte> bytes() const;
  [[nodiscard]] std::string_view text() const;  // the same bytes as characters
  [[nodiscard]] const std::string& path() const;

  // Releases the memory of n bytes from `first` on. They stay readable, and the page cache may keep them.
  // Whole pages are released, including the partial ones at both ends.
  void forget(std::uint64_t first, std::uint64_t n) const;

 private:
  struct Mapping;
  explicit MappedFile(std::unique_ptr<Mapping> mapping);
  static Result<MappedFile> map(const std::string& path, const RegularFile& file, std::uint64_t first,
                                std::uint64_t n_bytes);
  std::unique_ptr<Mapping> mapping_;
};

// Call once, before anything is mapped. From then on a SIGBUS inside a mapped file writes
// "penfield: <path>: the file became shorter while it was read; …" to standard error and ends the program
// with status 1; any other SIGBUS keeps its default action. The handler calls only async-signal-safe
// functions.
void install_mapping_guard();

}  // namespace penfield::formats
