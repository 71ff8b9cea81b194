#include "penfield/formats/mapped_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <limits>

#include "penfield/formats/file_descriptor.h"

namespace penfield::formats {
namespace {

// The ranges a SIGBUS is ours for. The handler may run at any instruction of any thread, so this is a fixed
// table of lock-free atomics: no lock, no allocation. A range whose begin is 0 is free; one whose end is 0
// matches no address.
struct GuardedRange {
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::uintptr_t> end{0};
  std::atomic<const char*> path{nullptr};
};
static_assert(std::atomic<std::uintptr_t>::is_always_lock_free &&
              std::atomic<const char*>::is_always_lock_free);

constexpr std::size_t kMaxMappings = 4096;
constinit std::array<GuardedRange, kMaxMappings> guarded_ranges;
constinit std::atomic_flag report_begun = ATOMIC_FLAG_INIT;

// nullptr where all places are taken.
GuardedRange* guard_range(std::uintptr_t begin, std::uintptr_t end, const char* path) {
  for (GuardedRange& range : guarded_ranges) {
    std::uintptr_t free = 0;
    if (!range.begin.compare_exchange_strong(free, begin)) continue;
    range.path.store(path);
    range.end.store(end);
    return &range;
  }
  return nullptr;
}

void release_range(GuardedRange& range) {
  range.end.store(0);
  range.path.store(nullptr);
  range.begin.store(0);
}

const char* path_at(std::uintptr_t address) {
  for (const GuardedRange& range : guarded_ranges) {
    if (address < range.end.load() && address >= range.begin.load()) return range.path.load();
  }
  return nullptr;
}

// Copies as much as fits; control bytes of a path become '?', so that the report stays one line.
std::size_t append_bounded(std::span<char> buffer, std::size_t at, const char* text) {
  for (; *text != '\0' && at < buffer.size(); ++text)
    buffer[at++] = static_cast<unsigned char>(*text) < 0x20 ? '?' : *text;
  return at;
}

[[noreturn]] void report_and_exit(const char* path) {
  // A second thread that faults meanwhile waits for the first to end the program.
  if (report_begun.test_and_set()) {
    for (;;) ::pause();
  }
  std::array<char, 5000> line{};
  const std::span<char> room(line.data(), line.size() - 1);
  std::size_t size = append_bounded(room, 0, "penfield: ");
  size = append_bounded(room, size, path);
  size = append_bounded(
      room, size, ": the file became shorter while it was read; run again when nothing else writes to it");
  line[size++] = '\n';
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), size);
  ::_exit(1);
}

void on_sigbus(int, siginfo_t* info, void*) {
  const bool is_fault = info->si_code > 0;  // not sent by kill() or raise()
  if (is_fault) {
    const char* path = path_at(reinterpret_cast<std::uintptr_t>(info->si_addr));
    if (path != nullptr) report_and_exit(path);
  }
  // Not ours: the default action. The signal is blocked while this handler runs and delivered when it
  // returns.
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  ::sigaction(SIGBUS, &action, nullptr);
  ::raise(SIGBUS);
}

}  // namespace

struct MappedFile::Mapping {
  std::string path;
  void* address = nullptr;
  std::size_t size = 0;
  std::size_t skipped = 0;  // bytes before the range that was asked for, as a mapping begins at a page
  GuardedRange* range = nullptr;

  Mapping() = default;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (range != nullptr) release_range(*range);
    if (address != nullptr) ::munmap(address, size);
  }
};

Result<MappedFile> MappedFile::open(const std::string& path) {
  PENFIELD_TRY(const RegularFile file, open_regular_file(path));
  return map(path, file, 0, file.size_bytes);
}

Result<MappedFile> MappedFile::open_range(const std::string& path, std::uint64_t first,
                                          std::uint64_t n_bytes) {
  PENFIELD_TRY(const RegularFile file, open_regular_file(path));
  if (first > file.size_bytes || n_bytes > file.size_bytes - first) {
    return io_error("{}: is too short: {} bytes from {} on are to be read, but it has {}", path, n_bytes,
                    first, file.size_bytes);
  }
  return map(path, file, first, n_bytes);
}

Result<MappedFile> MappedFile::map(const std::string& path, const RegularFile& file, std::uint64_t first,
                                   std::uint64_t n_bytes) {
  auto mapping = std::make_unique<Mapping>();
  mapping->path = path;
  if (n_bytes == 0) return MappedFile(std::move(mapping));  // mmap refuses a length of 0
  if (n_bytes > std::numeric_limits<std::size_t>::max() / 2) {
    return io_error("{}: {} bytes are more than this machine can map", path, n_bytes);
  }
  mapping->skipped = static_cast<std::size_t>(first % static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
  const std::size_t size = static_cast<std::size_t>(n_bytes) + mapping->skipped;
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.fd.get(),
                         static_cast<off_t>(first - mapping->skipped));
  if (address == MAP_FAILED) return io_error("{}: cannot be mapped into memory: {}", path, error_text(errno));
  mapping->address = address;
  mapping->size = size;
  const auto begin = reinterpret_cast<std::uintptr_t>(address);
  mapping->range = guard_range(begin, begin + size, mapping->path.c_str());
  if (mapping->range == nullptr) {
    return io_error("{}: cannot be mapped: {} files are mapped already", path, kMaxMappings);
  }
  return MappedFile(std::move(mapping));
}

MappedFile::MappedFile(std::unique_ptr<Mapping> mapping) : mapping_(std::move(mapping)) {}
MappedFile::MappedFile(MappedFile&&) noexcept = default;
MappedFile& MappedFile::operator=(MappedFile&&) noexcept = default;
MappedFile::~MappedFile() = default;

void MappedFile::release_pages() const {
  if (mapping_->address != nullptr) ::madvise(mapping_->address, mapping_->size, MADV_DONTNEED);
}

std::span<const std::byte> MappedFile::bytes() const {
  return std::as_bytes(std::span(text()));
}

std::string_view MappedFile::text() const {
  if (mapping_->address == nullptr) return {};
  return {static_cast<const char*>(mapping_->address) + mapping_->skipped,
          mapping_->size - mapping_->skipped};
}

const std::string& MappedFile::path() const {
  return mapping_->path;
}

void MappedFile::forget(std::uint64_t first, std::uint64_t n) const {
  const std::uint64_t last = std::min<std::uint64_t>(first + n, mapping_->size);
  if (first >= last) return;
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t begin = first / page * page;
  // Advice: nothing is lost where it is not taken.
  ::madvise(static_cast<std::byte*>(mapping_->address) + begin, static_cast<std::size_t>(last - begin),
            MADV_DONTNEED);
}

void install_mapping_guard() {
  struct sigaction action {};
  action.sa_sigaction = on_sigbus;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGBUS, &action, nullptr);
}

}  // namespace penfield::formats
