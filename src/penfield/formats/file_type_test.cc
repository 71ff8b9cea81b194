#include "penfield/formats/file_type.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::formats {
namespace {

namespace fs = std::filesystem;

TEST(FileType, IsOfWhatALinkLeadsTo) {
  const ScratchFolder folder;
  const std::string file = folder.write("file", "x");
  fs::create_symlink("file", folder.path("link"));
  fs::create_symlink("nothing", folder.path("dangling"));
  EXPECT_EQ(file_type(file).value(), fs::file_type::regular);
  EXPECT_EQ(file_type(folder.path("link")).value(), fs::file_type::regular);
  EXPECT_EQ(file_type(folder.path()).value(), fs::file_type::directory);
  EXPECT_EQ(file_type(folder.path("dangling")).value(), fs::file_type::not_found);
  EXPECT_EQ(file_type(folder.path("absent")).value(), fs::file_type::not_found);
  EXPECT_EQ(file_type(folder.path("file/below")).value(), fs::file_type::not_found);
  EXPECT_TRUE(exists(file));
  EXPECT_TRUE(exists(folder.path("dangling")));
  EXPECT_FALSE(exists(folder.path("absent")));
}

// A ring of links is no absence, and neither is a name that no file can have.
TEST(FileType, WhatTheSystemCannotSayIsAnError) {
  const ScratchFolder folder;
  fs::create_symlink("ring", folder.path("ring"));
  for (const std::string& path : {folder.path("ring/below"), folder.path(std::string(300, 'x'))}) {
    const auto type = file_type(path);
    ASSERT_FALSE(type) << path;
    EXPECT_EQ(type.error().kind, ErrorKind::kIo);
    EXPECT_TRUE(exists(path));
  }
}

}  // namespace
}  // namespace penfield::formats
