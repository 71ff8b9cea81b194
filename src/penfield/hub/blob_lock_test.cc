#include "penfield/hub/blob_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::hub {
namespace {

class Locking : public testing::Test {
 protected:
  Result<BlobLock> acquire() { return BlobLock::acquire(path_, waiting_); }

  formats::ScratchFolder scratch_;
  std::string path_ = scratch_.path("etag.lock");
  int n_asked_ = 0;
  std::vector<std::string> notes_;
  Waiting waiting_{.keep_on = [this]() -> Result<void> {
                     if (++n_asked_ < 5) return {};
                     return fail(ErrorKind::kInterrupted, "stopped");
                   },
                   .note = [this](const std::string& line) { notes_.push_back(line); }};
};

TEST_F(Locking, OneHoldsItAtATime) {
  std::optional<BlobLock> held = std::move(acquire().value());
  EXPECT_EQ(n_asked_, 0);
  EXPECT_EQ(acquire().error().kind, ErrorKind::kInterrupted) << "somebody else has it";
  EXPECT_EQ(notes_.size(), 1U);
  held.reset();
  n_asked_ = 0;
  EXPECT_TRUE(acquire());
}

TEST_F(Locking, AFileThatWasLeftBehindLocksNothing) {
  scratch_.write("etag.lock", "4711\n");
  EXPECT_TRUE(acquire());
  EXPECT_EQ(scratch_.read("etag.lock"), "4711\n");
}

TEST_F(Locking, TheLockOfAProcessThatWasKilledIsFree) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = acquire();
    ::raise(held ? SIGKILL : SIGTERM);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(WTERMSIG(status), SIGKILL);
  EXPECT_TRUE(acquire());
}

// Some versions of filelock remove the file when they give the lock back.
TEST_F(Locking, AFileThatWasRemovedMeanwhileIsMadeAgain) {
  std::optional<BlobLock> held = std::move(acquire().value());
  waiting_.keep_on = [&]() -> Result<void> {
    if (++n_asked_ == 2) {
      std::filesystem::remove(path_);
      held.reset();
    }
    return {};
  };
  const auto lock = acquire();
  ASSERT_TRUE(lock);
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(Locking, AGroupMayShareIt) {
  const mode_t before = ::umask(0002);
  ASSERT_TRUE(acquire());
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0664U);
}

TEST_F(Locking, APlaceWhereNoFileCanBeIsIo) {
  path_ = scratch_.path("none/etag.lock");
  EXPECT_EQ(acquire().error().kind, ErrorKind::kIo);
  path_ = scratch_.path();
  EXPECT_EQ(acquire().error().kind, ErrorKind::kIo);
}

}  // namespace
}  // namespace penfield::hub
