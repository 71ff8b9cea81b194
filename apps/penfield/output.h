// Where a command's result goes: standard output, or a file that is written beside its place and renamed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/formats/atomic_file.h"

namespace penfield::app {

class Output {
 public:
  // path "" or "-": standard output. kIo where the file exists and `force` is false.
  static Result<Output> open(const std::string& path, bool force);

  Result<void> write(std::string_view bytes);
  Result<void> close();

 private:
  Output() = default;
  std::optional<formats::AtomicFile> file_;
};

// kIo where `path` exists and `force` is false.
Result<void> check_replaceable(const std::string& path, bool force);

// The three calls in one.
Result<void> write_output(const std::string& path, bool force, std::string_view bytes);

// One line to standard error: "penfield: warning: …".
void print_warning(std::string_view message);
void print_note(std::string_view message);

}  // namespace penfield::app
