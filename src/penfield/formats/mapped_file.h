// A file, read-only, as a span of bytes: weights are used where the page cache holds them, never copied.
//
// The price of a mapping is that a file cut short by somebody else while it is mapped raises SIGBUS at the
// next touch. install_mapping_guard() turns that into one line and exit 1.
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
  // kIo: cannot be opened or mapped. kBadInput: not a plain file (folder, pipe, device); never waits for one.
  // An empty file gives an empty span.
  [[nodiscard]] static Result<MappedFile> open(const std::string& path);

  // n_bytes of the file from byte `first` on. kIo also where the file is shorter than that.
  [[nodiscard]] static Result<MappedFile> open_range(const std::string& path, std::uint64_t first,
                                                     std::uint64_t n_bytes);

  MappedFile(MappedFile&&) noexcept;
  MappedFile& operator=(MappedFile&&) noexcept;
  ~MappedFile();

  // Gives the pages touched so far back to the system; what is touched again comes from its cache of the
  // file.
  void release_pages() const;

  [[nodiscard]] std::span<const std::byte> bytes() const;
  [[nodiscard]] std::string_view text() const;  // the same bytes as characters
  [[nodiscard]] const std::string& path() const;

  // Lets go of the memory that n bytes from `first` on took when they were read. They stay readable; the page
  // cache may keep them. Whole pages go, those at the ends too.
  void forget(std::uint64_t first, std::uint64_t n) const;

 private:
  struct Mapping;
  explicit MappedFile(std::unique_ptr<Mapping> mapping);
  static Result<MappedFile> map(const std::string& path, const RegularFile& file, std::uint64_t first,
                                std::uint64_t n_bytes);
  std::unique_ptr<Mapping> mapping_;
};

// Called once by the program, before it maps anything. From then on a SIGBUS inside a mapped file writes
// "penfield: <path>: the file became shorter while it was read; …" to standard error and ends the program
// with status 1; any other SIGBUS keeps its default action. The handler calls only async-signal-safe
// functions.
void install_mapping_guard();

}  // namespace penfield::formats
