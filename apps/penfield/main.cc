// penfield: the program. Everything is in the rooms (src/penfield) and in one cmd_*.cc a subcommand.
#include <stop_token>

#include "command_line.h"
#include "last_resort.h"
#include "penfield/formats/mapped_file.h"
#include "signals.h"

int main(int argc, char** argv) {
  penfield::app::install_last_resort();
  const std::stop_token stop = penfield::app::watch_signals();
  penfield::formats::install_mapping_guard();
  return penfield::app::run_command_line(argc, argv, stop);
}
