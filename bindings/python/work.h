// Long work called from Python: the interpreter runs on, Ctrl-C stops the work, progress is shown.
#pragma once

#include <nanobind/nanobind.h>

#include <functional>
#include <stop_token>
#include <string>

#include "penfield/base/result.h"
#include "penfield/base/watch.h"

namespace penfield::python {

// An error of Penfield on its way to Python, where the module's translator makes it an exception of its kind.
struct Raised {
  Error error;
};

template <class T>
T value_or_raise(Result<T> result) {
  if (!result) throw Raised{result.error()};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// Makes Penfield's errors Python's: kUsage ValueError, kBadInput penfield.BadInput (a ValueError), kIo
// OSError or FileNotFoundError, kNetwork ConnectionError, kMemory MemoryError, kInterrupted
// KeyboardInterrupt.
void define_errors();

// Runs `job` on a thread of its own, without the interpreter's lock. Twenty times a second the calling thread
// looks whether Python has a signal to handle, and calls progress(stage, done, total, unit) where it is not
// None and there is something new. An exception out of either stops the job at its next safe edge, and is
// raised when it has stopped.
using Job = std::function<Result<void>(const Watch::Report& report, const std::stop_token& stop)>;
void run_job(const nanobind::object& progress, const Job& job);

}  // namespace penfield::python
