// Reads the rows of a text file, checked, one at a time, in bounded memory. All forms of a corpus use it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/formats/byte_stream.h"
#include "penfield/text/corpus.h"
#include "penfield/text/document.h"

namespace penfield::text {

inline constexpr std::size_t kMaxRowBytes = std::size_t{64} << 20;

// Memory that the files of a corpus take together while they are read.
struct TextMemory {
  std::optional<std::uint64_t> limit_bytes;
  std::uint64_t used_bytes = 0;

  [[nodiscard]] bool has(std::uint64_t n_bytes) const {
    return !limit_bytes || (used_bytes <= *limit_bytes && n_bytes <= *limit_bytes - used_bytes);
  }
};

class RowReader {
 public:
  // path: a file or "-". `memory` must outlive the reader. `watch` is looked at before every 256 KiB. kIo,
  // kBadInput: as ByteStream.
  [[nodiscard]] static Result<RowReader> open(const std::string& path, InvalidUtf8 invalid_utf8,
                                              TextMemory& memory, const Watch& watch = {});

  // Reads the next row into `row`: valid UTF-8, ending in "\n" if the file has a line end there; false at the
  // end of the file. Errors: those of next_unchecked and check_utf8.
  [[nodiscard]] Result<bool> next(std::string& row);
  // As next(), with whatever bytes the row has. kBadInput: a row longer than kMaxRowBytes; kMemory: than the
  // memory that is left.
  [[nodiscard]] Result<bool> next_unchecked(std::string& row);
  // With InvalidUtf8::kReplace, replaces what is invalid in the row read last; else kBadInput names its byte.
  [[nodiscard]] Result<void> check_utf8(std::string& row);
  // The row that next() will return first, unchecked; empty for an empty file. Call before next().
  [[nodiscard]] Result<std::string_view> peek_first();
  // Counts memory that is kept of the file. kMemory: more than there is.
  [[nodiscard]] Result<void> take_memory(std::uint64_t n_bytes);

  // The file's name and the number of the row that next() returned last, for messages.
  [[nodiscard]] std::string place() const;
  [[nodiscard]] std::uint64_t line_number() const { return line_number_; }
  // As place(), with only the last part of the path: Document::source.
  [[nodiscard]] std::string source(std::uint64_t line_number) const;

  [[nodiscard]] std::uint64_t n_bytes_replaced() const { return n_bytes_replaced_; }
  void add_bytes_replaced(std::uint64_t n) { n_bytes_replaced_ += n; }
  // Reads the rest of the file as bytes and returns its size and checksum.
  [[nodiscard]] Result<TextFile> finish();

 private:
  RowReader(std::string path, formats::ByteStream stream, InvalidUtf8 invalid_utf8, TextMemory& memory,
            Watch watch);
  // The next bytes of the file into the buffer; none at its end. kInterrupted: the watch.
  [[nodiscard]] Result<std::size_t> fill_buffer();
  [[nodiscard]] Result<bool> read_raw_row(std::string& row);
  [[nodiscard]] Result<bool> read_row(std::string& row);
  [[nodiscard]] tl::unexpected<Error> too_little_memory() const;

  std::string path_;
  formats::ByteStream stream_;
  InvalidUtf8 invalid_utf8_;
  TextMemory* memory_;
  Watch watch_;
  std::vector<char> buffer_;
  std::string_view unread_;        // part of buffer_
  std::uint64_t row_offset_ = 0;   // byte of the file at which the row begins
  std::uint64_t next_offset_ = 0;  // and ends
  std::uint64_t line_number_ = 0;
  std::uint64_t n_bytes_replaced_ = 0;
  std::string first_row_;  // where peeked_: read, and not given yet
  bool peeked_ = false;
};

}  // namespace penfield::text
