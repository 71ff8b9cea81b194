// Scans whose activations lie on disk: stopped at any moment, the same command goes on and ends with the
// bytes of an undisturbed run; what is damaged is done anew, what is of other inputs refused.
//
// PENFIELD_KILLS=50 build/tests/cli_resume_test --gtest_filter='*RandomMoments*' kills as often as it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "files.h"
#include "penfield/base/sanitized_for_tests.h"
#include "program.h"
#include "same_result.h"

namespace penfield::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

using Arguments = std::vector<std::string>;

class Resume : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { folder_ = new TempFolder; }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static std::string file(const std::string& name) { return *folder_ / name; }
  static Arguments scan_of(const std::string& out, const Arguments& further = {}) {
    Arguments arguments = {"scan",
                           "--profile",
                           "descriptive",
                           "-m",
                           "models/demo",
                           "-t",
                           "data/demo/articles.txt",
                           "--discovery",
                           "40",
                           "--held-out",
                           "40",
                           "--spill",
                           "f32",
                           "-o",
                           out};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return arguments;
  }

  // The result of an undisturbed run, made once, and the time that it took.
  struct Undisturbed {
    std::string folder = file("undisturbed");
    double seconds = 0;
  };
  static const Undisturbed& undisturbed() {
    static const Undisturbed kMade = [] {
      Undisturbed out;
      const auto start = std::chrono::steady_clock::now();
      const CommandResult result = run(scan_of(out.folder));
      EXPECT_EQ(result.exit_code, 0) << result.err;
      out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      return out;
    }();
    return kMade;
  }

  // A scan into `out` that is sent `signal` when some passes are done and recorded.
  static CommandResult stop(const std::string& out, int signal, int n_signals = 1) {
    const std::string unfinished = out + "/.unfinished/";
    CommandResult stopped =
        run(scan_of(out), {.signal = signal, .n_signals = n_signals, .signal_when = [unfinished] {
                             std::error_code error;
                             const auto n_bytes =
                                 std::filesystem::file_size(unfinished + "passes.journal", error);
                             return !error && n_bytes > 400 && exists(unfinished + "inputs.tsv");
                           }});
    EXPECT_FALSE(exists(out + "/run.json")) << "was stopped before its end";
    return stopped;
  }

  static TempFolder* folder_;
};
TempFolder* Resume::folder_ = nullptr;

TEST_F(Resume, AKilledRunGoesOnWhereItWas) {
  const std::string out = file("killed");
  EXPECT_EQ(stop(out, SIGKILL).exit_code, 128 + SIGKILL);
  const CommandResult again = run(scan_of(out));
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("continuing an unfinished run")) << "and does not start over";
  EXPECT_THAT(again.err, Not(HasSubstr("damaged")));
  expect_same_result(out, undisturbed().folder);
}

TEST_F(Resume, KilledAtRandomMomentsItEndsWithTheSameBytes) {
  const char* wanted = std::getenv("PENFIELD_KILLS");  // NOLINT(concurrency-mt-unsafe): nobody sets it here
  const int n_kills = wanted == nullptr ? 3 : std::atoi(wanted);
  std::mt19937_64 random(n_kills);
  const std::string out = file("random");
  for (int kill = 0; kill < n_kills; ++kill) {
    const double share = static_cast<double>(random() >> 11) * 0x1p-53;
    const CommandResult killed =
        run(scan_of(out, {"-q"}),
            {.seconds_until_signal = 1.1 * share * undisturbed().seconds, .signal = SIGKILL});
    if (killed.exit_code == 0) {  // it was quicker
      expect_same_result(out, undisturbed().folder);
      std::filesystem::remove_all(out);
      continue;
    }
    if (kill % 3 == 0) continue;  // killed again, where it is now
    if (!exists(out + "/run.json")) {
      const CommandResult again = run(scan_of(out, {"-q"}));
      EXPECT_EQ(again.exit_code, 0) << again.err;
    } else {
      // Killed between the result and the end of the program: it is whole, and --force may take what is left.
      const CommandResult again = run(scan_of(out, {"-q", "--force"}));
      EXPECT_EQ(again.exit_code, 0) << again.err;
    }
    expect_same_result(out, undisturbed().folder);
    std::filesystem::remove_all(out);
  }
}

TEST_F(Resume, SignalsSayWhatIsKept) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::string out = file("signal" + std::to_string(signal));
    const CommandResult stopped = stop(out, signal);
    EXPECT_EQ(stopped.exit_code, 128 + signal);
    EXPECT_THAT(stopped.err_lines(),
                ElementsAre(HasSubstr("stopping at the next safe point"), HasSubstr("error: stopped")))
        << stopped.err;
    EXPECT_THAT(stopped.err, AllOf(HasSubstr("are kept in " + out), HasSubstr("the same command continues")));
    const CommandResult again = run(scan_of(out));
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_THAT(again.err, HasSubstr("continuing an unfinished run"));
    expect_same_result(out, undisturbed().folder);
  }
}

TEST_F(Resume, ASecondInterruptEndsItAtOnce) {
  const std::string out = file("twice");
  EXPECT_EQ(stop(out, SIGINT, 2).exit_code, 128 + SIGINT);
  EXPECT_EQ(run(scan_of(out)).exit_code, 0);
  expect_same_result(out, undisturbed().folder);
}

TEST_F(Resume, AFlippedBitIsFoundAndItsPassAloneDoneAnew) {
  const std::string out = file("flipped");
  EXPECT_EQ(stop(out, SIGKILL).exit_code, 128 + SIGKILL);
  {
    std::fstream values(out + "/.unfinished/activations.bin",
                        std::ios::in | std::ios::out | std::ios::binary);
    const auto byte = static_cast<char>(values.get() ^ 1);  // of the first pass's first row
    values.seekp(0);
    values.put(byte);
    ASSERT_TRUE(values.good());
  }
  const CommandResult again = run(scan_of(out));
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, AllOf(HasSubstr("continuing an unfinished run"), HasSubstr("1 damaged")));
  expect_same_result(out, undisturbed().folder);
}

TEST_F(Resume, OtherInputsAreRefusedAndNamed) {
  const std::string out = file("other");
  EXPECT_EQ(stop(out, SIGKILL).exit_code, 128 + SIGKILL);
  const CommandResult refused = run(scan_of(out, {"--seed", "7"}));
  EXPECT_EQ(refused.exit_code, 3) << refused.err;
  EXPECT_THAT(refused.err_lines(), SizeIs(1)) << refused.err;
  EXPECT_THAT(refused.err, AllOf(HasSubstr(out), HasSubstr("seed was 20250214, is 7"), HasSubstr("--force")));
  EXPECT_TRUE(exists(out + "/.unfinished/activations.bin")) << "what is there stays";

  const CommandResult replaced = run(scan_of(out, {"--seed", "7", "--force"}));
  EXPECT_EQ(replaced.exit_code, 0) << replaced.err;
  EXPECT_THAT(replaced.err, Not(HasSubstr("continuing")));
  const std::string other = file("other-undisturbed");
  ASSERT_EQ(run(scan_of(other, {"--seed", "7"})).exit_code, 0);
  expect_same_result(out, other);
}

// Beside a result that it is to replace, an unfinished scan is not forgotten.
TEST_F(Resume, AnUnfinishedReplacementIsNamed) {
  const std::string out = file("replacing");
  std::filesystem::copy(undisturbed().folder, out);
  const CommandResult stopped =
      run(scan_of(out, {"--force", "--seed", "7"}),
          {.signal = SIGINT, .signal_when = [out] { return exists(out + "/.unfinished/inputs.tsv"); }});
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  const CommandResult shown = run({"show", out});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.err, AllOf(HasSubstr(".unfinished"), HasSubstr("--force")));
  const CommandResult refused = run(scan_of(out));
  EXPECT_EQ(refused.exit_code, 1) << refused.err;
  EXPECT_THAT(refused.err_lines(), SizeIs(1)) << refused.err;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("unfinished"), HasSubstr("--force")));
  EXPECT_EQ(run(scan_of(out, {"--force", "--seed", "7"})).exit_code, 0);
  EXPECT_EQ(run({"show", out}).err, "");
}

// A limit on the size of files stands in for a full disk.
TEST_F(Resume, ADiskThatIsTooSmallIsSaidBeforeTheWorkAndTouchesNothing) {
  const std::string out = file("full");
  std::filesystem::copy(undisturbed().folder, out);
  std::string command = "ulimit -f 1024; exec " + std::string(PENFIELD_PROGRAM);
  for (const std::string& argument : scan_of(out, {"--force"})) command += " " + argument;
  const CommandResult failed = run_program("/bin/sh", {"-c", command});
  EXPECT_EQ(failed.exit_code, 1) << failed.err;
  EXPECT_THAT(failed.err_lines(), SizeIs(1)) << failed.err;
  EXPECT_THAT(failed.err, HasSubstr("of disk cannot be reserved"));
  expect_same_result(out, undisturbed().folder);
}

double peak_of(const std::string& folder) {
  double peak = 0;
  const auto run = nlohmann::json::parse(read_file(folder + "/run.json"));
  for (const auto& stage : run["stages"]) peak = std::max(peak, stage["peak_rss_bytes"].get<double>());
  return peak;
}

TEST_F(Resume, TheEstimateOfMemoryHoldsAndMemoryDoesNotGrowWithTheText) {
  std::vector<double> on_disk;
  for (const char* spill : {"f32", "auto"}) {
    for (const char* n_windows : {"20", "40"}) {
      const Arguments scan = {"scan",
                              "--profile",
                              "descriptive",
                              "-m",
                              "models/demo",
                              "-t",
                              "data/demo/articles.txt",
                              "--discovery",
                              n_windows,
                              "--held-out",
                              n_windows,
                              "--spill",
                              spill,
                              "-o",
                              file(std::string("memory") + spill + n_windows)};
      ASSERT_EQ(run(scan).exit_code, 0);
      Arguments dry_run = scan;
      dry_run.insert(dry_run.end(), {"--dry-run", "--format", "json"});
      const auto estimate = nlohmann::json::parse(run(dry_run).out);
      const double peak = peak_of(scan.back());
      EXPECT_LE(peak, 1.1 * kSanitizerFactor * estimate["memory_bytes"].get<double>());
      EXPECT_GE(kSanitizerFactor * peak, 0.6 * estimate["memory_bytes"].get<double>());
      EXPECT_EQ(estimate["disk_bytes"].get<double>() > 0, spill == std::string("f32"));
      if (spill == std::string("f32")) on_disk.push_back(peak);
    }
  }
  EXPECT_LE(on_disk[1], 1.1 * on_disk[0]);
}

}  // namespace
}  // namespace penfield::cli
