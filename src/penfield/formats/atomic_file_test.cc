#include "penfield/formats/atomic_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::formats {
namespace {

using testing::HasSubstr;

// Calls that work until the one that is to fail comes.
struct Fault {
  int at_create = -1, at_write = -1, at_fsync = -1,
      at_rename = -1;  // how many calls succeed before it; -1: all
  int error = 0;
  ssize_t max_written = 1 << 30;  // a write takes at most so many bytes
};
Fault fault;

bool fails_now(int& countdown) {
  if (countdown < 0) return false;
  if (countdown-- > 0) return false;
  errno = fault.error;
  return true;
}

constexpr FileCalls kFaultyCalls = {
    [](const char* path) { return fails_now(fault.at_create) ? -1 : system_file_calls().create(path); },
    [](int fd, const void* bytes, std::size_t n) -> ssize_t {
      if (fails_now(fault.at_write)) return -1;
      return system_file_calls().write(fd, bytes, std::min(n, static_cast<std::size_t>(fault.max_written)));
    },
    [](int fd) { return fails_now(fault.at_fsync) ? -1 : system_file_calls().fsync(fd); },
    [](const char* from, const char* to) {
      return fails_now(fault.at_rename) ? -1 : system_file_calls().rename(from, to);
    },
    [](int fd, const void* bytes, std::size_t n, off_t at) {
      return system_file_calls().pwrite(fd, bytes, n, at);
    },
    [](int fd, off_t n) { return system_file_calls().reserve(fd, n); },
};

Result<void> write_in_pieces(const std::string& path, std::string_view bytes) {
  PENFIELD_TRY(AtomicFile file, AtomicFile::create(path, kFaultyCalls));
  for (std::size_t i = 0; i < bytes.size(); i += 100'000)
    PENFIELD_TRY_VOID(file.write(bytes.substr(i, 100'000)));
  return file.commit();
}

TEST(AtomicFile, WritesAndReplaces) {
  const ScratchFolder folder;
  const std::string path = folder.path("a.txt");
  ASSERT_TRUE(write_file(path, "first"));
  EXPECT_EQ(folder.read("a.txt"), "first");
  std::string large;
  for (int i = 0; i < 200'000; ++i) large += std::to_string(i);
  fault = {};
  fault.max_written = 70'001;  // short writes are gone on with
  ASSERT_TRUE(write_in_pieces(path, large));
  EXPECT_TRUE(folder.read("a.txt") == large);
  ASSERT_TRUE(write_file(path, ""));
  EXPECT_EQ(folder.read("a.txt"), "");
  EXPECT_EQ(folder.n_files(), 1u);
}

TEST(AtomicFile, WritesBelowTheCurrentFolder) {
  const ScratchFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  EXPECT_TRUE(write_file("a.txt", "x"));
  std::filesystem::current_path(before);
  EXPECT_EQ(folder.read("a.txt"), "x");
}

TEST(AtomicFile, LeavesNothingWithoutCommit) {
  const ScratchFolder folder;
  {
    auto file = AtomicFile::create(folder.path("a.txt"));
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("half"));
    ASSERT_TRUE(file->finish());
    AtomicFile moved = std::move(*file);
    EXPECT_EQ(folder.n_files(), 1u);  // the part
    EXPECT_FALSE(std::filesystem::exists(folder.path("a.txt")));
  }
  EXPECT_EQ(folder.n_files(), 0u);
}

TEST(AtomicFile, TwoWritersDoNotMeet) {
  const ScratchFolder folder;
  auto one = AtomicFile::create(folder.path("a.txt"));
  auto two = AtomicFile::create(folder.path("a.txt"));
  ASSERT_TRUE(one && two);
  ASSERT_TRUE(one->write("one"));
  ASSERT_TRUE(two->write("two"));
  ASSERT_TRUE(two->commit());
  ASSERT_TRUE(one->commit());
  EXPECT_EQ(folder.read("a.txt"), "one");
  EXPECT_EQ(folder.n_files(), 1u);
}

TEST(AtomicFile, EveryFaultLeavesWhatWasThere) {
  const std::string large(1'000'000, 'n');
  const ScratchFolder folder;
  const std::string path = folder.write("a.txt", "before");
  std::vector<Fault> faults;
  for (const int error : {ENOSPC, EIO}) {
    faults.push_back({.at_create = 0, .error = error});
    for (int n = 0; n < 5; ++n) faults.push_back({.at_write = n, .error = error});
    faults.push_back({.at_fsync = 0, .error = error});
    faults.push_back({.at_rename = 0, .error = error});
  }
  for (const Fault& f : faults) {
    fault = f;
    const auto written = write_in_pieces(path, large);
    ASSERT_FALSE(written) << f.at_create << f.at_write << f.at_fsync << f.at_rename;
    EXPECT_EQ(written.error().kind, ErrorKind::kIo);
    EXPECT_THAT(written.error().message, HasSubstr(path));
    EXPECT_THAT(written.error().message, HasSubstr(error_text(f.error)));
    EXPECT_EQ(folder.read("a.txt"), "before");
    EXPECT_EQ(folder.n_files(), 1u);
  }
}

TEST(AtomicFile, AFolderThatCannotBeSyncedIsReported) {
  const ScratchFolder folder;
  fault = {.at_fsync = 1, .error = EIO};
  const auto written = write_in_pieces(folder.path("a.txt"), "new");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr(folder.path()));
  fault = {.at_fsync = 1, .error = EINVAL};  // a file system without it
  EXPECT_TRUE(write_in_pieces(folder.path("a.txt"), "new"));
}

TEST(AtomicFile, InterruptedWritesGoOn) {
  const ScratchFolder folder;
  fault = {.at_write = 0, .error = EINTR};
  EXPECT_TRUE(write_in_pieces(folder.path("a.txt"), "new"));
  EXPECT_EQ(folder.read("a.txt"), "new");
}

TEST(AtomicFile, AFullDiskIsReported) {
  const ScratchFolder folder;
  const std::string path = folder.write("a.txt", "before");
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100'000, 100'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto written = write_file(path, std::string(300'000, 'n'));
    ::_exit(!written && written.error().kind == ErrorKind::kIo ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(folder.read("a.txt"), "before");
  EXPECT_EQ(folder.n_files(), 1u);
}

TEST(AtomicFile, AMissingFolderIsAnIoError) {
  const ScratchFolder folder;
  const auto file = AtomicFile::create(folder.path("none/a.txt"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, ErrorKind::kIo);
}

}  // namespace
}  // namespace penfield::formats
