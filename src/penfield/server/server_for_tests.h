// For tests only: a server on a port of its own, and the requests that it would take.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "penfield/server/raw_client_for_tests.h"
#include "penfield/server/server.h"

namespace penfield::server {

// A server with a page of "<p>page</p>" whose worker says what it was asked. Times are short, so that a test
// that waits for one to pass does not take long; the machine may be slow, so none is so short that an honest
// client could miss it.
class ServerTest : public testing::Test {
 public:
  ~ServerTest() override { stop(); }

 protected:
  ServerTest() {
    limits_.head = std::chrono::milliseconds(700);
    limits_.body = std::chrono::milliseconds(700);
    limits_.idle = std::chrono::milliseconds(1500);
    limits_.write = std::chrono::seconds(2);
    limits_.drain = std::chrono::seconds(1);
  }

  void start() {
    server_.emplace(Server::open({.host = "127.0.0.1", .port = 0, .limits = limits_}).value());
    if (!handlers_.published) handlers_.published = [this] { return Published{token_, page_}; };
    if (!handlers_.answer) {
      handlers_.answer = [](const Request& request, const std::stop_token&) {
        return json_answer("{\"name\":" + json_string(request.name) +
                           ",\"body\":" + json_string(request.body) + "}");
      };
    }
    thread_ = std::thread([this] { server_->run(handlers_, stop_.get_token()); });
  }
  void stop() {
    stop_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

  [[nodiscard]] RawClient connect() const { return RawClient(server_->port()); }
  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(server_->port()); }
  [[nodiscard]] std::string get(const std::string& target, const std::string& fields = "") const {
    return "GET " + target + " HTTP/1.1\r\nHost: " + host() + "\r\n" + fields + "\r\n";
  }
  [[nodiscard]] std::string post_head(const std::string& target, const std::string& fields) const {
    return "POST " + target + " HTTP/1.1\r\nHost: " + host() +
           "\r\nContent-Type: application/json\r\nX-Penfield-Token: " + token_ + "\r\n" + fields + "\r\n";
  }
  [[nodiscard]] std::string post(const std::string& target, const std::string& body) const {
    return post_head(target, "Content-Length: " + std::to_string(body.size()) + "\r\n") + body;
  }
  // Sends the bytes on a connection of their own.
  [[nodiscard]] RawAnswer ask(const std::string& bytes) const {
    RawClient client = connect();
    client.send(bytes);
    return client.receive();
  }
  // The server still does what it is for.
  void expect_alive() const {
    const RawAnswer answer = ask(get("/"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "<p>page</p>");
  }
  // The bytes are refused with this status in a line of JSON, and the connection ends.
  void expect_refused(const std::string& bytes, int status) const {
    RawClient client = connect();
    client.send(bytes);
    const RawAnswer answer = client.receive();
    EXPECT_EQ(answer.status, status) << bytes.substr(0, 200) << answer.head << answer.body;
    EXPECT_THAT(answer.body, ::testing::AllOf(::testing::StartsWith("{\"error\": \""),
                                              ::testing::Not(::testing::HasSubstr("\n"))));
    EXPECT_THAT(answer.head, ::testing::HasSubstr("Connection: close"));
    EXPECT_TRUE(client.is_ended());
    expect_alive();
  }

  Limits limits_;
  Handlers handlers_;
  std::string token_ = std::string(64, 'a');
  std::shared_ptr<const std::string> page_ = std::make_shared<const std::string>("<p>page</p>");
  std::optional<Server> server_;
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace penfield::server
