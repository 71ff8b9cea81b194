// A library for LD_PRELOAD: one call of the C library fails once, as a full disk or a lack of memory makes
// it.
//
//   PENFIELD_FAIL_ONCE=write:17:28     the 17th call of write after main began fails with errno 28
//   PENFIELD_FAIL_ONCE=write:17:0      instead of the call, SIGKILL ends the program
//   PENFIELD_COUNT_CALLS=FILE          at the end: how often each function was called, a line each
//
// Standard error is left alone: what the program says about a failure must be readable.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
}

namespace {

// In the order in which the test names them.
enum Call {
  kOpen,
  kRead,
  kWrite,
  kFsync,
  kRename,
  kMmap,
  kReserve,
  kClose,
  kStat,
  kFolder,
  kUnlink,
  kThread,
  kMalloc,
  kCalls
};
constexpr std::array<const char*, kCalls> kNames = {"open",   "read",    "write", "fsync", "rename",
                                                    "mmap",   "reserve", "close", "stat",  "folder",
                                                    "unlink", "thread",  "malloc"};

std::array<std::atomic<long>, kCalls> n_calls{};
std::atomic<bool> counts = false;
Call failing = kCalls;
long failing_at = 0;
int failing_with = 0;

// Whether this call is the one; errno is then set.
bool fails(Call call) {
  if (!counts.load(std::memory_order_relaxed)) return false;
  const long n = 1 + n_calls[call].fetch_add(1, std::memory_order_relaxed);
  if (call != failing || n != failing_at) return false;
  if (failing_with == 0) kill(getpid(), SIGKILL);
  errno = failing_with;
  return true;
}

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

void begin() {
  if (const char* const what = std::getenv("PENFIELD_FAIL_ONCE")) {
    char name[16] = {};
    if (std::sscanf(what, "%15[a-z]:%ld:%d", name, &failing_at, &failing_with) != 3) std::abort();
    int call = 0;
    while (call < kCalls && std::strcmp(kNames[call], name) != 0) ++call;
    if (call == kCalls) std::abort();
    failing = static_cast<Call>(call);
  }
  counts = true;
}

void end() {
  counts = false;
  const char* const path = std::getenv("PENFIELD_COUNT_CALLS");
  if (path == nullptr) return;
  FILE* const out = std::fopen(path, "w");
  if (out == nullptr) std::abort();
  for (int call = 0; call < kCalls; ++call) std::fprintf(out, "%s %ld\n", kNames[call], n_calls[call].load());
  std::fclose(out);
}

using Main = int (*)(int, char**, char**);
Main real_main = nullptr;

int counted_main(int argc, char** argv, char** environment) {
  begin();
  const int code = real_main(argc, argv, environment);
  end();
  return code;
}

mode_t mode_of(int flags, va_list& arguments) {
  return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(arguments, int)) : 0;
}

}  // namespace

#define PENFIELD_REAL(name) static const auto kReal = real<decltype(&name)>(#name)
#define PENFIELD_OPEN(name)                              \
  int name(const char* path, int flags, ...) {           \
    PENFIELD_REAL(name);                                 \
    va_list arguments;                                   \
    va_start(arguments, flags);                          \
    const mode_t mode = mode_of(flags, arguments);       \
    va_end(arguments);                                   \
    return fails(kOpen) ? -1 : kReal(path, flags, mode); \
  }
#define PENFIELD_CALL(call, result, failure, name, parameters, ...) \
  result name parameters {                                          \
    PENFIELD_REAL(name);                                            \
    return fails(call) ? failure : kReal(__VA_ARGS__);              \
  }

extern "C" {

int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(), void (*rtld_fini)(),
                      void* stack) {
  real_main = main;
  return real<int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*)>("__libc_start_main")(
      counted_main, argc, argv, init, fini, rtld_fini, stack);
}

PENFIELD_OPEN(open)
PENFIELD_OPEN(open64)
PENFIELD_CALL(kRead, ssize_t, -1, read, (int fd, void* bytes, size_t n), fd, bytes, n)
PENFIELD_CALL(kRead, ssize_t, -1, pread64, (int fd, void* bytes, size_t n, off64_t at), fd, bytes, n, at)
PENFIELD_CALL(kWrite, ssize_t, -1, pwrite, (int fd, const void* bytes, size_t n, off_t at), fd, bytes, n, at)
PENFIELD_CALL(kWrite, ssize_t, -1, pwrite64, (int fd, const void* bytes, size_t n, off64_t at), fd, bytes, n,
              at)
ssize_t write(int fd, const void* bytes, size_t n) {
  PENFIELD_REAL(write);
  return fd != STDERR_FILENO && fails(kWrite) ? -1 : kReal(fd, bytes, n);
}
PENFIELD_CALL(kFsync, int, -1, fsync, (int fd), fd)
PENFIELD_CALL(kFsync, int, -1, fdatasync, (int fd), fd)
PENFIELD_CALL(kRename, int, -1, rename, (const char* from, const char* to), from, to)
PENFIELD_CALL(kMmap, void*, MAP_FAILED, mmap,
              (void* at, size_t n, int protection, int flags, int fd, off_t from), at, n, protection, flags,
              fd, from)
PENFIELD_CALL(kMmap, void*, MAP_FAILED, mmap64,
              (void* at, size_t n, int protection, int flags, int fd, off64_t from), at, n, protection, flags,
              fd, from)
PENFIELD_CALL(kReserve, int, -1, fallocate, (int fd, int mode, off_t from, off_t n), fd, mode, from, n)
PENFIELD_CALL(kReserve, int, -1, fallocate64, (int fd, int mode, off64_t from, off64_t n), fd, mode, from, n)
PENFIELD_CALL(kReserve, int, -1, ftruncate, (int fd, off_t n), fd, n)
PENFIELD_CALL(kReserve, int, -1, ftruncate64, (int fd, off64_t n), fd, n)
int close(int fd) {  // fails as Linux lets it: the descriptor is closed
  PENFIELD_REAL(close);
  const bool is_failing = fails(kClose);
  const int result = kReal(fd);
  if (is_failing) errno = failing_with;
  return is_failing ? -1 : result;
}
PENFIELD_CALL(kStat, int, -1, stat, (const char* path, struct stat* to), path, to)
PENFIELD_CALL(kStat, int, -1, stat64, (const char* path, struct stat64* to), path, to)
PENFIELD_CALL(kStat, int, -1, lstat, (const char* path, struct stat* to), path, to)
PENFIELD_CALL(kStat, int, -1, lstat64, (const char* path, struct stat64* to), path, to)
PENFIELD_CALL(kStat, int, -1, fstat, (int fd, struct stat* to), fd, to)
PENFIELD_CALL(kStat, int, -1, fstat64, (int fd, struct stat64* to), fd, to)
PENFIELD_CALL(kFolder, int, -1, mkdir, (const char* path, mode_t mode), path, mode)
PENFIELD_CALL(kFolder, DIR*, nullptr, opendir, (const char* path), path)
PENFIELD_CALL(kFolder, DIR*, nullptr, fdopendir, (int fd), fd)
PENFIELD_CALL(kFolder, dirent*, nullptr, readdir, (DIR * folder), folder)
PENFIELD_CALL(kFolder, dirent64*, nullptr, readdir64, (DIR * folder), folder)
PENFIELD_CALL(kUnlink, int, -1, unlink, (const char* path), path)
PENFIELD_CALL(kUnlink, int, -1, unlinkat, (int folder, const char* path, int flags), folder, path, flags)
PENFIELD_CALL(kUnlink, int, -1, rmdir, (const char* path), path)
PENFIELD_CALL(kUnlink, int, -1, remove, (const char* path), path)
int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*), void* with) {
  PENFIELD_REAL(pthread_create);
  return fails(kThread) ? failing_with : kReal(thread, attributes, run, with);
}

void* malloc(size_t n) {
  return fails(kMalloc) ? nullptr : __libc_malloc(n);
}
void* calloc(size_t n, size_t size) {
  return fails(kMalloc) ? nullptr : __libc_calloc(n, size);
}
void* realloc(void* at, size_t n) {
  return fails(kMalloc) ? nullptr : __libc_realloc(at, n);
}
void* aligned_alloc(size_t alignment, size_t n) {
  return fails(kMalloc) ? nullptr : __libc_memalign(alignment, n);
}
int posix_memalign(void** to, size_t alignment, size_t n) {
  if (fails(kMalloc)) return ENOMEM;
  *to = __libc_memalign(alignment, n);
  return *to == nullptr ? ENOMEM : 0;
}

}  // extern "C"
