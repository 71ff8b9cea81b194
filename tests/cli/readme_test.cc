// The commands that README.md shows are run, so that none of them is a promise. A fenced `sh` block is run as
// it stands unless the line before it is the comment `<!-- not run: why -->`. Runs in a copy of what the
// commands name, so that nothing is left in the source folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "files.h"
#include "program.h"

namespace penfield::cli {
namespace {

std::vector<std::string> blocks_to_run(const std::string& markdown) {
  std::vector<std::string> out;
  std::istringstream lines(markdown);
  std::string line, last, block;
  bool inside = false, wanted = false;
  while (std::getline(lines, line)) {
    if (!inside && line == "```sh") {
      inside = true;
      wanted = !last.starts_with("<!-- not run: ");
      block.clear();
    } else if (inside && line == "```") {
      inside = false;
      if (wanted) out.push_back(block);
    } else if (inside) {
      block += line + "\n";
    }
    last = line;
  }
  return out;
}

TEST(Readme, BlocksAreFound) {
  EXPECT_THAT(blocks_to_run("```sh\na\nb\n```\n<!-- not run: downloads -->\n```sh\nc\n```\n```\nd\n```\n"),
              ::testing::ElementsAre("a\nb\n"));
}

TEST(Readme, EveryCommandDoesWhatItSays) {
  const std::vector<std::string> blocks = blocks_to_run(read_file("README.md"));
  ASSERT_FALSE(blocks.empty()) << "README.md shows no command in a fenced sh block";
  const TempFolder folder;
  for (const char* name : {"models", "data"}) {
    std::filesystem::create_directory_symlink(std::filesystem::absolute(name), folder / name);
  }
  std::filesystem::create_directory(folder / "build");
  std::filesystem::create_symlink(PENFIELD_PROGRAM, folder / "build/penfield");
  const std::string path =
      std::filesystem::path(PENFIELD_PROGRAM).parent_path().string() + ":" + std::getenv("PATH");
  for (const std::string& block : blocks) {
    const CommandResult result = run_program(
        "/bin/bash", {"-c", "set -e\ncd " + folder.path() + "\n" + block}, {.environment = {{"PATH", path}}});
    EXPECT_EQ(result.exit_code, 0) << block << result.err;
  }
}

}  // namespace
}  // namespace penfield::cli
