#include "penfield/store/unfinished_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <filesystem>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::store {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// While it lives no file can be opened, and so no folder can be emptied, whoever asks.
class NoFileCanBeOpened {
 public:
  NoFileCanBeOpened() {
    EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
    const rlimit none = {.rlim_cur = 0, .rlim_max = before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  NoFileCanBeOpened(const NoFileCanBeOpened&) = delete;
  NoFileCanBeOpened& operator=(const NoFileCanBeOpened&) = delete;
  ~NoFileCanBeOpened() { EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before_), 0); }

 private:
  rlimit before_ = {};
};

const RunInputs kInputs = {{"seed", "1"}, {"text", "a\n\"b\""}, {"weights", "abc"}};

TEST(UnfinishedRun, TheSameInputsGoOn) {
  const formats::ScratchFolder folder;
  const UnfinishedRun run(folder.path());
  EXPECT_FALSE(run.exists());
  ASSERT_TRUE(run.make_folder());
  EXPECT_FALSE(run.exists()) << "not before the inputs are recorded";
  ASSERT_TRUE(run.record({{"seed", "0"}}));
  ASSERT_TRUE(run.record(kInputs)) << "the later ones count";
  EXPECT_TRUE(run.exists());
  ASSERT_TRUE(run.make_folder());
  EXPECT_TRUE(run.check_same(kInputs));
  EXPECT_TRUE(run.remove());
  EXPECT_FALSE(std::filesystem::exists(run.folder()));
}

TEST(UnfinishedRun, AShareHasInputsOfItsOwn) {
  const formats::ScratchFolder folder;
  const UnfinishedRun run(folder.path());
  ASSERT_TRUE(run.make_folder());
  ASSERT_TRUE(run.record(kInputs, {1, 3}));
  EXPECT_FALSE(run.exists()) << "those of the whole run are not recorded";
  EXPECT_TRUE(std::filesystem::exists(run.folder() + "/inputs-2-of-3.tsv"));
  EXPECT_TRUE(run.is_same_share(kInputs, {1, 3}));
  EXPECT_FALSE(run.is_same_share({kInputs[0], kInputs[1], {"weights", "x"}}, {1, 3}));
  EXPECT_FALSE(run.is_same_share(kInputs, {0, 3})) << "which nobody has recorded";
}

TEST(UnfinishedRun, WhatCannotBeRemovedIsAnError) {
  const formats::ScratchFolder folder;
  const UnfinishedRun run(folder.path());
  ASSERT_TRUE(run.make_folder());
  ASSERT_TRUE(run.make_part("null"));
  folder.write(".unfinished/null/passes.journal", "of the null before");
  Result<void> made, removed;
  {
    const NoFileCanBeOpened none;
    made = run.make_part("null");
    removed = run.remove();
  }
  for (const Result<void>& result : {made, removed}) {
    ASSERT_FALSE(result) << "the journal is still there";
    EXPECT_EQ(result.error().kind, ErrorKind::kIo);
    EXPECT_THAT(result.error().message, HasSubstr("cannot be removed: Too many open files"));
  }
  EXPECT_TRUE(run.make_part("null"));
  EXPECT_TRUE(std::filesystem::is_empty(run.part("null")));
}

TEST(UnfinishedRun, PathsOfAnyBytesComeBack) {
  const formats::ScratchFolder folder;
  const UnfinishedRun run(folder.path());
  const RunInputs inputs = {
      {"text caf\xe9.txt", "1"}, {"text caf\xe8.txt", "2"}, {"text caf\\xe9\t\n.txt", "\xff"}};
  ASSERT_TRUE(run.make_folder());
  ASSERT_TRUE(run.record(inputs));
  const auto same = run.check_same(inputs);
  EXPECT_TRUE(same) << same.error().message;
  EXPECT_FALSE(run.check_same({inputs[0], {"text caf\xea.txt", "2"}, inputs[2]}));
}

TEST(UnfinishedRun, OtherInputsAreRefusedByName) {
  const formats::ScratchFolder folder;
  const UnfinishedRun run(folder.path());
  ASSERT_TRUE(run.make_folder());
  ASSERT_TRUE(run.record(kInputs));
  const auto message = [&](const RunInputs& inputs) {
    const auto same = run.check_same(inputs);
    EXPECT_FALSE(same);
    if (same) return std::string();
    EXPECT_EQ(same.error().kind, ErrorKind::kBadInput);
    return same.error().message;
  };
  EXPECT_THAT(message({{"seed", "2"}, kInputs[1], kInputs[2]}),
              AllOf(HasSubstr(folder.path()), HasSubstr("seed was 1, is 2;"), HasSubstr("--force")));
  EXPECT_THAT(message({{"seed", "2"}, kInputs[1], {"weights", "x"}}),
              HasSubstr("seed was 1, is 2 (1 more differ)"));
  EXPECT_THAT(message({kInputs[0], kInputs[1]}), HasSubstr("weights was abc, is not there"));
  EXPECT_THAT(message({kInputs[0], kInputs[1], kInputs[2], {"null", "labels"}}),
              AllOf(HasSubstr("null was not there, is labels"), Not(HasSubstr("more differ"))));
}

// In a folder of somebody else's it may lead to any folder of the user's.
TEST(UnfinishedRun, ALinkInItsPlaceIsNotFollowed) {
  const formats::ScratchFolder folder;
  folder.write("elsewhere/inputs.tsv", "name\tvalue\nseed\t1\n");
  std::filesystem::create_directory(folder.path("result"));
  std::filesystem::create_directory_symlink(folder.path("elsewhere"), folder.path("result/.unfinished"));
  const UnfinishedRun run(folder.path("result"));
  EXPECT_FALSE(run.exists());
  const auto made = run.make_folder();
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::kIo);
  EXPECT_THAT(made.error().message, AllOf(HasSubstr(run.folder()), HasSubstr("not a folder")));
  EXPECT_TRUE(run.remove().has_value());
  EXPECT_TRUE(std::filesystem::exists(folder.path("elsewhere/inputs.tsv")));
}

TEST(UnfinishedRun, AFileThatIsNoListOfInputsIsRefused) {
  const formats::ScratchFolder folder;
  const UnfinishedRun run(folder.path());
  for (const char* content : {"", "{", "seed\t1\n", "name\tvalue\nseed\n", "name\tvalue\nseed\t1"}) {
    folder.write(".unfinished/inputs.tsv", content);
    const auto same = run.check_same(kInputs);
    ASSERT_FALSE(same) << content;
    EXPECT_EQ(same.error().kind, ErrorKind::kBadInput);
    EXPECT_THAT(same.error().message, HasSubstr("inputs.tsv"));
  }
}

}  // namespace
}  // namespace penfield::store
