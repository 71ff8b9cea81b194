#include "penfield/hub/download.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <system_error>
#include <thread>

namespace penfield::hub {
namespace {

constexpr std::size_t kMostAtOnce = 4;
constexpr std::chrono::milliseconds kBetweenSteps(100);

// Files of the same contents are one blob, fetched once.
struct Blob {
  RemoteFile file;
  std::vector<std::string> paths;
  std::atomic<std::uint64_t> n_done = 0;
};

std::deque<Blob> blobs_of(const std::vector<RemoteFile>& files) {
  std::vector<const RemoteFile*> by_size;
  by_size.reserve(files.size());
  for (const RemoteFile& file : files) by_size.push_back(&file);
  std::stable_sort(by_size.begin(), by_size.end(),
                   [](const RemoteFile* a, const RemoteFile* b) { return a->n_bytes > b->n_bytes; });
  std::deque<Blob> blobs;
  std::map<std::string, Blob*> by_etag;
  for (const RemoteFile* const file : by_size) {
    Blob*& blob = by_etag[file->etag];
    if (blob == nullptr) {
      blob = &blobs.emplace_back();
      blob->file = *file;
    }
    blob->paths.push_back(file->path);
  }
  return blobs;
}

class Downloads {
 public:
  Downloads(const HttpClient& client, std::deque<Blob> blobs, const RepositoryCache& cache,
            const std::string& commit, Existing existing)
      : client_(client), blobs_(std::move(blobs)), cache_(cache), commit_(commit), existing_(existing) {}

  Result<void> run(const Watch& watch, const Note& note) {
    std::vector<std::jthread> workers;
    n_working_ = std::min(kMostAtOnce, blobs_.size());
    for (std::size_t i = n_working_; i > 0; --i) workers.emplace_back([this] { work(); });
    Result<void> watched = follow(watch, note);
    if (!watched) stop_.request_stop();
    workers.clear();  // joins
    if (!watched) return watched;
    if (failure_) return tl::unexpected(*std::move(failure_));
    return {};
  }

 private:
  void work() {
    HttpClient client = client_.another();
    const Waiting waiting{.keep_on = [this]() -> Result<void> {
                            if (!stop_.stop_requested()) return {};
                            return fail(ErrorKind::kInterrupted, "stopped");
                          },
                          .note =
                              [this](std::string line) {
                                const std::scoped_lock lock(mutex_);
                                notes_.push_back(std::move(line));
                              }};
    for (std::size_t i = next_++; i < blobs_.size() && !stop_.stop_requested(); i = next_++) {
      if (auto result = bring(client, blobs_[i], waiting); !result) {
        const std::scoped_lock lock(mutex_);
        if (!failure_ && !stop_.stop_requested()) failure_ = std::move(result).error();
        stop_.request_stop();
      }
    }
    const std::scoped_lock lock(mutex_);
    --n_working_;
    changed_.notify_all();
  }

  Result<void> bring(HttpClient& client, Blob& blob, const Waiting& waiting) {
    PENFIELD_TRY_VOID(transfer_blob(client, blob.file, cache_, existing_, waiting, blob.n_done));
    for (const std::string& path : blob.paths) PENFIELD_TRY_VOID(cache_.link(commit_, path, blob.file.etag));
    return {};
  }

  // Until the last worker is done.
  Result<void> follow(const Watch& watch, const Note& note) {
    std::uint64_t total = 0;
    for (const Blob& blob : blobs_) total += blob.file.n_bytes;
    for (bool is_over = false; !is_over;) {
      std::vector<std::string> notes;
      {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, kBetweenSteps, [this] { return n_working_ == 0; });
        is_over = n_working_ == 0;
        notes.swap(notes_);
      }
      if (note) std::for_each(notes.begin(), notes.end(), note);
      std::uint64_t n_done = 0;
      for (const Blob& blob : blobs_) n_done += blob.n_done;
      PENFIELD_TRY_VOID(watch.step("download", n_done, total, "bytes"));
    }
    return {};
  }

  const HttpClient& client_;
  std::deque<Blob> blobs_;
  const RepositoryCache& cache_;
  const std::string& commit_;
  Existing existing_;
  std::atomic<std::size_t> next_ = 0;
  std::stop_source stop_;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::size_t n_working_ = 0;
  std::optional<Error> failure_;
  std::vector<std::string> notes_;
};

std::uint64_t size_of(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

}  // namespace

Result<void> download_files(const HttpClient& client, const std::vector<RemoteFile>& files,
                            const RepositoryCache& cache, const std::string& commit, Existing existing,
                            const Watch& watch, const Note& note) {
  PENFIELD_TRY_VOID(cache.prepare());
  return Downloads(client, blobs_of(files), cache, commit, existing).run(watch, note);
}

std::uint64_t missing_bytes(const std::vector<RemoteFile>& files, const RepositoryCache& cache) {
  std::uint64_t missing = 0;
  std::set<std::string> seen;
  for (const RemoteFile& file : files) {
    if (!seen.insert(file.etag).second || size_of(cache.blob(file.etag)) == file.n_bytes) continue;
    missing += file.n_bytes - std::min(file.n_bytes, size_of(cache.partial_blob(file.etag)));
  }
  return missing;
}

}  // namespace penfield::hub
