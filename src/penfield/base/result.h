// How operations at the edge of Penfield (files, flags, rules, sockets) report failure.
//
// An error is one of a closed list of kinds, each with its exit code, and one line: what failed, where (file,
// line, tensor), why, and what to do. Bugs are not errors: they are checks (check.h) that abort.
#pragma once

#include <fmt/core.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace penfield {

enum class ErrorKind {
  kIo,           // exit 1: a file cannot be read or written, a result folder is in use
  kUsage,        // exit 2: a flag or argument is wrong
  kBadInput,     // exit 3: model, text, array or result folder breaks a rule
  kNetwork,      // exit 4: network fault, or not in the cache while offline
  kMemory,       // exit 5: the job does not fit --memory
  kInterrupted,  // exit 130 or 143: stopped by a signal at a safe edge
};

struct Error {
  ErrorKind kind = ErrorKind::kIo;
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;

template <class... Args>
[[nodiscard]] tl::unexpected<Error> fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(Error{kind, fmt::format(format, std::forward<Args>(args)...)});
}
template <class... Args>
[[nodiscard]] tl::unexpected<Error> bad_input(fmt::format_string<Args...> format, Args&&... args) {
  return fail(ErrorKind::kBadInput, format, std::forward<Args>(args)...);
}
template <class... Args>
[[nodiscard]] tl::unexpected<Error> io_error(fmt::format_string<Args...> format, Args&&... args) {
  return fail(ErrorKind::kIo, format, std::forward<Args>(args)...);
}
template <class... Args>
[[nodiscard]] tl::unexpected<Error> usage_error(fmt::format_string<Args...> format, Args&&... args) {
  return fail(ErrorKind::kUsage, format, std::forward<Args>(args)...);
}

}  // namespace penfield

#define PENFIELD_CONCAT_(a, b) a##b
#define PENFIELD_CONCAT(a, b) PENFIELD_CONCAT_(a, b)

// PENFIELD_TRY(auto file, MappedFile::open(path)); declares `file`, or returns the error from the enclosing
// function.
#define PENFIELD_TRY(declaration, expression) \
  PENFIELD_TRY_(PENFIELD_CONCAT(penfield_result_, __LINE__), declaration, expression)
#define PENFIELD_TRY_(result, declaration, expression)                              \
  auto result = (expression);                                                       \
  if (!result) return tl::unexpected<::penfield::Error>(std::move(result).error()); \
  declaration = std::move(*result)

// The same for a Result<void>.
#define PENFIELD_TRY_VOID(expression) \
  PENFIELD_TRY_VOID_(PENFIELD_CONCAT(penfield_result_, __LINE__), expression)
#define PENFIELD_TRY_VOID_(result, expression)                                        \
  do {                                                                                \
    auto result = (expression);                                                       \
    if (!result) return tl::unexpected<::penfield::Error>(std::move(result).error()); \
  } while (false)
