// What the program says about itself, and what it says to a slip of the hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "files.h"
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

constexpr std::array kCommands = {"demo",   "scan",     "show",        "report",      "plot",   "serve",
                                  "export", "label",    "tokenize",    "activations", "help",   "loss",
                                  "fetch",  "concepts", "completions", "associate",   "doctor", "mcp"};

// The widest line in columns: all that help prints is of single width, so that code points are columns.
std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0, width = 0;
  for (const char c : text) {
    if (c == '\n') width = 0;
    if (c != '\n' && (static_cast<unsigned char>(c) & 0xC0) != 0x80) widest = std::max(widest, ++width);
  }
  return widest;
}

TEST(Help, EveryCommandHasAPageWithUsageAndExample) {
  for (const char* command : kCommands) {
    const CommandResult result = run({command, "--help"});
    EXPECT_EQ(result.exit_code, 0) << command;
    EXPECT_THAT(result.out, AllOf(StartsWith(fmt::format("Usage: penfield {}", command)),
                                  HasSubstr("Example:\n"), HasSubstr("penfield --help")))
        << command;
    EXPECT_LE(widest_line(result.out), 80U) << result.out;
    EXPECT_THAT(result.err, IsEmpty()) << command;
    EXPECT_EQ(run({"help", command}).out, result.out) << command;
  }
  EXPECT_LE(widest_line(run({"--help"}).out), 80U);
  EXPECT_EQ(run({"help"}).out, run({"--help"}).out);
}

TEST(Help, FlagsOfAScanStandInGroups) {
  const std::string help = run({"scan", "--help"}).out;
  for (const char* title : {"Model and text:", "Question:", "Sample:", "Comparison:", "Statistics:",
                            "Permutations and nulls:", "Machine:", "Output:"}) {
    EXPECT_THAT(help, HasSubstr(std::string("\n") + title + "\n"));
  }
}

TEST(Help, TheVersionIsOneLine) {
  for (const char* flag : {"--version", "-V"}) {
    const CommandResult result = run({flag});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.out, AllOf(StartsWith("penfield "), ::testing::EndsWith("\n")));
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
  }
}

TEST(Help, TheVersionSaysWhatItWasBuiltWith) {
  EXPECT_THAT(run({"--version", "--verbose"}).out, AllOf(HasSubstr("compiler"), HasSubstr("cairo"),
                                                         HasSubstr("simd_target"), HasSubstr("bfloat16")));
  const auto json = nlohmann::json::parse(run({"-V", "--format", "json"}).out);
  for (const char* key :
       {"version", "source", "compiler", "build", "libraries", "simd_target", "float32_kernel"})
    EXPECT_FALSE(json.at(key).get<std::string>().empty()) << key;
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
      {"concepts", "-j", "0x10"},
      {"concepts", "-j", "010"},
      {"concepts", "--memory", ""},
      {"concepts", "--seed", "1e3"},
      {"associate", "x.npy", "y.npy", "-o", ""},
      {"associate", "x.npy", "y.npy", "--alpha", "0x1p-4"},
      {"associate", "x.npy", "y.npy", "--alpha", "nan"},
      {"scan", "-m", "models/demo", "-t", "", "-o", "r"},
      {"scan", "-m", "", "-t", "data/demo/articles.txt", "-o", "r"},
      {"help", "scna"},
  };
  for (const auto& arguments : slips) {
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments.front() << " " << arguments.back() << ": " << result.err;
    EXPECT_THAT(result.err_lines(), SizeIs(1))
        << arguments.front() << " " << arguments.back() << ": " << result.err;
  }
}

// Every refused command line is told why in words of its own.
TEST(Help, RefusalsSayWhatIsWrong) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> slips = {
      {{"scan", "-m", "a", "-t", "b", "-c", "x", "-c", "y"},
       "--concept is given 2 times, but may be given only once"},
      {{"concepts", "-j", "1", "-j", "2"}, "--threads is given 2 times, but may be given only once"},
      {{"scan", "-m", "a", "-t", "b", "-c"}, "--concept needs a value"},
      {{"scan", "-t", "b"}, "scan needs --model"},
      {{"associate", "x.npy"}, "associate needs y.npy"},
      {{"plot", "result", "funnel", "--width", "wide"}, "--width: 'wide' is not a number above 0"},
      {{"concepts", "-j", "010"}, "--threads: '010' is not a whole number from 1 to 1024"},
      {{"concepts", "--memory", "lots"}, "--memory: 'lots' is not an amount of memory"},
      {{"help", "scna"}, "did you mean 'scan'?"},
      {{std::string(100000, 'x')}, "(100000 bytes)"},
      {{"--" + std::string(100000, 'x')}, "(100002 bytes)"},
      {{"concepts", std::string(100000, 'x')}, "(100000 bytes)"},
  };
  for (const auto& [arguments, words] : slips) {
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 2) << words;
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << words;
    EXPECT_THAT(result.err, HasSubstr(words));
    EXPECT_LT(result.err.size(), 400U) << words;
  }
}

TEST(Help, AConfigurationOfOtherThanFlagsIsRefused) {
  const TempFolder folder;
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"sed = 1\n", "'sed'"},
      {"[scan]\nwindw = 64\n", "'scan.windw'"},
      {"[skan]\nwindow = 64\n", "'skan' is not a command"},
      {"complete nonsense\n", "--config"},
      {"\x7f"
       "ELF\x01\x02",
       "--config"},
      {"threads = many\n", "--threads"},
  };
  for (const auto& [text, words] : bad) {
    write_file(folder / "flags.toml", text);
    const CommandResult result = run({"concepts", "--config", folder / "flags.toml"});
    EXPECT_EQ(result.exit_code, 2) << text << result.err;
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
    EXPECT_THAT(result.err, HasSubstr(words));
  }
  write_file(folder / "flags.toml", "threads = 2\nformat = \"json\"\n[scan]\nwindow = 64\n");
  const CommandResult good = run({"concepts", "--config", folder / "flags.toml"});
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_THAT(good.out, StartsWith("{"));
}

TEST(Help, AConfigurationIsARegularFile) {
  const TempFolder folder;
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  for (const std::string& path :
       {folder / "fifo", folder.path(), std::string("/dev/zero"), folder / "missing"}) {
    const CommandResult result = run({"concepts", "--config", path});
    EXPECT_EQ(result.exit_code, 2) << path;
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
    EXPECT_THAT(result.err, HasSubstr("--config")) << path;
  }
}

TEST(Help, AFullDiskIsAnError) {
  for (const char* arguments : {"", "--help", "scan --help", "help scan", "--version", "concepts"}) {
    const CommandResult result =
        run_program("/bin/sh", {"-c", fmt::format("{} {} >/dev/full", PENFIELD_PROGRAM, arguments)});
    EXPECT_EQ(result.exit_code, 1) << arguments;
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << arguments << result.err;
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
