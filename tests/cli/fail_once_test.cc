// Every call of the C library that a command makes fails once, as on a full disk, with a broken one, or where
// memory or threads end (fail_once.cc): the command ends with an error in one line and leaves what was there,
// or it did without, and its result is the same to the byte.
//
// A few calls of each function are tried. PENFIELD_FAIL_CALLS=2000 build/tests/cli_fail_once_test tries so
// many of each, which is all of them but for malloc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "files.h"
#include "program.h"

namespace penfield::cli {
namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;
using Tree = std::map<std::string, std::string>;  // name -> bytes

// How each function may fail.
const std::map<std::string, std::vector<int>> kErrors = {
    {"open", {EMFILE, EACCES}}, {"read", {EIO}},   {"write", {ENOSPC, EIO}},
    {"fsync", {EIO}},           {"rename", {EIO}}, {"mmap", {ENOMEM}},
    {"reserve", {ENOSPC}},      {"close", {EIO}},  {"stat", {EIO}},
    {"folder", {EIO}},          {"unlink", {EIO}}, {"thread", {EAGAIN}},
    {"malloc", {ENOMEM}}};

std::uint64_t n_calls_tried(std::string_view function) {
  const char* const wanted = std::getenv("PENFIELD_FAIL_CALLS");  // NOLINT(concurrency-mt-unsafe)
  constexpr std::uint64_t kFew = 3, kFewOfThousands = 12;
  if (wanted != nullptr) return std::strtoull(wanted, nullptr, 10);
  return function == "malloc" ? kFewOfThousands : kFew;
}

// Every file below `path`, or the file itself; run.json without its times.
Tree tree_of(const std::string& path) {
  Tree tree;
  if (fs::is_regular_file(path)) return {{"", read_file(path)}};
  if (!fs::exists(path)) return tree;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    const std::string name = fs::relative(entry.path(), path).string();
    tree[name] = entry.is_regular_file() ? read_file(entry.path().string()) : "";
    if (name != "run.json") continue;
    nlohmann::json run = nlohmann::json::parse(tree[name]);
    run.erase("stages");
    tree[name] = run.dump();
  }
  return tree;
}

class FailOnce : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempFolder;
    std::vector<float> values, covariates;
    std::vector<unsigned char> labels;
    for (std::size_t i = 0; i < 200; ++i) {
      labels.push_back(i % 3 == 0 ? 1 : 0);
      for (std::size_t c = 0; c < 20; ++c) values.push_back(static_cast<float>(i * (c + 7) % 101));
      covariates.push_back(static_cast<float>(i % 7));
    }
    write_file(file("x.npy"), npy_matrix(labels.size(), 20, values));
    write_file(file("z.npy"), npy_matrix(labels.size(), 1, covariates));
    write_file(file("y.npy"), npy_labels(labels));
    ASSERT_EQ(run(scan_to(file("result"))).exit_code, 0);
    Arguments other = scan_to(file("other"));
    other.insert(other.end(), {"--seed", "7"});
    ASSERT_EQ(run(other).exit_code, 0);
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static std::string file(const std::string& name) { return *folder_ / name; }
  static Arguments scan_to(const std::string& out, const Arguments& further = {}) {
    Arguments scan = {
        "scan",        "--profile", "descriptive", "-m", "models/demo", "-t", "data/demo/articles.txt",
        "--discovery", "2",         "--held-out",  "2",  "--layers",    "1",  "--rows",
        "30",          "-j",        "1",           "-q", "--force",     "-o", out};
    scan.insert(scan.end(), further.begin(), further.end());
    return scan;
  }

  // A command that writes to `out`, which is `before` it (empty: nothing); what it left.
  struct Outcome {
    CommandResult said;
    Tree tree, beside;
  };
  static Outcome run_over(const Arguments& command, const std::string& before,
                          const std::vector<std::pair<std::string, std::string>>& environment) {
    const std::string out = command.back();
    fs::remove_all(fs::path(out).parent_path());
    fs::create_directory(fs::path(out).parent_path());
    if (!before.empty()) fs::copy(before, out, fs::copy_options::recursive);
    Outcome outcome{.said = run(command, {.environment = environment}), .tree = tree_of(out), .beside = {}};
    for (const std::string& name : list(fs::path(out).parent_path())) {
      if (name != fs::path(out).filename()) outcome.beside[name] = "";
    }
    return outcome;
  }

  // Every trial of one command. It writes to its last argument, where `before` lies.
  static void try_all(Arguments command, const std::string& before);
  static void try_one(const Arguments& command, const std::string& before, const Outcome& good,
                      const std::string& failure);

  static void kill_all(const Arguments& command, const std::string& before);

  static TempFolder* folder_;
};
TempFolder* FailOnce::folder_ = nullptr;

// The calls that are tried of n: all, or so many that lie evenly.
std::vector<std::uint64_t> calls_of(std::uint64_t n, std::uint64_t at_most) {
  std::vector<std::uint64_t> calls;
  for (std::uint64_t i = 0; i < std::min(n, at_most); ++i)
    calls.push_back(n <= at_most ? i + 1 : 1 + i * (n - 1) / (at_most - 1));
  return calls;
}

void FailOnce::try_all(Arguments command, const std::string& before) {
  const std::string counts = file("counts");
  const std::string preload = PENFIELD_FAIL_ONCE_LIBRARY;
  const Outcome good = run_over(command, before, {{"LD_PRELOAD", preload}, {"PENFIELD_COUNT_CALLS", counts}});
  ASSERT_EQ(good.said.exit_code, 0) << good.said.err;
  std::istringstream lines(read_file(counts));
  int n_trials = 0;
  std::string name;
  for (std::uint64_t n = 0; lines >> name >> n;) {
    const std::vector<int>& errors = kErrors.at(name);
    for (const std::uint64_t call : calls_of(n, n_calls_tried(name))) {
      // All ways to fail where all calls are tried, else one after the other.
      for (std::size_t e = 0; e < errors.size(); ++e) {
        if (n_calls_tried(name) < n && e != call % errors.size()) continue;
        try_one(command, before, good, name + ":" + std::to_string(call) + ":" + std::to_string(errors[e]));
        ++n_trials;
      }
    }
  }
  EXPECT_GT(n_trials, 15) << "the library is not loaded";
  std::printf("%s: %d calls failed\n", command[0].c_str(), n_trials);
}

void FailOnce::try_one(const Arguments& command, const std::string& before, const Outcome& good,
                       const std::string& failure) {
  SCOPED_TRACE(command[0] + " " + failure);
  const Outcome bad = run_over(command, before,
                               {{"LD_PRELOAD", PENFIELD_FAIL_ONCE_LIBRARY}, {"PENFIELD_FAIL_ONCE", failure}});
  const CommandResult& said = bad.said;
  EXPECT_THAT(said.exit_code, testing::AnyOf(0, 1, 5)) << said.err;
  const std::size_t n_lines = said.err_lines().size();
  EXPECT_TRUE(n_lines == 1 || (n_lines == 0 && said.exit_code == 0)) << said.err;
  Tree tree = bad.tree;
  // What cannot be removed stays, and so do passes that the same command goes on from.
  const auto is_left = [](const auto& entry) {
    return entry.first.starts_with(".replaced.") || entry.first.starts_with(".unfinished") ||
           entry.first == ".lock";
  };
  const bool is_unfinished = tree.contains(".unfinished");
  const bool left_something = std::erase_if(tree, is_left) > 0;
  if (said.exit_code == 0) {
    EXPECT_EQ(said.out, good.said.out);
    EXPECT_TRUE(tree == good.tree) << "it did without, but its result is another";
    if (is_unfinished) {
      EXPECT_THAT(said.err, testing::HasSubstr(".unfinished"));
    }
  } else if (!(tree == good.tree)) {
    EXPECT_TRUE(tree == tree_of(before)) << "neither the old nor the new";
    EXPECT_TRUE(tree.empty() == !fs::exists(command.back()) || left_something);
  }
  if (!failure.starts_with("unlink")) {
    EXPECT_TRUE(bad.beside.empty()) << bad.beside.begin()->first;
  }
  if (!left_something) return;
  const CommandResult again = run(command);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_TRUE(tree_of(command.back()) == good.tree) << "the same command, given again";
}

// Ended by SIGKILL in place of a call, with `before` where it writes. What is there is read as a whole
// result, or not at all, and the same command ends in the same bytes. PENFIELD_KILLS: how many are tried, of
// all calls.
void FailOnce::kill_all(const Arguments& command, const std::string& before) {
  const char* const wanted = std::getenv("PENFIELD_KILLS");  // NOLINT(concurrency-mt-unsafe)
  constexpr std::size_t kFew = 12;
  const std::size_t n_kills = wanted == nullptr ? kFew : std::strtoull(wanted, nullptr, 10);
  const std::string counts = file("counts");
  const Outcome good = run_over(
      command, before, {{"LD_PRELOAD", PENFIELD_FAIL_ONCE_LIBRARY}, {"PENFIELD_COUNT_CALLS", counts}});
  ASSERT_EQ(good.said.exit_code, 0) << good.said.err;
  std::vector<std::string> moments;
  std::istringstream lines(read_file(counts));
  std::string name;
  for (std::uint64_t n = 0; lines >> name >> n;) {
    for (std::uint64_t call = 1; call <= n && name != "malloc" && name != "thread"; ++call)
      moments.push_back(name + ":" + std::to_string(call) + ":0");
  }
  for (const std::uint64_t at : calls_of(moments.size(), n_kills)) {
    SCOPED_TRACE(moments[at - 1]);
    const Outcome killed =
        run_over(command, before,
                 {{"LD_PRELOAD", PENFIELD_FAIL_ONCE_LIBRARY}, {"PENFIELD_FAIL_ONCE", moments[at - 1]}});
    EXPECT_EQ(killed.said.exit_code, 128 + SIGKILL);
    const CommandResult shown = run({"show", command.back(), "-q"});
    if (shown.exit_code == 0) {
      EXPECT_THAT(shown.out, testing::AnyOf(run({"show", file("result"), "-q"}).out,
                                            run({"show", file("other"), "-q"}).out));
    } else {
      EXPECT_EQ(shown.exit_code, 3) << shown.err;
      EXPECT_THAT(shown.err_lines(), testing::SizeIs(1)) << shown.err;
    }
    const CommandResult again = run(command);
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_TRUE(tree_of(command.back()) == good.tree);
  }
  std::printf("%zu of %zu moments\n", std::min(n_kills, moments.size()), moments.size());
}

TEST_F(FailOnce, AScan) {
  try_all(scan_to(file("trial/out")), "");
  try_all(scan_to(file("trial/out")), file("other"));
}
TEST_F(FailOnce, AScanOnDisk) {
  Arguments scan = scan_to(file("trial/out"));
  scan.insert(scan.begin() + 1, {"--spill", "f32"});
  try_all(scan, file("other"));
}
TEST_F(FailOnce, AScanThatIsKilled) {
  Arguments scan = scan_to(file("trial/out"));
  kill_all(scan, file("other"));
  scan.insert(scan.begin() + 1, {"--spill", "f32"});
  kill_all(scan, "");
  kill_all(scan, file("other"));
}
// A thread of OpenMP that cannot be started after all: OpenMP says so and ends the program.
TEST_F(FailOnce, AThreadOfMany) {
  Arguments scan = scan_to(file("trial/out"));
  *(std::find(scan.begin(), scan.end(), "-j") + 1) = "3";
  Tree good = run_over(scan, "", {}).tree;
  good.erase("run.json");  // says on how many threads
  ASSERT_EQ(good.size(), 4U);
  int n_ended = 0;
  for (int thread = 1; thread <= 6; ++thread) {
    const std::string failure = "thread:" + std::to_string(thread) + ":" + std::to_string(EAGAIN);
    Outcome bad =
        run_over(scan, "", {{"LD_PRELOAD", PENFIELD_FAIL_ONCE_LIBRARY}, {"PENFIELD_FAIL_ONCE", failure}});
    EXPECT_THAT(bad.said.exit_code, testing::AnyOf(0, 1)) << bad.said.err;
    n_ended += bad.said.exit_code;
    bad.tree.erase("run.json");
    EXPECT_TRUE(bad.said.exit_code == 0 ? bad.tree == good : bad.tree.empty()) << failure;
  }
  EXPECT_GT(n_ended, 0);
}
TEST_F(FailOnce, AMatrix) {
  try_all({"associate", file("x.npy"), file("y.npy"), "--covariates", file("z.npy"), "-q", "-j", "1", "-o",
           file("trial/out.tsv")},
          "");
  try_all({"associate", file("x.npy"), file("y.npy"), "--permutations", "50", "-q", "-j", "1", "--force",
           "-o", file("trial/out.tsv")},
          file("y.npy"));
}
TEST_F(FailOnce, AReport) {
  try_all({"report", file("result"), "-q", "-j", "1", "--force", "-o", file("trial/out.html")},
          file("y.npy"));
}
TEST_F(FailOnce, AnExport) {
  for (const char* format : {"tsv", "npy", "sqlite"}) {
    try_all(
        {"export", file("result"), "--format", format, "-q", "-j", "1", "--force", "-o", file("trial/out")},
        file("y.npy"));
  }
}
TEST_F(FailOnce, ATextOfTokens) {
  try_all({"label", "-m", "models/demo", "-t", "data/demo/README.md", "-q", "-j", "1", "--force", "-o",
           file("trial/out")},
          file("y.npy"));
  try_all({"activations", "-m", "models/demo", "-t", "data/demo/README.md", "--layers", "0", "-q", "-j", "1",
           "-o", file("trial/out.npy")},
          "");
}
TEST_F(FailOnce, WhatIsShown) {
  try_all({"show", "-q", "-j", "1", file("trial/out")}, file("result"));
}

}  // namespace
}  // namespace penfield::cli
