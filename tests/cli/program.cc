#include "program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sstream>

#include "penfield/base/sanitized_for_tests.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to the user

namespace penfield::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double kMostSeconds = 300 * kSanitizerFactor;

std::vector<std::string> make_environment(const Surroundings& surroundings) {
  // No test reaches the network: those of downloads ask a server of their own, and set this to "".
  std::map<std::string, std::string> variables = {{"HF_HUB_OFFLINE", "1"}};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string::npos) variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : surroundings.environment) {
    if (value.empty()) {
      variables.erase(name);
    } else {
      variables[name] = value;
    }
  }
  std::vector<std::string> out;
  out.reserve(variables.size());
  for (const auto& [name, value] : variables) out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (std::string& text : strings) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

struct Pipe {
  int read_end = -1, write_end = -1;

  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
    read_end = ends[0];
    write_end = ends[1];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(read_end);
    close_end(write_end);
  }
  static void close_end(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
};

class Child {
 public:
  Child(const std::string& path, std::vector<std::string> arguments, const Surroundings& surroundings)
      : surroundings_(surroundings) {
    arguments.insert(arguments.begin(), path);
    std::vector<std::string> environment = make_environment(surroundings);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in_.read_end, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out_.write_end, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err_.write_end, STDERR_FILENO);
    if (surroundings.close_output_at_once) Pipe::close_end(out_.read_end);
    // This process ignores SIGPIPE, a shell does not; and what is ignored stays so over exec.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    const int error = posix_spawn(&pid_, path.c_str(), &actions, &attributes, pointers(arguments).data(),
                                  pointers(environment).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
      ADD_FAILURE() << path << ": " << std::strerror(error);
      pid_ = -1;
    }
    Pipe::close_end(in_.read_end);
    Pipe::close_end(out_.write_end);
    Pipe::close_end(err_.write_end);
  }

  CommandResult wait() {
    CommandResult result;
    if (pid_ < 0) return result;
    exchange(result);
    int status = 0;
    waitpid(pid_, &status, 0);
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
  }

 private:
  // Feeds and reads the three streams at once, so that neither side waits on a full pipe.
  void exchange(CommandResult& result) {
    const auto start = Clock::now();
    std::size_t n_written = 0;
    int n_signalled = 0;
    double last_signal = 0;
    while (out_.read_end >= 0 || err_.read_end >= 0) {
      const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
      if (n_signalled < surroundings_.n_signals &&
          (n_signalled == 0 ? is_time_for_signal(seconds) : seconds >= last_signal + 0.05)) {
        kill(pid_, surroundings_.signal);
        ++n_signalled;
        last_signal = seconds;
      }
      if (seconds > kMostSeconds) {
        ADD_FAILURE() << "killed after " << kMostSeconds << " s";
        kill(pid_, SIGKILL);
        return;
      }
      std::array<pollfd, 3> streams = {
          {{in_.write_end, POLLOUT, 0}, {out_.read_end, POLLIN, 0}, {err_.read_end, POLLIN, 0}}};
      poll(streams.data(), streams.size(), 5);
      if (in_.write_end >= 0 && streams[0].revents != 0) feed(n_written);
      if (out_.read_end >= 0 && streams[1].revents != 0) drain(out_.read_end, result.out);
      if (err_.read_end >= 0 && streams[2].revents != 0) drain(err_.read_end, result.err);
      if (n_written == surroundings_.standard_input.size()) Pipe::close_end(in_.write_end);
    }
  }

  [[nodiscard]] bool is_time_for_signal(double seconds) const {
    if (surroundings_.signal_when) return surroundings_.signal_when();
    return surroundings_.seconds_until_signal >= 0 && seconds >= surroundings_.seconds_until_signal;
  }

  void feed(std::size_t& n_written) {
    const std::string& text = surroundings_.standard_input;
    const ssize_t n =
        ::write(in_.write_end, text.data() + n_written, std::min<std::size_t>(text.size() - n_written, 4096));
    n_written = n > 0 ? n_written + static_cast<std::size_t>(n) : text.size();  // nobody reads any more: done
  }

  static void drain(int& end, std::string& to) {
    std::array<char, 65536> buffer{};
    const ssize_t n = ::read(end, buffer.data(), buffer.size());
    if (n > 0) {
      to.append(buffer.data(), static_cast<std::size_t>(n));
    } else {
      Pipe::close_end(end);
    }
  }

  const Surroundings& surroundings_;
  Pipe in_, out_, err_;
  pid_t pid_ = -1;
};

}  // namespace

std::vector<std::string> CommandResult::err_lines() const {
  std::vector<std::string> split;
  std::istringstream lines(err);
  for (std::string line; std::getline(lines, line);) split.push_back(line);
  return split;
}

CommandResult run_program(const std::string& path, const std::vector<std::string>& arguments,
                          const Surroundings& surroundings) {
  std::signal(SIGPIPE, SIG_IGN);  // a child that leaves early must not end the test
  return Child(path, arguments, surroundings).wait();
}

CommandResult run(const std::vector<std::string>& arguments, const Surroundings& surroundings) {
  return run_program(PENFIELD_PROGRAM, arguments, surroundings);
}

void make_planted_model(const std::string& folder, const std::vector<std::string>& further_arguments) {
  std::vector<std::string> arguments = {"--out", folder};
  arguments.insert(arguments.end(), further_arguments.begin(), further_arguments.end());
  const CommandResult made = run_program(PENFIELD_PLANTED_MODEL, arguments);
  ASSERT_EQ(made.exit_code, 0) << made.err;
}

}  // namespace penfield::cli
