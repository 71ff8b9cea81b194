// A text file, a compressed text file, or standard input as one stream of bytes in bounded memory.
//
// Compression is recognised by the name (.gz, .zst) and by the first bytes; for standard input and other
// names by the first bytes alone, which is safe for text because neither magic number is valid UTF-8.
// Consecutive gzip members or zstd frames form one stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "penfield/base/result.h"

namespace penfield::formats {

class ByteStream {
 public:
  // path: a file, a named pipe, or "-" for standard input. kIo: cannot be opened or read. kBadInput: a folder
  // or device, or a name that ends in .gz or .zst with other contents.
  [[nodiscard]] static Result<ByteStream> open(const std::string& path);

  ByteStream(ByteStream&&) noexcept;
  ByteStream& operator=(ByteStream&&) noexcept;
  ~ByteStream();

  // Writes at least one byte to the start of `out` and returns how many; 0 at the end. `out` must not be
  // empty. kBadInput: compressed data that are corrupt or truncated. kIo: a read failed.
  [[nodiscard]] Result<std::size_t> read(std::span<char> out);

  [[nodiscard]] const std::string& name() const;  // the path, or "standard input"
  // Of the stored bytes, before decompression. Valid after read() has returned 0.
  [[nodiscard]] std::string sha256_hex() const;
  [[nodiscard]] std::uint64_t n_stored_bytes() const;

 private:
  struct Impl;
  explicit ByteStream(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace penfield::formats
