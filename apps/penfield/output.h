// Where a command's result goes: standard output, or a file that is written beside its place and renamed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/formats/atomic_file.h"

namespace penfield::app {

class Output {
 public:
  // path "" or "-": standard output. A link is followed: what it points to is replaced. A pipe or a device is
  // written to as it stands, with or without `force`. kIo where a file exists and `force` is false.
  static Result<Output> open(const std::string& path, bool force);

  Result<void> write(std::string_view bytes);
  Result<void> close();

 private:
  Output() = default;
  std::optional<formats::AtomicFile> file_;
  formats::FileDescriptor stream_;  // a pipe or a device
  std::string name_ = "standard output";
};

// While it lives, what this thread writes to standard output is kept here.
class CapturedOutput {
 public:
  CapturedOutput();
  CapturedOutput(const CapturedOutput&) = delete;
  CapturedOutput& operator=(const CapturedOutput&) = delete;
  ~CapturedOutput();
  [[nodiscard]] std::string& text() { return text_; }

 private:
  std::string text_;
};

// kIo where `path` exists and `force` is false, or is a pipe or a device, which cannot be replaced.
Result<void> check_replaceable(const std::string& path, bool force);

// Where `path` leads if it is a link, else `path`. kIo: the system cannot say.
[[nodiscard]] Result<std::string> follow_links(const std::string& path);

// The three calls in one.
Result<void> write_output(const std::string& path, bool force, std::string_view bytes);

// `message` as one line that no terminal takes for a command, whatever a file name or token in it holds:
// control characters (also U+0080 … U+009F) become '?', and the middle of what is longer than 4,000 bytes
// "…".
[[nodiscard]] std::string one_line(std::string_view message);

// How many rows of the text were skipped, and bytes replaced, as notes; none where nothing was.
void print_text_notes(std::uint64_t n_rows_skipped, std::uint64_t n_bytes_replaced);

// One line to standard error: "penfield: warning: …".
void print_warning(std::string_view message);
void print_note(std::string_view message);

}  // namespace penfield::app
