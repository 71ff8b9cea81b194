#include "penfield/formats/temporary_path.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::formats {
namespace {

namespace fs = std::filesystem;

bool make(const std::string& path) {
  return static_cast<bool>(std::ofstream(path) << "part");
}

TEST(TemporaryPath, GoesWithItsOwnerUnlessItIsKept) {
  const ScratchFolder folder;
  const std::string path = folder.path("file.part");
  {
    const TemporaryPath temporary(path, [&] { return make(path); });
    EXPECT_TRUE(fs::exists(path));
  }
  EXPECT_FALSE(fs::exists(path));
  {
    TemporaryPath temporary(path, [&] { return make(path); });
    EXPECT_FALSE(temporary.keep([] { return false; }));
    EXPECT_FALSE(temporary.is_empty());
    EXPECT_TRUE(temporary.keep([] { return true; }));
    EXPECT_TRUE(temporary.is_empty());
  }
  EXPECT_TRUE(fs::exists(path)) << "kept";
  {
    const TemporaryPath other(path, [] { return false; });
    EXPECT_TRUE(other.is_empty());
  }
  EXPECT_TRUE(fs::exists(path)) << "made by somebody else";
}

// In a process of its own, as nothing can be made afterwards.
TEST(TemporaryPath, AllOfThemGoWhenTheProgramEndsEarly) {
  const ScratchFolder folder;
  const std::string kept = folder.path("kept");
  const std::string made = folder.path("folder");
  EXPECT_EXIT(
      {
        const TemporaryPath of_folder(made, [&] { return fs::create_directory(made); });
        const TemporaryPath part(made + "/part", [&] { return make(made + "/part"); });
        TemporaryPath done(kept, [&] { return make(kept); });
        done.keep([] { return true; });
        remove_temporary_paths();
        remove_temporary_paths();  // as where a signal comes while the program ends
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "");
  EXPECT_FALSE(fs::exists(made));
  EXPECT_TRUE(fs::exists(kept));
}

}  // namespace
}  // namespace penfield::formats
