#include "last_resort.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

#include "penfield/formats/temporary_path.h"

namespace penfield::app {
namespace {

// What nobody catches: memory that ends before a command begins, or in a destructor (nlohmann::json takes
// some to destroy a document).
[[noreturn]] void end_uncaught() {
  constexpr int kIo = 1, kMemory = 5;
  formats::remove_temporary_paths();
  int code = kIo;
  try {
    if (const std::exception_ptr uncaught = std::current_exception()) std::rethrow_exception(uncaught);
    std::fputs("penfield: internal error\n", stderr);
  } catch (const std::bad_alloc&) {
    code = kMemory;
    std::fputs("penfield: error: not enough memory\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "penfield: internal error: %s\n", error.what());
  } catch (...) {
    std::fputs("penfield: internal error\n", stderr);
  }
  _exit(code);
}

}  // namespace

void install_last_resort() {
  std::set_terminate(end_uncaught);
  std::atexit(formats::remove_temporary_paths);  // OpenMP exits where a thread cannot be started
}

}  // namespace penfield::app
