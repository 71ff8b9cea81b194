// What happens when the program is stopped, is given too little, or cannot write.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "files.h"
#include "penfield/base/sanitized_for_tests.h"
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
    return {"scan", "--profile", "descriptive", "-m", file("model"), "-t", file("text.txt"), "-o",
            out,    "-q",        "-j",          "1",  "--discovery", "12", "--held-out",     "12"};
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

// Commands that have nothing to go on from: a first signal ends them, also while they wait for a text that
// does not come, and nothing half-written stays.
TEST_F(Faults, ASignalEndsAtOnceWhatCannotBeTakenUp) {
  const std::string pipe = file("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int writer = open(pipe.c_str(), O_RDWR | O_CLOEXEC);  // held open: the text never ends
  ASSERT_GE(writer, 0);
  const std::string x = file("x.npy"), y = file("y.npy"), out = file("ended");
  std::vector<float> values;
  std::vector<unsigned char> labels;
  for (std::size_t i = 0; i < 2000; ++i) {
    labels.push_back(i % 2 == 0 ? 1 : 0);
    for (std::size_t c = 0; c < 16; ++c) values.push_back(static_cast<float>(i * (c + 7) % 1009));
  }
  write_file(x, npy_matrix(labels.size(), 16, values));
  write_file(y, npy_labels(labels));
  const std::string model = file("model");
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"tokenize", "-m", model, "-t", pipe, "-o", out},
           {"label", "-m", model, "-t", pipe, "-o", out},
           {"activations", "-m", model, "-t", pipe, "-o", out},
           {"scan", "--profile", "descriptive", "-m", model, "-t", pipe, "-o", out},
           {"associate", x, y, "--permutations", "1000000", "-j", "1", "-o", out}}) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      const auto start = std::chrono::steady_clock::now();
      const CommandResult ended = run(command, {.seconds_until_signal = 0.5, .signal = signal});
      EXPECT_EQ(ended.exit_code, 128 + signal) << command[0] << ": " << ended.err;
      EXPECT_THAT(ended.err, HasSubstr("stopped by a signal")) << command[0];
      EXPECT_THAT(ended.err_lines(), SizeIs(1)) << ended.err;
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      EXPECT_LT(seconds.count(), 4 * kSanitizerFactor) << command[0];
      EXPECT_THAT(list(folder_->path()), Not(Contains(HasSubstr("ended")))) << command[0];
    }
  }
  close(writer);
}

TEST_F(Faults, APartThatIsBeingWrittenGoesWithTheProgram) {
  const std::string out = file("parted.npy");
  const auto has_part = [&] {
    const std::vector<std::string> names = list(folder_->path());
    return std::any_of(names.begin(), names.end(),
                       [](const std::string& name) { return name.find("parted.npy.part") == 0; });
  };
  const CommandResult ended =
      run({"activations", "-m", file("model"), "-t", file("text.txt"), "-j", "1", "-o", out},
          {.signal = SIGTERM, .signal_when = has_part});
  EXPECT_EQ(ended.exit_code, 128 + SIGTERM) << ended.err;
  EXPECT_THAT(list(folder_->path()), Not(Contains(HasSubstr("parted"))));
}

// nohup and a shell's `&` start programs that are to ignore a signal.
TEST_F(Faults, ASignalThatIsToBeIgnoredIsIgnored) {
  const std::string out = file("ignored.npy");
  const std::string command = "trap '' INT; exec " + std::string(PENFIELD_PROGRAM) + " activations -m " +
                              file("model") + " -t " + file("text.txt") + " -j 1 -o " + out;
  const CommandResult result =
      run_program("/bin/sh", {"-c", command}, {.seconds_until_signal = 0.2, .signal = SIGINT});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(exists(out));
}

// A stop that takes a while says that it is on its way.
TEST_F(Faults, TheFirstSignalOfAScanIsAnswered) {
  std::vector<std::string> arguments = scan_of(file("answered"));
  arguments.erase(std::find(arguments.begin(), arguments.end(), "-q"));
  const CommandResult stopped = run(arguments, {.seconds_until_signal = 0.5, .signal = SIGINT});
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_THAT(stopped.err, testing::AnyOf(HasSubstr("stopping"), HasSubstr("stopped by a signal")));
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
  EXPECT_LT(seconds, 1.5 * kSanitizerFactor);
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
    EXPECT_LT(seconds, 1.5 * kSanitizerFactor) << out;
  }
  EXPECT_EQ(read_file(file("plain")), "a file, not a folder");
}

// A result written through a link, to a pipe, and to the shell's own redirection.
TEST_F(Faults, OutputsFollowLinksAndWriteToPipes) {
  const std::vector<std::string> tokenize = {"tokenize", "-m", file("model"), "-t", file("text.txt"), "-o"};
  const auto run_to = [&](const std::string& out, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = tokenize;
    arguments.push_back(out);
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  };
  ASSERT_EQ(run_to(file("ids")).exit_code, 0);
  const std::string expected = read_file(file("ids"));
  // A link to nothing yet, then to what is there.
  ASSERT_EQ(symlink("linked", file("link").c_str()), 0);
  EXPECT_EQ(run_to(file("link")).exit_code, 0);
  EXPECT_EQ(read_file(file("linked")), expected);
  EXPECT_EQ(run_to(file("link")).exit_code, 1) << "it exists";
  EXPECT_EQ(run_to(file("link"), {"--force"}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(file("link")));
  // Standard output by its name, as a pipe and as a file that the shell has made.
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--force"}}) {
    const CommandResult named = run_to("/dev/stdout", more);
    EXPECT_EQ(named.exit_code, 0) << named.err;
    EXPECT_EQ(named.out, expected);
  }
  EXPECT_TRUE(std::filesystem::is_symlink("/dev/stdout"));
  const std::string command = std::string(PENFIELD_PROGRAM) + " tokenize -m " + file("model") + " -t " +
                              file("text.txt") + " -o /dev/stdout > " + file("redirected");
  EXPECT_EQ(run_program("/bin/sh", {"-c", command}).exit_code, 0);
  EXPECT_EQ(read_file(file("redirected")), expected);
  // What is written and renamed cannot be a pipe.
  ASSERT_EQ(mkfifo(file("fifo").c_str(), 0600), 0);
  const CommandResult refused =
      run({"activations", "-m", file("model"), "-t", file("text.txt"), "--force", "-o", file("fifo")});
  EXPECT_EQ(refused.exit_code, 1) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("pipe"));
  EXPECT_TRUE(std::filesystem::is_fifo(file("fifo")));
}

// The model's configuration changes while the text is awaited: what runs is what run.json names.
TEST_F(Faults, AConfigurationIsReadOnce) {
  const std::string model = file("changing"), config = model + "/config.json", pipe = file("text-pipe");
  std::filesystem::copy(file("model"), model);
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::vector<std::string> arguments = scan_of(file("unchanged"));
  std::replace(arguments.begin(), arguments.end(), file("model"), model);
  std::replace(arguments.begin(), arguments.end(), file("text.txt"), pipe);
  CommandResult result;
  std::thread scan([&] { result = run(arguments); });
  const int writer = open(pipe.c_str(), O_WRONLY | O_CLOEXEC);  // returns when the scan reads its text
  ASSERT_GE(writer, 0);
  const std::string before = read_file(config);
  std::string after = before;
  const std::size_t at = after.find("1e-05");
  ASSERT_NE(at, std::string::npos) << after;
  after.replace(at, 5, "1e-01");
  write_file(config, after);
  const std::string text = read_file(file("text.txt"));
  EXPECT_EQ(write(writer, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  close(writer);
  scan.join();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  expect_same_bytes(file("unchanged"));
  const auto hash = [](const std::string& folder) {
    return nlohmann::json::parse(read_file(folder + "/run.json")).at("model").at("config_sha256");
  };
  EXPECT_EQ(hash(file("unchanged")), hash(undisturbed()));
}

constexpr const char* kSpaceOfSanitizers = "sanitizers reserve more address space than the limit";

TEST_F(Faults, WhereThreadsCannotBeStartedOneIsUsed) {
  if (kIsSanitized) GTEST_SKIP() << kSpaceOfSanitizers;
  const std::string command = "ulimit -v 600000; exec " + std::string(PENFIELD_PROGRAM) + " activations -m " +
                              file("model") + " -t " + file("text.txt") + " -j 500 -o " + file("few.npy");
  const CommandResult result = run_program("/bin/sh", {"-c", command});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("running on one"));
  EXPECT_THAT(result.err, Not(HasSubstr("libgomp")));
}

TEST_F(Faults, AFigureThatDoesNotFitTheMemoryIsAnError) {
  if (kIsSanitized) GTEST_SKIP() << kSpaceOfSanitizers;
  const std::string command = "ulimit -v 400000; exec " + std::string(PENFIELD_PROGRAM) + " plot " +
                              undisturbed() + " funnel --width 4000 --height 4000 -j 1 -o " + file("funnel");
  for (const char* extension : {".svg", ".png --scale 8"}) {
    const CommandResult result = run_program("/bin/sh", {"-c", command + extension});
    EXPECT_EQ(result.exit_code, 5) << extension << result.err;
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
  }
}

// No control character of a path reaches the terminal, and no message is without an end.
TEST_F(Faults, MessagesAreOneLineOfBoundedLength) {
  const CommandResult odd = run({"show", file("none\x1b[31m\xc2\x9bz")});
  EXPECT_EQ(odd.exit_code, 3) << odd.err;
  EXPECT_EQ(odd.err.find('\x1b'), std::string::npos) << odd.err;
  EXPECT_EQ(odd.err.find("\xc2\x9b"), std::string::npos);
  const CommandResult lengthy = run({"show", std::string(100'000, 'x')});
  EXPECT_NE(lengthy.exit_code, 0);
  EXPECT_LT(lengthy.err.size(), 5000U);
  EXPECT_THAT(lengthy.err_lines(), SizeIs(1));
}

TEST_F(Faults, AFullDiskIsAnErrorNotASilence) {
  const CommandResult result =
      run_program("/bin/sh", {"-c", std::string(PENFIELD_PROGRAM) + " concepts > /dev/full"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
}

// A limit on the size of files stands in for a full disk; SIGXFSZ is ignored, so that the write itself fails.
TEST_F(Faults, AWriteThatFailsLeavesWhatWasThere) {
  if (kHasThreadSanitizer)
    GTEST_SKIP() << "the thread sanitizer maps a file of its own, which the limit would cut";
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
