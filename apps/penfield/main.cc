// penfield: the program. Everything is in the rooms (src/penfield) and in one cmd_*.cc a subcommand.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <stop_token>

#include "command_line.h"
#include "penfield/formats/mapped_file.h"
#include "penfield/formats/temporary_path.h"
#include "signals.h"

namespace {

// What nobody catches: memory that ends before a command begins, or in a destructor (nlohmann::json takes
// some to destroy a document).
[[noreturn]] void end_uncaught() {
  constexpr int kIo = 1, kMemory = 5;
  penfield::formats::remove_temporary_paths();
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

int main(int argc, char** argv) {
  std::set_terminate(end_uncaught);
  std::atexit(penfield::formats::remove_temporary_paths);  // OpenMP exits where a thread cannot be started
  const std::stop_token stop = penfield::app::watch_signals();
  penfield::formats::install_mapping_guard();
  return penfield::app::run_command_line(argc, argv, stop);
}
