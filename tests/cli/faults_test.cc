// What happens when the program is stopped, is given too little, or cannot write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "files.h"
#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// A model and a text that keep one thread busy for some seconds.
class Faults : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempFolder;
    make_planted_model(file("model"),
                       {"--shape", "384,6,6,256", "--words", "6400", "--text", file("text.txt"),
                        "--documents", "24", "--tokens-per-document", "256", "--planted", "L2.7"});
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static std::string file(const std::string& name) { return *folder_ / name; }
  static std::vector<std::string> scan_of(const std::string& out) {
    return {"scan", "-m", file("model"), "-t", file("text.txt"), "-o", out, "-q",
            "-j",   "1",  "--discovery", "12", "--held-out",     "12"};
  }
  // The result of an undisturbed run, made once.
  static const std::string& undisturbed() {
    static const std::string kFolder = [] {
      std::string folder = file("undisturbed");
      const CommandResult result = run(scan_of(folder));
      EXPECT_EQ(result.exit_code, 0) << result.err;
      return folder;
    }();
    return kFolder;
  }
  static void expect_same_bytes(const std::string& folder) {
    for (const char* name : {"units.tsv", "samples.tsv", "windows.tsv", "heatmaps.npy"}) {
      EXPECT_EQ(read_file(folder + "/" + name), read_file(undisturbed() + "/" + name)) << name;
    }
  }

  static TempFolder* folder_;
};
TempFolder* Faults::folder_ = nullptr;

TEST_F(Faults, SignalsStopAtASafeEdgeAndTheSameCommandThenFinishes) {
  struct Stop {
    int signal, exit_code;
    double seconds;
  };
  for (const Stop& stop :
       {Stop{SIGINT, 130, 0.3}, Stop{SIGTERM, 143, 0.4}, Stop{SIGKILL, 128 + SIGKILL, 0.5}}) {
    const std::string out = file("stopped" + std::to_string(stop.signal));
    const CommandResult stopped =
        run(scan_of(out), {.seconds_until_signal = stop.seconds, .signal = stop.signal});
    EXPECT_EQ(stopped.exit_code, stop.exit_code) << stopped.err;
    EXPECT_THAT(stopped.err_lines(), SizeIs(testing::Le(1))) << stopped.err;
    if (stop.signal == SIGKILL && exists(out + "/run.json")) {
      expect_same_bytes(out);  // killed when all was written: it is whole
      continue;
    }
    EXPECT_FALSE(exists(out + "/units.tsv")) << "nothing half-written stays";
    const CommandResult again = run(scan_of(out));
    EXPECT_EQ(again.exit_code, 0) << again.err;
    expect_same_bytes(out);
  }
}

TEST_F(Faults, ASecondRunIntoOneFolderNamesTheHolder) {
  const std::string out = file("shared");
  CommandResult first;
  std::thread holder([&] { first = run(scan_of(out)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  const CommandResult second = run(scan_of(out));
  holder.join();
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(second.exit_code, 1) << second.err;
  EXPECT_THAT(second.err_lines(), SizeIs(1)) << second.err;
  EXPECT_THAT(second.err, HasSubstr(out));
  expect_same_bytes(out);
}

TEST_F(Faults, TooLittleMemoryIsRefusedBeforeTheWork) {
  std::vector<std::string> arguments = scan_of(file("small"));
  arguments.insert(arguments.end(), {"--memory", "2M"});
  const auto start = std::chrono::steady_clock::now();
  const CommandResult result = run(arguments);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_EQ(result.exit_code, 5) << result.err;
  EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
  EXPECT_THAT(result.err, HasSubstr("--memory"));
  EXPECT_LT(seconds, 1.5);
  EXPECT_FALSE(exists(file("small/run.json")));
}

TEST_F(Faults, PlacesThatCannotBeWrittenAreSaidBeforeTheWork) {
  write_file(file("plain"), "a file, not a folder");
  for (const std::string& out : {file("plain/result"), file("plain"), std::string("/proc/penfield-result")}) {
    const auto start = std::chrono::steady_clock::now();
    const CommandResult result = run(scan_of(out));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    EXPECT_EQ(result.exit_code, 1) << out << result.err;
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
    EXPECT_THAT(result.err, HasSubstr(out));
    EXPECT_LT(seconds, 1.5) << out;
  }
  EXPECT_EQ(read_file(file("plain")), "a file, not a folder");
}

TEST_F(Faults, AFullDiskIsAnErrorNotASilence) {
  const CommandResult result =
      run_program("/bin/sh", {"-c", std::string(PENFIELD_PROGRAM) + " concepts > /dev/full"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
}

// A limit on the size of files stands in for a full disk; SIGXFSZ is ignored, so that the write itself fails.
TEST_F(Faults, AWriteThatFailsLeavesWhatWasThere) {
  const std::string out = file("limited");
  ASSERT_EQ(run({"tokenize", "-m", file("model"), "-t", file("text.txt"), "-o", out}).exit_code, 0);
  const std::string before = read_file(out);
  ASSERT_GT(before.size(), 8192U);
  const std::string command = "trap '' XFSZ; ulimit -f 2; exec " + std::string(PENFIELD_PROGRAM) +
                              " tokenize -m " + file("model") + " -t " + file("text.txt") + " --force -o " +
                              out;
  const CommandResult failed = run_program("/bin/sh", {"-c", command});
  EXPECT_EQ(failed.exit_code, 1) << failed.err;
  EXPECT_THAT(failed.err_lines(), SizeIs(1)) << failed.err;
  EXPECT_THAT(failed.err, HasSubstr("limited"));
  EXPECT_EQ(read_file(out), before);
  EXPECT_THAT(list(folder_->path()), Not(Contains(HasSubstr(".part")))) << "nothing half-written stays";
}

}  // namespace
}  // namespace penfield::cli
