// Clients that are slow, silent, gone or too many, and a server that stops.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "penfield/server/server_for_tests.h"

namespace penfield::server {
namespace {

using namespace std::chrono_literals;
using ::testing::AnyOf;
using ::testing::HasSubstr;

// A worker that waits until it is let go, and counts.
struct Gatekeeper {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_open = false;
  int n_begun = 0, n_gone = 0;

  Answer work(const std::stop_token& gone) {
    std::unique_lock lock(mutex);
    ++n_begun;
    changed.notify_all();
    const std::stop_callback wake(gone, [this] { changed.notify_all(); });
    while (!is_open && !gone.stop_requested()) changed.wait_for(lock, 10ms);
    n_gone += gone.stop_requested() ? 1 : 0;
    changed.notify_all();
    return json_answer("{}");
  }
  void open() {
    const std::lock_guard lock(mutex);
    is_open = true;
    changed.notify_all();
  }
  template <class Condition>
  bool wait(Condition condition) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 20s, condition);
  }
};

TEST_F(ServerTest, AHeadThatDoesNotComeInTimeIsRefused) {
  start();
  expect_refused("GET / HTTP/1.1\r\nHost: ", 408);
  expect_refused("G", 408);
}

TEST_F(ServerTest, AHeadThatComesDropByDropIsRefused) {
  start();
  RawClient client = connect();
  const auto begin = std::chrono::steady_clock::now();
  const std::string request = get("/", "X: " + std::string(500, 'a') + "\r\n");
  for (const char c : request) {
    if (!client.send({&c, 1})) break;
    std::this_thread::sleep_for(5ms);
    if (std::chrono::steady_clock::now() - begin > 1500ms) break;
  }
  EXPECT_EQ(client.receive().status, 408);
}

TEST_F(ServerTest, ABodyThatDoesNotComeInTimeIsRefused) {
  start();
  expect_refused(post_head("/api/v1/live", "Content-Length: 100\r\n") + "{\"text\"", 408);
  RawClient client = connect();
  client.send(post_head("/api/v1/live", "Content-Length: 100\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(client.receive().status, 100);
  EXPECT_EQ(client.receive().status, 408);
}

TEST_F(ServerTest, WhoSaysNothingIsLetGoWithoutAWord) {
  start();
  RawClient never = connect();
  EXPECT_TRUE(never.is_ended());
  RawClient again = connect();
  again.send(get("/"));
  EXPECT_EQ(again.receive().status, 200);
  EXPECT_TRUE(again.is_ended());
}

TEST_F(ServerTest, WhoDoesNotReadIsLetGo) {
  page_ = std::make_shared<const std::string>(40'000'000, 'p');
  start();
  RawClient client = connect();
  client.send(get("/"));
  std::this_thread::sleep_for(limits_.write + 500ms);
  const RawAnswer answer = client.receive(true, 5);
  EXPECT_EQ(answer.status, 0) << "the connection ended before the page had";
}

TEST_F(ServerTest, BeyondTheMostConnectionsOthersAreTurnedAwayUntilOneEnds) {
  limits_.connections = 4;
  limits_.head = 20s;
  start();
  std::vector<RawClient> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(connect());
    clients.back().send(get("/nowhere"));
    EXPECT_EQ(clients.back().receive().status, 404);
  }
  RawClient turned_away = connect();
  EXPECT_THAT(turned_away.receive().status, AnyOf(503, 0));
  EXPECT_TRUE(turned_away.is_ended());
  clients.front().close();
  for (int tries = 0; tries < 200; ++tries) {
    if (ask(get("/")).status == 200) return;
    std::this_thread::sleep_for(10ms);
  }
  ADD_FAILURE() << "the place of the one that left is not given to another";
}

TEST_F(ServerTest, WhileTheWorkerWorksThePageIsStillServed) {
  Gatekeeper keeper;
  handlers_.answer = [&](const Request&, const std::stop_token& gone) { return keeper.work(gone); };
  start();
  RawClient waiting = connect();
  waiting.send(get("/api/v1/folders"));
  EXPECT_TRUE(keeper.wait([&] { return keeper.n_begun == 1; }));
  expect_alive();
  keeper.open();
  EXPECT_EQ(waiting.receive().status, 200);
}

TEST_F(ServerTest, WhoAskedOfAResultIsNotAnsweredFromAnother) {
  Gatekeeper keeper;
  std::atomic<bool> is_other = false;
  handlers_.published = [&] { return Published{is_other ? std::string(64, 'b') : token_, page_}; };
  handlers_.answer = [&](const Request& request, const std::stop_token& gone) {
    Answer answer = keeper.work(gone);
    if (request.endpoint == Endpoint::kOpen) is_other = true;
    return answer;
  };
  start();
  RawClient opening = connect(), asking = connect();
  opening.send(post("/api/v1/open", "{}"));
  EXPECT_TRUE(keeper.wait([&] { return keeper.n_begun == 1; }));
  asking.send(get("/api/v1/units/L0.1", "X-Penfield-Token: " + token_ + "\r\n"));
  expect_alive();  // which came later on the same thread, so the other request waits for the worker by now
  keeper.open();
  EXPECT_EQ(opening.receive().status, 200);
  const RawAnswer answer = asking.receive();
  EXPECT_EQ(answer.status, 403);
  EXPECT_THAT(answer.body, HasSubstr("load it again"));
  EXPECT_EQ(keeper.n_begun, 1);
}

TEST_F(ServerTest, TheWorkOfAClientThatHasGoneIsDropped) {
  Gatekeeper keeper;
  handlers_.answer = [&](const Request&, const std::stop_token& gone) { return keeper.work(gone); };
  start();
  RawClient running = connect(), queued = connect(), staying = connect();
  running.send(get("/api/v1/units/L0.1"));
  EXPECT_TRUE(keeper.wait([&] { return keeper.n_begun == 1; }));
  queued.send(get("/api/v1/units/L0.2"));
  std::this_thread::sleep_for(100ms);
  staying.send(get("/api/v1/units/L0.3"));
  std::this_thread::sleep_for(100ms);
  queued.close();
  std::this_thread::sleep_for(100ms);
  running.close();
  EXPECT_TRUE(keeper.wait([&] { return keeper.n_gone == 1; })) << "the one under way is told to stop";
  EXPECT_TRUE(keeper.wait([&] { return keeper.n_begun == 2; })) << "the next is not the one that has gone";
  keeper.open();
  EXPECT_EQ(staying.receive().status, 200);
  EXPECT_EQ(keeper.n_begun, 2);
}

TEST_F(ServerTest, MoreWorkThanMayWaitIsRefusedAndComesAgain) {
  limits_.waiting_jobs = 2;
  Gatekeeper keeper;
  handlers_.answer = [&](const Request&, const std::stop_token& gone) { return keeper.work(gone); };
  start();
  RawClient running = connect();
  running.send(get("/api/v1/folders"));
  EXPECT_TRUE(keeper.wait([&] { return keeper.n_begun == 1; }));
  std::vector<RawClient> waiting;
  for (int i = 0; i < 2; ++i) {
    waiting.push_back(connect());
    waiting.back().send(get("/api/v1/folders"));
    std::this_thread::sleep_for(100ms);
  }
  RawClient refused = connect();
  refused.send(get("/api/v1/folders"));
  const RawAnswer answer = refused.receive();
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(answer.has("Retry-After: 1\r\n"));
  keeper.open();
  EXPECT_EQ(running.receive().status, 200);
  for (RawClient& client : waiting) EXPECT_EQ(client.receive().status, 200);
  refused.send(get("/api/v1/folders"));
  EXPECT_EQ(refused.receive().status, 200);
}

TEST_F(ServerTest, StoppingEndsEveryConnectionAndTheWorkUnderWay) {
  Gatekeeper keeper;
  handlers_.answer = [&](const Request&, const std::stop_token& gone) { return keeper.work(gone); };
  limits_.head = limits_.idle = 100s;
  start();
  RawClient silent = connect(), half = connect(), working = connect();
  half.send("GET / HT");
  working.send(get("/api/v1/folders"));
  EXPECT_TRUE(keeper.wait([&] { return keeper.n_begun == 1; }));
  stop();
  EXPECT_TRUE(silent.is_ended() && half.is_ended() && working.is_ended());
  EXPECT_FALSE(connect().is_connected());
}

TEST_F(ServerTest, WorkAheadIsDoneWhileNobodyAsksAndStopsWhenSomebodyDoes) {
  std::atomic<int> n_steps = 0, n_stopped = 0;
  handlers_.idle = [&](const std::stop_token& stop) {
    ++n_steps;
    for (int i = 0; i < 2000 && !stop.stop_requested(); ++i) std::this_thread::sleep_for(1ms);
    n_stopped += stop.stop_requested() ? 1 : 0;
    return n_steps < 3;
  };
  start();
  for (int i = 0; i < 2000 && n_steps == 0; ++i) std::this_thread::sleep_for(10ms);
  EXPECT_EQ(ask(get("/api/v1/folders")).status, 200);
  EXPECT_EQ(n_stopped, 1);
  stop();  // the handler counts in this function's variables
}

}  // namespace
}  // namespace penfield::server
