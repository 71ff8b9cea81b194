// Threads of one process as the processes of a team.
#pragma once

#include <barrier>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "penfield/base/team.h"

namespace penfield {

// What the threads share. One exchange at a time: all write, all read, all have read.
struct TeamOfThreads {
  explicit TeamOfThreads(std::uint32_t n) : barrier(static_cast<std::ptrdiff_t>(n)), messages(n) {}
  std::barrier<> barrier;
  std::vector<Result<std::string>> messages;
};

class ThreadOfTeam final : public Team {
 public:
  ThreadOfTeam(TeamOfThreads& all, std::uint32_t index)
      : all_(all), share_{index, static_cast<std::uint32_t>(all.messages.size())} {}
  [[nodiscard]] Share share() const override { return share_; }
  [[nodiscard]] Result<std::vector<std::string>> exchange(Result<std::string> mine) const override {
    all_.messages[share_.index] = std::move(mine);
    all_.barrier.arrive_and_wait();
    std::vector<std::string> out;
    std::optional<Error> error;
    for (const Result<std::string>& message : all_.messages) {
      if (message) out.push_back(*message);
      if (!message && !error) error = message.error();
    }
    all_.barrier.arrive_and_wait();
    if (error) return tl::unexpected<Error>(*std::move(error));
    return out;
  }

 private:
  TeamOfThreads& all_;
  Share share_;
};

// Runs `work` in n threads, each with its team.
inline void run_team(std::uint32_t n, const std::function<void(const Team&)>& work) {
  TeamOfThreads all(n);
  std::vector<std::thread> threads;
  for (std::uint32_t i = 0; i < n; ++i) {
    threads.emplace_back([&all, &work, i] { work(ThreadOfTeam(all, i)); });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace penfield
