#include "penfield/server/result_folders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ResultFolders, ThoseBesideTheOneShownAreListed) {
  const formats::ScratchFolder scratch;
  for (const char* name : {"b/run.json", "a/run.json", "shown/run.json", ".hidden/run.json",
                           "no-result/other.json", "d <script>/run.json", "nested/deep/run.json"})
    scratch.write(name, "{}");
  scratch.write("file", "");
  scratch.write("\xff/run.json", "{}");
  std::filesystem::create_directories(scratch.path("odd/run.json"));
  EXPECT_THAT(folders_beside(scratch.path("shown")),
              ElementsAre(scratch.path("a"), scratch.path("b"), scratch.path("d <script>")));
}

TEST(ResultFolders, AreNamedAsTheOneShownIs) {
  const formats::ScratchFolder scratch;
  scratch.write("a/run.json", "{}");
  scratch.write("b/run.json", "{}");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(scratch.path());
  EXPECT_THAT(folders_beside("a"), ElementsAre("b"));
  EXPECT_EQ(shown_name("a/"), "a");
  EXPECT_EQ(shown_name("./a//"), "a");
  EXPECT_EQ(shown_name("b/../a"), "a");
  std::filesystem::current_path(scratch.path("a"));
  EXPECT_THAT(folders_beside(shown_name(".")),
              ElementsAre(std::filesystem::canonical(scratch.path("b")).string()));
  EXPECT_THAT(folders_beside("../a"), ElementsAre("../b"));
  std::filesystem::current_path(before);
}

TEST(ResultFolders, AreNotWithoutNumberAndNeverAnError) {
  const formats::ScratchFolder scratch;
  for (int i = 0; i < 210; ++i) scratch.write("r" + std::to_string(i) + "/run.json", "{}");
  EXPECT_THAT(folders_beside(scratch.path("r0")), SizeIs(200));
  EXPECT_THAT(folders_beside(scratch.path("missing/x")), IsEmpty());
}

}  // namespace
}  // namespace penfield::server
