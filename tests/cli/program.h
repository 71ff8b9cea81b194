// Runs the built program as a user does, in a process of its own, and keeps what it said.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace penfield::cli {

struct CommandResult {
  int exit_code = -1;  // 128 + signal where a signal ended it
  std::string out, err;

  // The lines of `err`; every error is to be one.
  [[nodiscard]] std::vector<std::string> err_lines() const;
};

struct Surroundings {
  std::string standard_input = {};
  // Set on top of this process's environment; an empty value removes the variable.
  std::vector<std::pair<std::string, std::string>> environment = {};
  double seconds_until_signal = -1;  // then `signal` is sent; negative: never
  int signal = 0;
  int n_signals = 1;                            // sent a twentieth of a second apart
  std::function<bool()> signal_when = nullptr;  // asked again and again: sends the signal once it is true
  bool close_output_at_once = false;  // the reader of standard output is gone before the program writes
};

// build/penfield with `arguments`, in the source folder. A program that runs for more than five minutes is
// killed.
CommandResult run(const std::vector<std::string>& arguments, const Surroundings& surroundings = {});

// Any other program, named by its path.
CommandResult run_program(const std::string& path, const std::vector<std::string>& arguments,
                          const Surroundings& surroundings = {});

// Makes a small planted checkpoint (tools/planted_model.cc) in `folder`; the test fails where that fails.
void make_planted_model(const std::string& folder, const std::vector<std::string>& further_arguments = {});

}  // namespace penfield::cli
