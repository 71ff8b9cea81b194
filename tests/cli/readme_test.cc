// The commands that README.md and the pages of docs/ show are run, and the columns of units.tsv are held to
// docs/columns.md, so that the pages stay true. A fenced `sh` block is run as it stands unless the line
// before it is the comment `<!-- not run: why -->`. The blocks of a page share a folder that holds what the
// commands name, so nothing is left in the source folder.
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

// A folder in which the pages' commands find the bundled model, the text and the program.
class PageFolder {
 public:
  PageFolder() {
    for (const char* name : {"models", "data"}) {
      std::filesystem::create_directory_symlink(std::filesystem::absolute(name), folder_ / name);
    }
    std::filesystem::create_directory(folder_ / "build");
    std::filesystem::create_symlink(PENFIELD_PROGRAM, folder_ / "build/penfield");
  }
  [[nodiscard]] CommandResult run(const std::string& commands) const {
    return run_program("/bin/bash", {"-c", "set -e\ncd " + folder_.path() + "\n" + commands});
  }
  [[nodiscard]] std::string read(const std::string& name) const { return read_file(folder_ / name); }

 private:
  TempFolder folder_;
};

class Page : public ::testing::TestWithParam<const char*> {};

TEST_P(Page, EveryCommandDoesWhatItSays) {
  const std::vector<std::string> blocks = blocks_to_run(read_file(GetParam()));
  ASSERT_FALSE(blocks.empty()) << GetParam() << " shows no command in a fenced sh block";
  const PageFolder folder;
  for (const std::string& block : blocks) {
    const CommandResult result = folder.run(block);
    EXPECT_EQ(result.exit_code, 0) << block << result.err;
  }
}

INSTANTIATE_TEST_SUITE_P(Readme, Page,
                         ::testing::Values("README.md", "docs/guide.md", "docs/clusters.md",
                                           "docs/the-study.md"));

TEST(Columns, EveryColumnIsExplained) {
  const std::string page = read_file("docs/columns.md");
  const PageFolder folder;
  ASSERT_EQ(folder.run("build/penfield scan -m models/demo -t data/demo/articles.txt --layers 0 -o result")
                .exit_code,
            0);
  for (const char* table : {"units.tsv", "samples.tsv", "windows.tsv"}) {
    const std::string bytes = folder.read(std::string("result/") + table);
    std::istringstream header(bytes.substr(0, bytes.find('\n')));
    std::string column;
    while (std::getline(header, column, '\t')) {
      EXPECT_THAT(page, ::testing::HasSubstr("`" + column + "`")) << table;
    }
  }
}

}  // namespace
}  // namespace penfield::cli
