#include "penfield/server/job_queue.h"

#include <utility>

namespace penfield::server {

bool JobQueue::push(Job job) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  if (jobs_.size() >= capacity_) {
    std::erase_if(jobs_, [](const Job& waiting) { return waiting.gone.stop_requested(); });
    if (jobs_.size() >= capacity_) return false;
  }
  jobs_.push_back(std::move(job));
  idle_stop_.request_stop();
  changed_.notify_one();
  return true;
}

void JobQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  jobs_.clear();
  idle_stop_.request_stop();
  changed_.notify_one();
}

JobQueue::Next JobQueue::next(bool has_idle_work, Job& job, std::stop_source& idle_stop) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (closed_) return Next::kClosed;
    if (!jobs_.empty()) {
      job = std::move(jobs_.front());
      jobs_.pop_front();
      return Next::kJob;
    }
    if (has_idle_work) {
      idle_stop_ = std::stop_source();
      idle_stop = idle_stop_;
      return Next::kIdle;
    }
    changed_.wait(lock);
  }
}

void JobQueue::run(const std::function<bool(const std::stop_token&)>& idle) {
  bool has_idle_work = static_cast<bool>(idle);
  for (;;) {
    Job job;
    std::stop_source idle_stop(std::nostopstate);
    switch (next(has_idle_work, job, idle_stop)) {
      case Next::kClosed:
        return;
      case Next::kJob:
        if (!job.gone.stop_requested()) job.run();
        has_idle_work = static_cast<bool>(idle);  // a job may have made new work
        break;
      case Next::kIdle:
        has_idle_work = idle(idle_stop.get_token());
        break;
    }
  }
}

}  // namespace penfield::server
