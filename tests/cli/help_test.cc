// What the program says about itself, and what it says to a slip of the hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST(Help, NoArgumentsGiveAShortHelpWithTwoExamples) {
  const CommandResult result = run({});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, AllOf(HasSubstr("penfield demo"), HasSubstr("penfield scan -m")));
  EXPECT_LE(std::count(result.out.begin(), result.out.end(), '\n'), 24) << "short means one screen";
  EXPECT_THAT(result.err, IsEmpty());
}

TEST(Help, EveryCommandHasAPageThatNamesIt) {
  for (const char* command :
       {"demo", "scan", "show", "report", "plot", "serve", "export", "label", "tokenize", "activations",
        "loss", "associate", "fetch", "concepts", "doctor", "completions"}) {
    const CommandResult result = run({command, "--help"});
    EXPECT_EQ(result.exit_code, 0) << command;
    EXPECT_THAT(result.out, AllOf(HasSubstr(command), HasSubstr("--help"))) << command;
    EXPECT_THAT(result.err, IsEmpty()) << command;
  }
}

TEST(Help, TheVersionIsOneLine) {
  const CommandResult result = run({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, AllOf(StartsWith("penfield "), ::testing::EndsWith("\n")));
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
}

struct Slip {
  std::vector<std::string> arguments;
  std::string nearest;
};

TEST(Help, AnUnknownCommandOrFlagNamesTheNearest) {
  const std::vector<Slip> slips = {
      {{"scna"}, "scan"},
      {{"tokenise"}, "tokenize"},
      {{"asociate"}, "associate"},
      {{"--verison"}, "--version"},
      {{"--thread", "2"}, "--threads"},
      {{"scan", "--windw", "64"}, "--window"},
      {{"scan", "--held_out=2"}, "--held-out"},
      {{"show", "result", "--heat-map"}, "--heatmap"},
      {{"label", "--audti"}, "--audit"},
  };
  for (const Slip& slip : slips) {
    const CommandResult result = run(slip.arguments);
    EXPECT_EQ(result.exit_code, 2) << slip.arguments.back();
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
    EXPECT_THAT(result.err, HasSubstr("'" + slip.nearest + "'")) << result.err;
    EXPECT_THAT(result.out, IsEmpty()) << slip.arguments.back();
  }
}

TEST(Help, NothingNearIsNotGuessedAt) {
  const CommandResult result = run({"xyzzyplugh"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err_lines(), SizeIs(1));
  EXPECT_THAT(result.err, AllOf(HasSubstr("xyzzyplugh"), HasSubstr("--help")));
}

TEST(Help, ValuesOutsideTheirRangeAreUsage) {
  const std::vector<std::vector<std::string>> slips = {
      {"concepts", "--threads", "0"},
      {"concepts", "--threads", "two"},
      {"concepts", "--format", "xml"},
      {"concepts", "--color", "blue"},
      {"concepts", "--memory", "lots"},
      {"concepts", "--seed", "-1"},
      {"scan"},
      {"associate", "only-one.npy"},
      {"completions", "tcsh"},
      {"plot", "result", "pie"},
      {"show"},
      {"concepts", "--precision", "f8"},
      {"concepts", "--progress", "x"},
      {"export", "result", "--format", "parquet"},
  };
  for (const auto& arguments : slips) {
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments.front() << " " << arguments.back() << ": " << result.err;
    EXPECT_THAT(result.err_lines(), SizeIs(1))
        << arguments.front() << " " << arguments.back() << ": " << result.err;
  }
}

TEST(Help, ConceptsNamesBothProperNounRules) {
  const CommandResult result = run({"concepts"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, AllOf(HasSubstr("proper-noun"), HasSubstr("proper-noun-study")));
}

TEST(Help, DoctorSaysWhatThisMachineCanDo) {
  const CommandResult result = run({"doctor"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("threads"), HasSubstr("vectors"), HasSubstr("GFLOP/s")));
}

TEST(Help, CompletionsKnowEveryCommand) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const CommandResult result = run({"completions", shell});
    EXPECT_EQ(result.exit_code, 0) << shell << ": " << result.err;
    for (const char* word : {"scan", "associate", "completions", "held-out", "min-row-length"}) {
      EXPECT_THAT(result.out, HasSubstr(word)) << shell;
    }
  }
}

TEST(Help, BashReadsItsCompletions) {
  const CommandResult completions = run({"completions", "bash"});
  const CommandResult checked = run_program("/bin/bash", {"-n"}, {.standard_input = completions.out});
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
}

TEST(Help, AClosedPipeIsNoError) {
  for (const char* command : {"concepts", "--help", "doctor"}) {
    const CommandResult result = run({command}, {.close_output_at_once = true});
    EXPECT_THAT(result.err, IsEmpty()) << command;
    EXPECT_TRUE(result.exit_code == 0 || result.exit_code == 128 + 13) << command << " " << result.exit_code;
  }
}

}  // namespace
}  // namespace penfield::cli
