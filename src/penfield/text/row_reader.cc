#include "penfield/text/row_reader.h"

#include <utility>

#include "penfield/base/amounts.h"
#include "penfield/text/utf8.h"

namespace penfield::text {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 18;
constexpr std::string_view kByteOrderMark = "\uFEFF";

}  // namespace

RowReader::RowReader(std::string path, formats::ByteStream stream, InvalidUtf8 invalid_utf8,
                     TextMemory& memory, Watch watch)
    : path_(std::move(path)),
      stream_(std::move(stream)),
      invalid_utf8_(invalid_utf8),
      memory_(&memory),
      watch_(std::move(watch)),
      buffer_(kBufferBytes) {}

Result<RowReader> RowReader::open(const std::string& path, InvalidUtf8 invalid_utf8, TextMemory& memory,
                                  const Watch& watch) {
  PENFIELD_TRY(formats::ByteStream stream, formats::ByteStream::open(path));
  return RowReader(path, std::move(stream), invalid_utf8, memory, watch.silent());
}

Result<std::size_t> RowReader::fill_buffer() {
  PENFIELD_TRY_VOID(watch_.check());
  return stream_.read(buffer_);
}

tl::unexpected<Error> RowReader::too_little_memory() const {
  return fail(ErrorKind::kMemory,
              "{}:{}: the text up to here needs more than --memory {}; give more, or less text (--rows)",
              stream_.name(), line_number_ + 1, format_bytes(*memory_->limit_bytes));
}

Result<void> RowReader::take_memory(std::uint64_t n_bytes) {
  if (!memory_->has(n_bytes)) return too_little_memory();
  memory_->used_bytes += n_bytes;
  return {};
}

std::string RowReader::place() const {
  return fmt::format("{}:{}", stream_.name(), line_number_);
}

std::string RowReader::source(std::uint64_t line_number) const {
  const std::string& name = stream_.name();
  return fmt::format("{}:{}", name.substr(name.rfind('/') + 1), line_number);
}

// Appends to `row` up to and with the next newline.
Result<bool> RowReader::read_raw_row(std::string& row) {
  row.clear();
  row_offset_ = next_offset_;
  for (;;) {
    if (unread_.empty()) {
      PENFIELD_TRY(const std::size_t n_read, fill_buffer());
      if (n_read == 0) break;
      unread_ = {buffer_.data(), n_read};
    }
    const std::size_t newline = unread_.find('\n');
    const bool ends = newline != std::string_view::npos;
    const std::string_view part = ends ? unread_.substr(0, newline + 1) : unread_;
    if (part.size() > kMaxRowBytes - row.size()) {
      return bad_input("{}:{}: a row longer than {} MiB; break it into lines first, as with fold -s -w 10000",
                       stream_.name(), line_number_ + 1, kMaxRowBytes >> 20);
    }
    if (!memory_->has(row.size() + part.size())) return too_little_memory();
    row += part;
    unread_.remove_prefix(part.size());
    if (ends) break;
  }
  next_offset_ += row.size();
  if (row.empty()) return false;
  ++line_number_;
  return true;
}

Result<void> RowReader::check_utf8(std::string& row) {
  const std::size_t n_valid = valid_prefix(row);
  if (n_valid == row.size()) return {};
  if (invalid_utf8_ == InvalidUtf8::kReplace) {
    row = replace_invalid(row, n_bytes_replaced_);
    return {};
  }
  return bad_input(
      "{}: byte {}: 0x{:02X} is not valid UTF-8; convert the file, or replace with --replace-invalid",
      place(), row_offset_ + n_valid, static_cast<unsigned char>(row[n_valid]));
}

Result<bool> RowReader::read_row(std::string& row) {
  PENFIELD_TRY(const bool found, read_raw_row(row));
  if (!found) return false;
  if (row.ends_with("\r\n")) row.replace(row.size() - 2, 2, "\n");
  if (line_number_ == 1 && row.starts_with(kByteOrderMark)) {
    row.erase(0, kByteOrderMark.size());
    row_offset_ += kByteOrderMark.size();
  }
  return !row.empty();  // a file may be a byte-order mark and nothing else
}

Result<bool> RowReader::next(std::string& row) {
  PENFIELD_TRY(const bool found, next_unchecked(row));
  if (found) PENFIELD_TRY_VOID(check_utf8(row));
  return found;
}

Result<bool> RowReader::next_unchecked(std::string& row) {
  if (!peeked_) return read_row(row);
  peeked_ = false;
  row = std::exchange(first_row_, {});
  return !row.empty();
}

Result<std::string_view> RowReader::peek_first() {
  PENFIELD_TRY(peeked_, read_row(first_row_));
  return std::string_view(first_row_);
}

Result<TextFile> RowReader::finish() {
  for (;;) {
    PENFIELD_TRY(const std::size_t n_read, fill_buffer());
    if (n_read == 0) break;
  }
  return TextFile{path_, stream_.sha256_hex(), stream_.n_stored_bytes()};
}

}  // namespace penfield::text
