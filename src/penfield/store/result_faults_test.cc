// What a failing call or a kill, at any moment of writing, leaves in a result folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <map>

#include "penfield/store/unfinished_run.h"
#include "penfield/store/written_result_for_tests.h"

namespace penfield::store {
namespace {

namespace fs = std::filesystem;
using formats::FileCalls;
using formats::ScratchFolder;
using formats::system_file_calls;
using testing::AllOf;
using testing::HasSubstr;

// Runs `body` in a child process that is then killed; what it has done stays as it is.
template <class Body>
void run_and_kill(const Body& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    body();
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
}

TEST(ResultLock, EndsWithItsHolder) {
  const ScratchFolder folder;
  run_and_kill([&] {
    const auto writer = ResultWriter::open(folder.path("r"), false);
    folder.write("r/units.tsv.part.123.0", "half");
    ::kill(::getpid(), SIGKILL);
  });
  EXPECT_TRUE(fs::exists(folder.path("r/.lock")));
  ASSERT_TRUE(write_result(folder.path("r"), make_result())) << "the same command again";
  EXPECT_EQ(contents(folder, "r").size(), std::size(kResultNames));
}

// System calls that fail, or kill the program, when a countdown ends.
struct Countdown {
  int n_calls = 0;    // so far
  int fails_at = -1;  // the number of the call that fails
  int error = EIO;
  bool kills = false;  // kill the program instead
};
Countdown countdown;

bool fails_now() {
  if (countdown.n_calls++ != countdown.fails_at) return false;
  if (countdown.kills) ::kill(::getpid(), SIGKILL);
  errno = countdown.error;
  return true;
}

constexpr FileCalls kCountedCalls = {
    [](const char* path) { return fails_now() ? -1 : system_file_calls().create(path); },
    [](int fd, const void* bytes, std::size_t n) {
      return fails_now() ? ssize_t{-1} : system_file_calls().write(fd, bytes, n);
    },
    [](int fd) { return fails_now() ? -1 : system_file_calls().fsync(fd); },
    [](const char* from, const char* to) { return fails_now() ? -1 : system_file_calls().rename(from, to); },
    [](int fd, const void* bytes, std::size_t n, off_t at) {
      return fails_now() ? ssize_t{-1} : system_file_calls().pwrite(fd, bytes, n, at);
    },
    [](int fd, off_t n) { return fails_now() ? -1 : system_file_calls().reserve(fd, n); },
};

int count_calls(const std::string& folder, bool overwrite) {
  countdown = {};
  EXPECT_TRUE(write_result(folder, other_result(), overwrite, kCountedCalls));
  return countdown.n_calls;
}

TEST(ResultFaults, EveryCallThatFailsLeavesTheEarlierResult) {
  const ScratchFolder folder;
  ASSERT_TRUE(write_result(folder.path("counted"), make_result()));
  const int n_calls = count_calls(folder.path("counted"), true);
  EXPECT_GE(n_calls, 5 * 5);  // create, write, fsync, rename, fsync of the folder, for each of five files
  ASSERT_TRUE(write_result(folder.path("r"), make_result()));
  folder.write("r/report.html", "report");
  const auto before = contents(folder, "r");
  for (const int error : {ENOSPC, EIO}) {
    for (int i = 0; i < n_calls; ++i) {
      countdown = {.fails_at = i, .error = error};
      const auto written = write_result(folder.path("r"), other_result(), true, kCountedCalls);
      ASSERT_FALSE(written) << i;
      EXPECT_EQ(written.error().kind, ErrorKind::kIo);
      EXPECT_THAT(written.error().message,
                  AllOf(HasSubstr(folder.path("r")), HasSubstr(formats::error_text(error))));
      ASSERT_EQ(contents(folder, "r"), before) << "call " << i;
    }
  }
}

TEST(ResultFaults, EveryCallThatFailsLeavesANewFolderEmpty) {
  const ScratchFolder folder;
  const int n_calls = count_calls(folder.path("counted"), false);
  fs::create_directory(folder.path("r"));
  for (int i = 0; i < n_calls; ++i) {
    countdown = {.fails_at = i};
    ASSERT_FALSE(write_result(folder.path("r"), other_result(), false, kCountedCalls)) << i;
    ASSERT_TRUE(contents(folder, "r").empty()) << i;
  }
}

TEST(ResultFaults, AKillAtEveryCallLeavesTheOneOrTheOtherResult) {
  const ScratchFolder folder;
  ASSERT_TRUE(write_result(folder.path("old"), make_result()));
  ASSERT_TRUE(write_result(folder.path("new"), other_result()));
  folder.write("old/report.html", "of the old result");
  const auto old_files = contents(folder, "old");
  const auto new_files = contents(folder, "new");
  fs::copy(folder.path("old"), folder.path("counted"));
  const int n_calls = count_calls(folder.path("counted"), true);
  for (int i = 0; i < n_calls; ++i) {
    fs::remove_all(folder.path("r"));
    fs::copy(folder.path("old"), folder.path("r"));
    run_and_kill([&] {
      countdown = {.fails_at = i, .kills = true};
      (void)write_result(folder.path("r"), other_result(), true, kCountedCalls);
    });
    // A reader sees one whole result or none, never a mixture.
    const auto run = read_run(folder.path("r"));
    if (run) {
      const auto units = read_units(folder.path("r"));
      ASSERT_TRUE(units) << i << units.error().message;
      EXPECT_EQ(units->size(), run->seed == 7 ? 4u : make_units().size()) << i;
      EXPECT_TRUE(read_heatmaps(folder.path("r"))) << i;
    } else {
      EXPECT_THAT(run.error().message, HasSubstr("puts the earlier result back")) << i;
    }
    { ASSERT_TRUE(ResultWriter::open(folder.path("r"), true)) << i; }  // recovers, and gives up
    const auto after = contents(folder, "r");
    EXPECT_TRUE(after == old_files || after == new_files) << i;
    ASSERT_TRUE(write_result(folder.path("r"), other_result(), true)) << i;
    EXPECT_EQ(contents(folder, "r"), new_files) << i;
  }
}

TEST(ResultFaults, AKillAtEveryCallOfAFirstRunIsMadeGoodByTheSameCommand) {
  const ScratchFolder folder;
  const int n_calls = count_calls(folder.path("new"), false);
  for (int i = 0; i < n_calls; ++i) {
    fs::remove_all(folder.path("r"));
    run_and_kill([&] {
      countdown = {.fails_at = i, .kills = true};
      (void)write_result(folder.path("r"), other_result(), false, kCountedCalls);
    });
    const bool is_whole = read_run(folder.path("r")).has_value();
    { ASSERT_EQ(ResultWriter::open(folder.path("r"), false).has_value(), !is_whole); }  // and gives up
    const auto again = write_result(folder.path("r"), other_result(), is_whole);
    ASSERT_TRUE(again) << i << again.error().message;
    EXPECT_EQ(contents(folder, "r"), contents(folder, "new")) << i;
  }
}

TEST(ResultFaults, ARecoveryThatIsKilledIsMadeGoodByTheNext) {
  const ScratchFolder folder;
  ASSERT_TRUE(write_result(folder.path("old"), make_result()));
  ASSERT_TRUE(write_result(folder.path("new"), other_result()));
  folder.write("old/report.html", "of the old result");
  const auto old_files = contents(folder, "old");
  const auto new_files = contents(folder, "new");
  fs::copy(folder.path("old"), folder.path("counted"));
  const int n_calls = count_calls(folder.path("counted"), true);
  int n_killed = 0;
  for (int i = 0; i < n_calls; ++i) {
    for (int j = 0; j <= 5; ++j) {  // six files may have to come back
      fs::remove_all(folder.path("r"));
      fs::copy(folder.path("old"), folder.path("r"));
      run_and_kill([&] {
        countdown = {.fails_at = i, .kills = true};
        (void)write_result(folder.path("r"), other_result(), true, kCountedCalls);
      });
      run_and_kill([&] {
        countdown = {.fails_at = j, .kills = true};
        (void)ResultWriter::open(folder.path("r"), true, kCountedCalls);
      });
      n_killed += fs::exists(folder.path("r/.lock")) && !fs::exists(folder.path("r/run.json"));
      { ASSERT_TRUE(ResultWriter::open(folder.path("r"), true)); }
      const auto after = contents(folder, "r");
      EXPECT_TRUE(after == old_files || after == new_files) << i << ", " << j;
    }
  }
  EXPECT_GE(n_killed, 20) << "half-way";
}

TEST(ResultFaults, AFileOfAnotherKindComesBackWhereItsReplacementIsKilled) {
  const ScratchFolder folder;
  ASSERT_TRUE(write_result(folder.path("new"), other_result()));
  folder.write("counted/heatmaps.npy", "mine");
  const int n_calls = count_calls(folder.path("counted"), true);
  const std::map<std::string, std::string> mine = {{"heatmaps.npy", "mine"}};
  for (int i = 0; i < n_calls; ++i) {
    fs::remove_all(folder.path("r"));
    folder.write("r/heatmaps.npy", "mine");
    run_and_kill([&] {
      countdown = {.fails_at = i, .kills = true};
      (void)write_result(folder.path("r"), other_result(), true, kCountedCalls);
    });
    { (void)ResultWriter::open(folder.path("r"), false); }  // refuses, of one or of the other
    const auto after = contents(folder, "r");
    EXPECT_TRUE(after == mine || after == contents(folder, "new")) << i;
  }
}

// What a run leaves until its result is written: activations, and its inputs.
void leave_unfinished(const ScratchFolder& folder) {
  const UnfinishedRun unfinished(folder.path("r"));
  ASSERT_TRUE(unfinished.make_folder());
  folder.write("r/.unfinished/activations.bin", "values");
  ASSERT_TRUE(unfinished.record({{"seed", "7"}}));
}

TEST(ResultFaults, AKillBeforeTheActivationsAreRemovedLeavesThemForTheNextToRemove) {
  const ScratchFolder folder;
  fs::create_directory(folder.path("counted"));
  const int n_calls = count_calls(folder.path("counted"), false) + 5;  // and those of the checksum's file
  for (const bool replaces : {false, true}) {
    int n_cleared = 0;
    for (int i = 0; i <= n_calls + 6; ++i) {
      fs::remove_all(folder.path("r"));
      fs::create_directory(folder.path("r"));
      if (replaces) {
        ASSERT_TRUE(write_result(folder.path("r"), make_result()));
      }
      leave_unfinished(folder);
      run_and_kill([&] {
        countdown = {.fails_at = i, .kills = true};
        (void)write_result(folder.path("r"), other_result(), replaces, kCountedCalls);
      });
      { (void)ResultWriter::open(folder.path("r"), false); }
      const auto run = read_run(folder.path("r"));
      const bool is_written = run && run->seed == 7u;
      EXPECT_EQ(UnfinishedRun(folder.path("r")).exists(), !is_written) << i;
      EXPECT_EQ(fs::exists(folder.path("r/.unfinished/activations.bin")), !is_written) << i;
      n_cleared += is_written;
    }
    EXPECT_GE(n_cleared, 1);
    EXPECT_LT(n_cleared, n_calls);
  }
}

}  // namespace
}  // namespace penfield::store
