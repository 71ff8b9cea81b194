#include "penfield/formats/mapped_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <string>

#include "penfield/formats/scratch_folder_for_tests.h"

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

TEST(MappedFile, GivesAnyRangeOfTheBytes) {
  const ScratchFolder folder;
  std::string content;
  for (int i = 0; i < 20'000; ++i) content += static_cast<char>('a' + i % 23);
  const std::string path = folder.write("a.bin", content);
  for (const std::size_t first : {0, 1, 4095, 4096, 4097, 19'999, 20'000}) {
    for (const std::size_t n : {0, 1, 4096, 8191}) {
      const auto file = MappedFile::open_range(path, first, n);
      ASSERT_EQ(file.has_value(), first + n <= content.size()) << first << ' ' << n;
      if (file) {
        EXPECT_EQ(file->text(), std::string_view(content).substr(first, n)) << first << ' ' << n;
      } else {
        EXPECT_EQ(file.error().kind, ErrorKind::kIo);
      }
    }
  }
}

TEST(MappedFile, ReleasedPagesComeBack) {
  const ScratchFolder folder;
  const std::string content(std::size_t{32} << 20, 'x');
  const auto file = MappedFile::open(folder.write("a.bin", content));
  ASSERT_TRUE(file) << file.error().message;
  const auto resident_KiB = []() -> unsigned long {  // of this process, not of the system's cache
    std::ifstream map("/proc/self/smaps");
    std::string line;
    for (bool inside = false; std::getline(map, line);) {
      inside = inside || line.find("/a.bin") != std::string::npos;
      if (inside && line.starts_with("Rss:")) return std::stoul(line.substr(4));
    }
    ADD_FAILURE() << "the file is not mapped";
    return 0;
  };
  EXPECT_EQ(file->text(), content);
  EXPECT_GE(resident_KiB(), 32U * 1024);
  file->release_pages();
  EXPECT_LE(resident_KiB(), 64U);
  EXPECT_EQ(file->text(), content);
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
  const volatile std::byte& byte = bytes[i];
  return static_cast<int>(byte);
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
