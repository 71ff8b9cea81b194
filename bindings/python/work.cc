#include "work.h"

#include <Python.h>
#include <nanobind/stl/string.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

namespace nb = nanobind;

namespace penfield::python {
namespace {

constexpr auto kTick = std::chrono::milliseconds(50);

PyObject* class_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kUsage:
      return PyExc_ValueError;
    case ErrorKind::kBadInput:
      return nullptr;  // penfield.BadInput
    case ErrorKind::kNetwork:
      return PyExc_ConnectionError;
    case ErrorKind::kMemory:
      return PyExc_MemoryError;
    case ErrorKind::kInterrupted:
      return PyExc_KeyboardInterrupt;
    case ErrorKind::kIo:
      break;
  }
  // An Error keeps the system's words, not its number.
  const bool is_missing = error.message.find("No such file or directory") != std::string::npos;
  return is_missing ? PyExc_FileNotFoundError : PyExc_OSError;
}

struct Step {
  std::string stage, unit;
  std::uint64_t done = 0, total = 0;
};

// What the two threads share.
struct Shared {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Step> step;
  bool is_done = false;
  Result<void> result;
  std::exception_ptr thrown;
};

void show(const nb::object& progress, const std::optional<Step>& step) {
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
  if (step && !progress.is_none()) progress(step->stage, step->done, step->total, step->unit);
}

// Waits without the interpreter's lock. Gives what stopped the job, if Python did.
std::exception_ptr attend(const nb::object& progress, Shared& shared, std::stop_source& stop) {
  std::exception_ptr stopped;
  for (bool is_done = false; !is_done;) {
    std::optional<Step> step;
    {
      const nb::gil_scoped_release unlocked;
      std::unique_lock lock(shared.mutex);
      is_done = shared.changed.wait_for(lock, kTick, [&] { return shared.is_done; });
      step.swap(shared.step);
    }
    if (stopped) continue;
    try {
      show(progress, step);
    } catch (...) {
      stopped = std::current_exception();
      stop.request_stop();
    }
  }
  return stopped;
}

}  // namespace

void define_errors() {
  nb::register_exception_translator([](const std::exception_ptr& thrown, void*) {
    try {
      std::rethrow_exception(thrown);
    } catch (const Raised& raised) {
      const char* message = raised.error.message.c_str();
      if (PyObject* known = class_of(raised.error)) {
        PyErr_SetString(known, message);
        return;
      }
      const nb::object bad_input = nb::module_::import_("penfield._errors").attr("BadInput");
      PyErr_SetString(bad_input.ptr(), message);
    }
  });
}

void run_job(const nb::object& progress, const Job& job) {
  Shared shared;
  std::stop_source stop;
  const Watch::Report report = [&](std::string_view stage, std::uint64_t done, std::uint64_t total,
                                   std::string_view unit) {
    const std::lock_guard lock(shared.mutex);
    shared.step = Step{std::string(stage), std::string(unit), done, total};
    return Result<void>();
  };
  std::thread worker([&] {
    try {
      shared.result = job(report, stop.get_token());
    } catch (...) {
      shared.thrown = std::current_exception();
    }
    const std::lock_guard lock(shared.mutex);
    shared.is_done = true;
    shared.changed.notify_one();
  });
  const std::exception_ptr stopped = attend(progress, shared, stop);
  {
    const nb::gil_scoped_release unlocked;
    worker.join();
  }
  if (stopped) std::rethrow_exception(stopped);
  if (shared.thrown) std::rethrow_exception(shared.thrown);
  value_or_raise(std::move(shared.result));
}

}  // namespace penfield::python
