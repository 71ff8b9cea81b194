// Work that waits for the one thread that runs the model, in the order in which it came.
//
// One thread: a forward pass takes all processors by itself, so a second one beside it would make both later.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>

namespace penfield::server {

struct Job {
  std::stop_token gone;       // requested: whoever asked does not wait any more, so the job is dropped
  std::function<void()> run;  // does not throw
};

class JobQueue {
 public:
  explicit JobQueue(std::size_t capacity) : capacity_(capacity) {}

  // Any thread. False: as many wait as may, or the queue is closed.
  [[nodiscard]] bool push(Job job);
  // Any thread: no job begins after this, and run() returns.
  void close();

  // The calling thread works until the queue is closed. While nothing waits it calls `idle`, as long as that
  // gives true (there is more to do); its token is requested when a job comes.
  void run(const std::function<bool(const std::stop_token&)>& idle);

 private:
  enum class Next { kJob, kIdle, kClosed };
  Next next(bool has_idle_work, Job& job, std::stop_source& idle_stop);

  std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::stop_source idle_stop_;  // of the idle work under way
  bool closed_ = false;
};

}  // namespace penfield::server
