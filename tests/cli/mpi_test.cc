// penfield-mpi: a scan that several processes share ends with the bytes of one process's, whatever their
// number, and goes on where a process died. Skipped where there is no MPI, and under sanitizers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "files.h"
#include "program.h"
#include "same_result.h"

#ifndef PENFIELD_MPI_PROGRAM
#define PENFIELD_MPI_PROGRAM ""
#define PENFIELD_MPIEXEC ""
#define PENFIELD_MPI_EXCHANGE ""
#define PENFIELD_FAIL_ONCE_LIBRARY ""
#endif

namespace penfield::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Arguments = std::vector<std::string>;

// Lines that penfield-mpi printed, without those of the launcher.
std::vector<std::string> lines_of_penfield(const CommandResult& result) {
  std::vector<std::string> out;
  for (const std::string& line : result.err_lines()) {
    if (line.rfind("penfield:", 0) == 0) out.push_back(line);
  }
  return out;
}

// The process of a rank whose arguments contain `text`; 0 where there is none.
pid_t find_rank(const std::string& text, const std::string& rank) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string arguments = read_file(entry.path().string() + "/cmdline");
    if (arguments.rfind(PENFIELD_MPI_PROGRAM, 0) != 0 || arguments.find(text) == std::string::npos) continue;
    const std::string environment = read_file(entry.path().string() + "/environ");
    if (environment.find("OMPI_COMM_WORLD_RANK=" + rank + std::string(1, '\0')) != std::string::npos)
      return static_cast<pid_t>(std::stol(name));
  }
  return 0;
}

class Mpi : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::string(PENFIELD_MPI_PROGRAM).empty())
      GTEST_SKIP() << "penfield-mpi was built without MPI, or for a sanitizer";
    if (!std::filesystem::exists(PENFIELD_MPIEXEC)) GTEST_SKIP() << "no " << PENFIELD_MPIEXEC;
  }
  static void SetUpTestSuite() { folder_ = new TempFolder; }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static std::string file(const std::string& name) { return *folder_ / name; }

  static Arguments scan_of(const Arguments& further) {
    Arguments out = {"scan", "-m", "models/demo", "-t", "data/demo/articles.txt"};
    out.insert(out.end(), further.begin(), further.end());
    return out;
  }
  // Twelve passes and no null.
  static Arguments plain_scan(const std::string& folder, const Arguments& further = {}) {
    Arguments out = scan_of({"--budget", "12000", "--null", "none", "-o", folder});
    out.insert(out.end(), further.begin(), further.end());
    return out;
  }
  // `mpiexec -n … penfield-mpi …`, more processes than processors if need be, also as root.
  static CommandResult mpi(int n, const Arguments& arguments, Surroundings surroundings = {}) {
    Arguments all = {"-n", std::to_string(n), PENFIELD_MPI_PROGRAM};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return launch(all, std::move(surroundings));
  }
  static CommandResult launch(const Arguments& arguments, Surroundings surroundings = {}) {
    for (const char* const name : {"OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM",
                                   "OMPI_MCA_rmaps_base_oversubscribe", "OMPI_MCA_mpi_yield_when_idle"})
      surroundings.environment.emplace_back(name, "1");
    surroundings.environment.emplace_back("OMPI_MCA_hwloc_base_binding_policy", "none");
    return run_program(PENFIELD_MPIEXEC, arguments, surroundings);
  }
  static void expect_success(const CommandResult& result) {
    ASSERT_EQ(result.exit_code, 0) << result.err << result.out;
  }

  static TempFolder* folder_;
};
TempFolder* Mpi::folder_ = nullptr;

TEST_F(Mpi, AnyNumberOfProcessesGivesTheSameBytes) {
  const std::vector<std::pair<std::string, Arguments>> scans = {
      {"nulls",
       {"--budget", "12000", "--null-runs", "1", "--null", "labels,types,lists,weights,init,rotation"}},
      {"draws",
       {"--profile", "descriptive", "--discovery", "20", "--held-out", "20", "--correction", "maxt",
        "--permutations", "99", "--draws", "2", "--per-group", "60", "--null", "none"}},
      {"narrow",
       {"--budget", "6000", "--null", "none", "--layers", "1,3", "--site", "mlp.post", "--spill", "bf16"}},
  };
  for (const auto& [name, further] : scans) {
    Arguments arguments = scan_of(further);
    arguments.insert(arguments.end(), {"-o", file(name)});
    const CommandResult alone = run(arguments);
    ASSERT_EQ(alone.exit_code, 0) << alone.err;
    for (const int n : {1, 2, 3, 4}) {
      if (name != "nulls" && n % 2 == 0) continue;
      const std::string out = file(name + std::to_string(n));
      arguments.back() = out;
      Arguments with_threads = arguments;
      with_threads.insert(with_threads.end(), {"-j", n % 2 == 0 ? "1" : "2"});
      const CommandResult shared = mpi(n, with_threads);
      expect_success(shared);
      EXPECT_EQ(std::count(shared.out.begin(), shared.out.end(), '\n'),
                std::count(alone.out.begin(), alone.out.end(), '\n'))
          << "one process speaks";
      expect_same_result(out, file(name));
    }
  }
}

TEST_F(Mpi, WhenAProcessDiesTheSameCommandGoesOnWithAnyNumber) {
  const std::string out = file("killed");
  const std::string journal = out + "/.unfinished/passes-2-of-3.journal";
  bool was_killed = false;
  const CommandResult killed =
      mpi(3, plain_scan(out, {"-q", "-j", "1"}), {.signal_when = [&] {
            std::error_code error;
            if (was_killed || std::filesystem::file_size(journal, error) < 200 || error) return false;
            if (!exists(out + "/.unfinished/inputs.tsv")) return false;
            const pid_t pid = find_rank(out, "1");
            was_killed = pid > 0 && ::kill(pid, SIGKILL) == 0;
            return false;
          }});
  ASSERT_TRUE(was_killed);
  EXPECT_NE(killed.exit_code, 0);
  EXPECT_FALSE(exists(out + "/run.json"));
  const CommandResult again = mpi(2, plain_scan(out));
  expect_success(again);
  EXPECT_THAT(again.err, HasSubstr("continuing an unfinished run"));
  ASSERT_EQ(run(plain_scan(file("undisturbed"))).exit_code, 0);
  expect_same_result(out, file("undisturbed"));
}

TEST_F(Mpi, AnErrorOfOneProcessEndsAllWithItsLine) {
  const std::string out = file("error");
  const std::string unfinished = out + "/.unfinished/";
  const CommandResult stopped =
      run(plain_scan(out, {"--spill", "f32"}), {.signal = SIGKILL, .signal_when = [&] {
                                                  std::error_code error;
                                                  return std::filesystem::file_size(
                                                             unfinished + "passes.journal", error) > 200 &&
                                                         !error && exists(unfinished + "inputs.tsv");
                                                }});
  ASSERT_EQ(stopped.exit_code, 128 + SIGKILL);
  std::filesystem::create_directories(unfinished + "activations-2-of-2.bin/in-the-way");
  const CommandResult failed = mpi(2, plain_scan(out, {"--spill", "f32", "-q"}));
  EXPECT_EQ(failed.exit_code, 1) << failed.err;
  EXPECT_THAT(lines_of_penfield(failed),
              ::testing::ElementsAre(HasSubstr("activations-2-of-2.bin: cannot be written")))
      << failed.err;
  std::filesystem::remove_all(unfinished + "activations-2-of-2.bin");
  const CommandResult again = mpi(2, plain_scan(out, {"--spill", "f32", "-q"}));
  expect_success(again);
}

TEST_F(Mpi, ProcessesWithOtherInputsAreRefused) {
  Arguments both = {"-n", "1", PENFIELD_MPI_PROGRAM};
  const auto add = [&](const Arguments& arguments) {
    both.insert(both.end(), arguments.begin(), arguments.end());
  };
  add(scan_of({"-o", file("unlike"), "-q"}));
  add({":", "-n", "1", PENFIELD_MPI_PROGRAM});
  add(scan_of({"-o", file("unlike"), "-q", "--seed", "7"}));
  const CommandResult refused = launch(both);
  EXPECT_EQ(refused.exit_code, 3) << refused.err;
  EXPECT_THAT(lines_of_penfield(refused),
              ::testing::ElementsAre(HasSubstr("process 2 of 2 has other inputs than the first: seed 7")))
      << refused.err;
}

// The weights of one machine's copy of a model may differ though its configuration does not.
TEST_F(Mpi, AProcessWithOtherWeightsIsRefused) {
  for (const char* const machine : {"one", "two"}) {
    for (const char* const folder : {"models/demo", "data/demo"}) {
      std::filesystem::create_directories(file(machine) + "/" + folder);
      std::filesystem::copy(folder, file(machine) + "/" + folder, std::filesystem::copy_options::recursive);
    }
  }
  const std::string weights = file("two/models/demo/model.safetensors");
  std::string bytes = read_file(weights);
  bytes[bytes.size() - 3] = static_cast<char>(bytes[bytes.size() - 3] ^ 1);
  write_file(weights, bytes);
  Arguments both;
  for (const char* const machine : {"one", "two"}) {
    if (!both.empty()) both.emplace_back(":");
    both.insert(both.end(), {"-n", "1", "--wdir", file(machine), PENFIELD_MPI_PROGRAM});
    const Arguments scan = plain_scan(file("weights"), {"-q"});
    both.insert(both.end(), scan.begin(), scan.end());
  }
  const CommandResult refused = launch(both);
  EXPECT_EQ(refused.exit_code, 3) << refused.err;
  EXPECT_THAT(lines_of_penfield(refused),
              ::testing::ElementsAre(
                  HasSubstr("process 2 of 2 has other inputs than the first: weights model.safetensors")))
      << refused.err;
  EXPECT_FALSE(exists(file("weights/run.json")));
  // On one machine: what the first process did is taken up, what the other did is not.
  const Arguments scan = plain_scan(file("weights"));
  const CommandResult again = run(scan);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("continuing an unfinished run: 6 of 12 passes are done"));
  ASSERT_EQ(run(plain_scan(file("weights-undisturbed"))).exit_code, 0);
  expect_same_result(file("weights"), file("weights-undisturbed"));
}

TEST_F(Mpi, WhatOneProcessCannotParseEndsAll) {
  const Arguments good = scan_of({"-o", file("parse"), "-q"});
  const std::vector<std::pair<Arguments, std::string>> others = {{{"--no-such"}, "--no-such"},
                                                                 {{"--help"}, "different commands"}};
  for (const auto& [further, what] : others) {
    for (const bool is_first : {true, false}) {
      Arguments all = {"--timeout", "100"};
      for (const bool is_good : {!is_first, is_first}) {
        all.insert(all.end(), {"-n", "1", PENFIELD_MPI_PROGRAM});
        all.insert(all.end(), good.begin(), good.end());
        if (!is_good) all.insert(all.end(), further.begin(), further.end());
        all.emplace_back(":");
      }
      all.pop_back();
      const CommandResult refused = launch(all);
      EXPECT_EQ(refused.exit_code, 2) << refused.err;
      EXPECT_THAT(lines_of_penfield(refused), ::testing::ElementsAre(HasSubstr(what))) << refused.err;
    }
  }
}

TEST_F(Mpi, TheEstimateIsPrintedOnce) {
  const CommandResult estimate = mpi(2, scan_of({"--dry-run", "--format", "json"}));
  expect_success(estimate);
  EXPECT_EQ(std::count(estimate.out.begin(), estimate.out.end(), '\n'), 1) << estimate.out;
}

TEST_F(Mpi, AllEndWithTheCodeOfASignalThatOneGot) {
  const std::string out = file("signal");
  const std::string journal = out + "/.unfinished/passes-2-of-2.journal";
  const std::string codes = file("code-");
  const std::string script = "\"$@\"; echo $? > " + codes + "$OMPI_COMM_WORLD_RANK";
  Arguments arguments = {"-n", "2", "/bin/sh", "-c", script, "sh", PENFIELD_MPI_PROGRAM};
  const Arguments scan = plain_scan(out, {"-q", "-j", "1"});
  arguments.insert(arguments.end(), scan.begin(), scan.end());
  bool was_sent = false;
  const CommandResult stopped =
      launch(arguments, {.signal_when = [&] {
               std::error_code error;
               if (was_sent || std::filesystem::file_size(journal, error) < 200 || error) return false;
               const pid_t pid = find_rank(out, "1");
               was_sent = pid > 0 && ::kill(pid, SIGTERM) == 0;
               return false;
             }});
  ASSERT_TRUE(was_sent);
  EXPECT_THAT(lines_of_penfield(stopped), ::testing::ElementsAre(HasSubstr("stopped"))) << stopped.err;
  for (const char* const rank : {"0", "1"}) EXPECT_EQ(read_file(codes + rank), "143\n") << stopped.err;
}

TEST_F(Mpi, AProcessWithoutMemoryForAnExchangeEndsAll) {
  const CommandResult ended = launch({"--timeout", "100", "-n", "3", PENFIELD_MPI_EXCHANGE});
  EXPECT_EQ(ended.exit_code, 5) << ended.err;
  EXPECT_THAT(lines_of_penfield(ended), ::testing::ElementsAre(HasSubstr("not enough memory"))) << ended.err;
}

// Memory that ends where nobody can say so any more.
TEST_F(Mpi, WhatNobodyCatchesIsOneLine) {
  const auto with = [](const std::string& variable) {
    return launch({"-n", "1", "/usr/bin/env", "LD_PRELOAD=" PENFIELD_FAIL_ONCE_LIBRARY, variable,
                   PENFIELD_MPI_PROGRAM, "--version"});
  };
  expect_success(with("PENFIELD_COUNT_CALLS=" + file("counts")));
  const std::string counts = read_file(file("counts"));
  const long n_calls = std::stol(counts.substr(counts.find("malloc ") + 7));
  ASSERT_GT(n_calls, 6000) << "MPI begins, then the flags are made";
  for (const long before_the_end : {1000, 2000, 3000}) {
    const CommandResult ended =
        with("PENFIELD_FAIL_ONCE=malloc:" + std::to_string(n_calls - before_the_end) + ":12");
    EXPECT_EQ(ended.exit_code, 5) << ended.err;
    EXPECT_THAT(lines_of_penfield(ended), ::testing::ElementsAre("penfield: error: not enough memory"));
    EXPECT_THAT(ended.err, Not(HasSubstr("terminate called")));
  }
}

TEST_F(Mpi, UsageErrorsAndCommandsThatAreNotSharedAreSaidOnce) {
  for (const Arguments& arguments :
       {Arguments{"scan", "--no-such"}, Arguments{"demo", "-o", file("demo")},
        scan_of({"-o", file("part"), "--part", "1/2"}), scan_of({"-o", file("part"), "-m", "/nowhere"})}) {
    const CommandResult refused = mpi(2, arguments);
    EXPECT_NE(refused.exit_code, 0);
    EXPECT_EQ(lines_of_penfield(refused).size(), 1U) << refused.err;
  }
  EXPECT_THAT(mpi(2, {"--version"}).out, HasSubstr("penfield"));
}

}  // namespace
}  // namespace penfield::cli
