#include "penfield/formats/mapped_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "penfield/formats/scratch_folder.h"

namespace penfield::formats {
namespace {

using testing::HasSubstr;

TEST(MappedFile, GivesTheBytes) {
  const ScratchFolder folder;
  auto file = MappedFile::open(folder.write("a.bin", std::string("x\0y", 3)));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->text(), std::string_view("x\0y", 3));
  EXPECT_EQ(file->bytes().size(), 3u);
  const MappedFile moved = std::move(*file);
  EXPECT_EQ(moved.text(), std::string_view("x\0y", 3));
  EXPECT_EQ(moved.path(), folder.path("a.bin"));
}

TEST(MappedFile, AnEmptyFileIsEmpty) {
  const ScratchFolder folder;
  const auto file = MappedFile::open(folder.write("empty", ""));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE(file->bytes().empty());
}

TEST(MappedFile, RefusesWhatIsNoPlainFileWithoutWaiting) {
  const ScratchFolder folder;
  ASSERT_EQ(::mkfifo(folder.path("pipe").c_str(), 0600), 0);
  for (const std::string& path : {folder.path(), folder.path("pipe"), std::string("/dev/zero")}) {
    const auto file = MappedFile::open(path);
    ASSERT_FALSE(file) << path;
    EXPECT_EQ(file.error().kind, ErrorKind::kBadInput);
    EXPECT_THAT(file.error().message, HasSubstr(path));
  }
}

TEST(MappedFile, AMissingFileIsAnIoError) {
  const ScratchFolder folder;
  const auto file = MappedFile::open(folder.path("nothing"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, ErrorKind::kIo);
  EXPECT_THAT(file.error().message, HasSubstr("No such file"));
}

struct Ending {
  int wait_status = 0;
  std::string standard_error;
};

// Runs `body` in a child process with its standard error caught.
Ending run_in_child(const std::function<void()>& body) {
  int ends[2];
  PENFIELD_CHECK(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    body();
    ::_exit(77);
  }
  ::close(ends[1]);
  Ending ending;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    ending.standard_error.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  ::waitpid(child, &ending.wait_status, 0);
  return ending;
}

int touch(std::span<const std::byte> bytes, std::size_t i) {
  return static_cast<int>(*const_cast<const volatile std::byte*>(&bytes[i]));
}

TEST(MappingGuard, AFileCutShortEndsTheProgramWithOneLine) {
  const ScratchFolder folder;
  const std::string path = folder.write("weights.bin", std::string(50'000, 'x'));
  const Ending ending = run_in_child([&] {
    install_mapping_guard();
    const auto other = MappedFile::open(folder.write("other.bin", std::string(50'000, 'y')));
    const auto file = MappedFile::open(path);
    if (!file || !other || ::truncate(path.c_str(), 10) != 0) ::_exit(78);
    touch(other->bytes(), 40'000);
    touch(file->bytes(), 40'000);
  });
  ASSERT_TRUE(WIFEXITED(ending.wait_status)) << ending.wait_status;
  EXPECT_EQ(WEXITSTATUS(ending.wait_status), 1);
  EXPECT_EQ(ending.standard_error,
            "penfield: " + path +
                ": the file became shorter while it was read; run again when nothing else "
                "writes to it\n");
}

TEST(MappingGuard, AnotherSigbusKeepsItsDefaultAction) {
  const ScratchFolder folder;
  const std::string path = folder.write("other.bin", std::string(50'000, 'x'));
  const Ending sent = run_in_child([&] {
    install_mapping_guard();
    const auto file = MappedFile::open(path);
    ::raise(SIGBUS);
  });
  EXPECT_TRUE(WIFSIGNALED(sent.wait_status) && WTERMSIG(sent.wait_status) == SIGBUS) << sent.wait_status;
  const Ending elsewhere = run_in_child([&] {
    install_mapping_guard();
    {
      const auto closed = MappedFile::open(path);  // its range is no longer guarded
    }
    const int fd = ::open(path.c_str(), O_RDWR);
    const void* address = ::mmap(nullptr, 50'000, PROT_READ, MAP_PRIVATE, fd, 0);
    if (::ftruncate(fd, 0) != 0) ::_exit(78);
    touch({static_cast<const std::byte*>(address), 50'000}, 40'000);
  });
  EXPECT_TRUE(WIFSIGNALED(elsewhere.wait_status) && WTERMSIG(elsewhere.wait_status) == SIGBUS)
      << elsewhere.wait_status;
  EXPECT_EQ(elsewhere.standard_error, "");
}

}  // namespace
}  // namespace penfield::formats
