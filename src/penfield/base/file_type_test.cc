#include "penfield/base/file_type.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace penfield {
namespace {

namespace fs = std::filesystem;

class FileType : public testing::Test {
 protected:
  FileType() {
    std::string pattern = (fs::temp_directory_path() / "penfield-test-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~FileType() override { fs::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
};

TEST_F(FileType, IsOfWhatALinkLeadsTo) {
  const std::string file = path("file");
  std::ofstream(file) << "x";
  fs::create_symlink("file", path("link"));
  fs::create_symlink("nothing", path("dangling"));
  EXPECT_EQ(file_type(file).value(), fs::file_type::regular);
  EXPECT_EQ(file_type(path("link")).value(), fs::file_type::regular);
  EXPECT_EQ(file_type(folder_.string()).value(), fs::file_type::directory);
  EXPECT_EQ(file_type(path("dangling")).value(), fs::file_type::not_found);
  EXPECT_EQ(file_type(path("absent")).value(), fs::file_type::not_found);
  EXPECT_EQ(file_type(path("file/below")).value(), fs::file_type::not_found);
  EXPECT_TRUE(exists(file));
  EXPECT_TRUE(exists(path("dangling")));
  EXPECT_FALSE(exists(path("absent")));
}

// A ring of links is no absence, and neither is a name that no file can have.
TEST_F(FileType, WhatTheSystemCannotSayIsAnError) {
  fs::create_symlink("ring", path("ring"));
  for (const std::string& place : {path("ring/below"), path(std::string(300, 'x'))}) {
    const auto type = file_type(place);
    ASSERT_FALSE(type) << place;
    EXPECT_EQ(type.error().kind, ErrorKind::kIo);
    EXPECT_TRUE(exists(place));
  }
}

}  // namespace
}  // namespace penfield
