// For tests and measurements only: many clients at once, some of them in no hurry.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "penfield/server/raw_client_for_tests.h"

namespace penfield::server {

struct LoadPlan {
  std::uint16_t port = 0;
  std::vector<std::string> requests;  // whole, asked in turn by every client, each from another place on
  std::size_t n_clients = 64;         // each asks again as soon as it has its answer
  std::size_t n_slow = 200;           // each sends a head a byte at a time, and begins anew when it is let go
  double seconds = 2;
};

struct LoadResult {
  std::size_t n_answers = 0;
  std::size_t n_errors = 0;          // an answer of another status than 200, or none
  std::vector<double> milliseconds;  // of every answer, sorted
  std::size_t n_slow_connected = 0;  // at the end

  [[nodiscard]] double quantile(double share) const {
    if (milliseconds.empty()) return 0;
    return milliseconds[static_cast<std::size_t>(share * static_cast<double>(milliseconds.size() - 1))];
  }
};

namespace internal {

inline void ask_in_turn(const LoadPlan& plan, std::size_t client_index,
                        std::chrono::steady_clock::time_point until, LoadResult& out) {
  using Clock = std::chrono::steady_clock;
  RawClient* client = nullptr;
  std::vector<RawClient> connection;  // one, or none
  for (std::size_t i = client_index; Clock::now() < until; ++i) {
    if (connection.empty()) connection.emplace_back(plan.port);
    client = &connection.back();
    const auto start = Clock::now();
    client->send(plan.requests[i % plan.requests.size()]);
    const RawAnswer answer = client->receive();
    const std::chrono::duration<double, std::milli> time = Clock::now() - start;
    ++out.n_answers;
    out.n_errors += answer.status == 200 ? 0 : 1;
    out.milliseconds.push_back(time.count());
    if (answer.status == 0 || answer.has("Connection: close")) connection.clear();
  }
}

// Keeps its clients at it, a byte of each every 0.2 s.
inline void dawdle(const LoadPlan& plan, std::chrono::steady_clock::time_point until,
                   std::size_t& n_connected) {
  std::vector<RawClient> clients;
  while (std::chrono::steady_clock::now() < until) {
    std::vector<RawClient> kept;
    for (RawClient& client : clients) {
      if (client.send("G") && !client.is_ended(0)) kept.push_back(std::move(client));
    }
    while (kept.size() < plan.n_slow) kept.emplace_back(plan.port);
    clients = std::move(kept);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  n_connected = static_cast<std::size_t>(std::ranges::count_if(clients, &RawClient::is_connected));
}

}  // namespace internal

inline LoadResult run_load(const LoadPlan& plan) {
  const auto until = std::chrono::steady_clock::now() +
                     std::chrono::milliseconds(static_cast<std::int64_t>(plan.seconds * 1000));
  LoadResult out;
  std::vector<LoadResult> of_client(plan.n_clients);
  std::vector<std::thread> threads;
  threads.emplace_back([&] { internal::dawdle(plan, until, out.n_slow_connected); });
  for (std::size_t i = 0; i < plan.n_clients; ++i)
    threads.emplace_back([&, i] { internal::ask_in_turn(plan, i, until, of_client[i]); });
  for (std::thread& thread : threads) thread.join();
  for (const LoadResult& one : of_client) {
    out.n_answers += one.n_answers;
    out.n_errors += one.n_errors;
    out.milliseconds.insert(out.milliseconds.end(), one.milliseconds.begin(), one.milliseconds.end());
  }
  std::ranges::sort(out.milliseconds);
  return out;
}

}  // namespace penfield::server
