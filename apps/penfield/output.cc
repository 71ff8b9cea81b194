#include "output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "penfield/base/file_type.h"
#include "penfield/report/words/words.h"

namespace penfield::app {

namespace {

thread_local std::string* captured_output = nullptr;

// A pipe, a device, or the file that standard output goes to: written to where it is, not replaced.
bool is_stream(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return true;
  struct stat out {};
  return ::fstat(STDOUT_FILENO, &out) == 0 && out.st_dev == status.st_dev && out.st_ino == status.st_ino;
}

}  // namespace

CapturedOutput::CapturedOutput() {
  captured_output = &text_;
}

CapturedOutput::~CapturedOutput() {
  captured_output = nullptr;
}

Result<std::string> follow_links(const std::string& path) {
  constexpr int kMostLinks = 40;  // as the kernel's
  std::filesystem::path at = path;
  for (int i = 0; i < kMostLinks; ++i) {
    std::error_code error;
    const std::filesystem::path target = std::filesystem::read_symlink(at, error);
    if (error == std::errc::invalid_argument || error == std::errc::no_such_file_or_directory)
      break;  // no link
    if (error) return io_error("{}: cannot be looked at: {}", at.string(), error.message());
    at = target.is_absolute() ? target : at.parent_path() / target;
  }
  return at.string();
}

Result<void> check_replaceable(const std::string& path, bool force) {
  PENFIELD_TRY(const std::filesystem::file_type type, file_type(path));
  if (type == std::filesystem::file_type::not_found) return {};  // a link to nothing yet, too
  if (is_stream(path)) return io_error("{}: is a pipe or a device; this command needs a regular file", path);
  if (!force) {
    return io_error("{}: exists already; give another -o, or --force to replace it", path);
  }
  return {};
}

Result<Output> Output::open(const std::string& path, bool force) {
  Output output;
  if (path.empty() || path == "-") return output;
  if (is_stream(path)) {
    output.stream_ = formats::FileDescriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!output.stream_.is_open())
      return io_error("{}: cannot be opened: {}", path, formats::error_text(errno));
    output.name_ = path;
    return output;
  }
  PENFIELD_TRY_VOID(check_replaceable(path, force));
  PENFIELD_TRY(const std::string place, follow_links(path));
  PENFIELD_TRY(output.file_, formats::AtomicFile::create(place));
  return output;
}

Result<void> Output::write(std::string_view bytes) {
  if (file_) return file_->write(bytes);
  if (captured_output != nullptr && !stream_.is_open()) {
    captured_output->append(bytes);
    return {};
  }
  const int fd = stream_.is_open() ? stream_.get() : STDOUT_FILENO;
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("{}: {}", name_, formats::error_text(errno));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> Output::close() {
  return file_ ? file_->commit() : Result<void>();
}

Result<void> write_output(const std::string& path, bool force, std::string_view bytes) {
  PENFIELD_TRY(Output output, Output::open(path, force));
  PENFIELD_TRY_VOID(output.write(bytes));
  return output.close();
}

std::string one_line(std::string_view message) {
  constexpr std::size_t kMostBytes = 4000;
  std::string out;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto byte = static_cast<unsigned char>(message[i]);
    const auto next = i + 1 < message.size() ? static_cast<unsigned char>(message[i + 1]) : 0U;
    const bool is_c1 = byte == 0xc2 && next >= 0x80 && next < 0xa0;  // in UTF-8
    out += byte < 0x20 || byte == 0x7f || is_c1 ? '?' : message[i];
    i += is_c1 ? 1 : 0;
  }
  if (out.size() <= kMostBytes) return out;
  const auto is_inside = [&](std::size_t at) { return (static_cast<unsigned char>(out[at]) & 0xc0) == 0x80; };
  std::size_t head = kMostBytes / 2;
  while (is_inside(head)) --head;
  std::size_t tail = out.size() - kMostBytes / 2;
  while (tail < out.size() && is_inside(tail)) ++tail;
  return out.substr(0, head) + "…" + out.substr(tail);
}

void print_warning(std::string_view message) {
  std::fprintf(stderr, "penfield: warning: %s\n", one_line(message).c_str());
}

void print_note(std::string_view message) {
  std::fprintf(stderr, "penfield: %s\n", one_line(message).c_str());
}

void print_text_notes(std::uint64_t n_rows_skipped, std::uint64_t n_bytes_replaced) {
  if (n_rows_skipped > 0) {
    print_note(fmt::format("skipped {} of JSON Lines without a text (--skip-invalid)",
                           report::counted(n_rows_skipped, "row")));
  }
  if (n_bytes_replaced > 0) {
    print_note(fmt::format("replaced {} of invalid UTF-8 by U+FFFD (--replace-invalid)",
                           report::counted(n_bytes_replaced, "byte")));
  }
}

}  // namespace penfield::app
