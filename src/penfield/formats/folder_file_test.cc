#include "penfield/formats/folder_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::formats {
namespace {

using testing::HasSubstr;

TEST(FolderFile, GivesFilesOfTheFolder) {
  const ScratchFolder folder;
  const std::string path = folder.write("model/a.bin", "x");
  EXPECT_EQ(file_in_folder(folder.path("model"), "a.bin").value(), path);
  // A link that stays inside, and a folder reached by a link.
  std::filesystem::create_symlink("a.bin", folder.path("model/b.bin"));
  EXPECT_TRUE(file_in_folder(folder.path("model"), "b.bin"));
  std::filesystem::create_directory_symlink("model", folder.path("link"));
  EXPECT_TRUE(file_in_folder(folder.path("link"), "a.bin"));
  EXPECT_TRUE(exists_in_folder(folder.path("model"), "a.bin"));
  EXPECT_FALSE(exists_in_folder(folder.path("model"), "c.bin"));
}

TEST(FolderFile, RefusesNamesThatLeadOutOfTheFolder) {
  const ScratchFolder folder;
  folder.write("outside.bin", "x");
  folder.write("model/sub/a.bin", "x");
  for (const std::string_view name :
       {std::string_view("../outside.bin"), std::string_view("sub/a.bin"), std::string_view("/etc/passwd"),
        std::string_view(".."), std::string_view("."), std::string_view(""), std::string_view("a\0b", 3)}) {
    const auto path = file_in_folder(folder.path("model"), name);
    ASSERT_FALSE(path) << name;
    EXPECT_EQ(path.error().kind, ErrorKind::kBadInput);
  }
}

TEST(FolderFile, RefusesALinkOutOfTheFolder) {
  const ScratchFolder folder;
  folder.write("outside.bin", "x");
  folder.write("model/a.bin", "x");
  folder.write("model-2/b.bin", "x");
  std::filesystem::create_symlink("../outside.bin", folder.path("model/out.bin"));
  std::filesystem::create_symlink("../model-2/b.bin", folder.path("model/prefix.bin"));
  for (const char* name : {"out.bin", "prefix.bin"}) {
    const auto path = file_in_folder(folder.path("model"), name);
    ASSERT_FALSE(path) << name;
    EXPECT_EQ(path.error().kind, ErrorKind::kBadInput);
    EXPECT_THAT(path.error().message, HasSubstr("outside the model's folder"));
  }
}

TEST(FolderFile, FollowsTheCachesLinksToItsBlobs) {
  const ScratchFolder folder;
  const std::string snapshot = "models--x--y/snapshots/0123abc";
  folder.write("models--x--y/blobs/hash", "x");
  folder.write("models--other/blobs/hash", "x");
  folder.write(snapshot + "/config.json", "{}");
  std::filesystem::create_symlink("../../blobs/hash", folder.path(snapshot + "/good.bin"));
  std::filesystem::create_symlink("../../../models--other/blobs/hash", folder.path(snapshot + "/other.bin"));
  std::filesystem::create_symlink("../../blobs/missing", folder.path(snapshot + "/broken.bin"));
  EXPECT_TRUE(file_in_folder(folder.path(snapshot), "good.bin"));
  EXPECT_EQ(file_in_folder(folder.path(snapshot), "other.bin").error().kind, ErrorKind::kBadInput);
  EXPECT_EQ(file_in_folder(folder.path(snapshot), "broken.bin").error().kind, ErrorKind::kIo);
  EXPECT_TRUE(exists_in_folder(folder.path(snapshot), "broken.bin"));
  // Seen from a folder that is no snapshot, the same target is outside.
  folder.write("models--x--y/plain/a.bin", "x");
  std::filesystem::create_symlink("../blobs/hash", folder.path("models--x--y/plain/good.bin"));
  EXPECT_EQ(file_in_folder(folder.path("models--x--y/plain"), "good.bin").error().kind, ErrorKind::kBadInput);
}

}  // namespace
}  // namespace penfield::formats
