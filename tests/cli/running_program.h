// A program that goes on until it is told to end: started by a test, asked by it, ended by it.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace penfield::cli {

class RunningProgram {
 public:
  // build/penfield with `arguments`, in the source folder; standard error goes to the file `err_path`.
  RunningProgram(std::vector<std::string> arguments, const std::string& err_path);
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;
  ~RunningProgram();  // killed, where it runs still

  // The next line of standard output, without its newline; empty where the program ended before it.
  [[nodiscard]] std::string read_line() const;
  void send_signal(int signal) const;
  // Its exit code; 128 + signal where a signal ended it. The test fails where it takes more than a minute.
  [[nodiscard]] int wait();
  // Resident memory now, in bytes.
  [[nodiscard]] std::size_t resident_bytes() const;

 private:
  pid_t pid_ = -1;
  int out_ = -1;
};

}  // namespace penfield::cli
