// One client, from its first byte to its last. All of it runs on the thread of input and output.
//
//   head ──> (body) ──> work ──> write ──> head …      or ──> drain ──> closed
//
// Each phase but work has a deadline. The head is collected here, up to a limit, before Beast parses it:
// Beast 1.74 counts its own limit anew with every piece it is given, so a head that comes line by line has no
// end for it. While work goes on the client is watched: when it hangs up, its job is dropped.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <unordered_set>

#include "penfield/server/gate.h"
#include "penfield/server/job_queue.h"
#include "penfield/server/server.h"

namespace penfield::server {

class Connection;

// What the connections of a server share.
struct Shared {
  boost::asio::io_context& io;
  const Limits& limits;
  const Gate& gate;
  const Handlers& handlers;
  JobQueue& jobs;
  std::unordered_set<std::shared_ptr<Connection>> connections;  // those that are open
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Tcp = boost::asio::ip::tcp;
  using ErrorCode = boost::system::error_code;

  Connection(Tcp::socket socket, Shared& shared);

  void start();
  // At once; the connection is then no longer among those of `shared`.
  void close();

 private:
  enum class Phase : std::uint8_t { kHead, kBody, kWork, kWrite, kDrain, kClosed };
  using Clock = std::chrono::steady_clock;

  void enter(Phase phase, std::chrono::milliseconds time);
  void on_deadline();

  void begin_request();
  void find_end_of_head();
  void on_head_bytes(const ErrorCode& error, std::size_t n_bytes);
  void take_head(std::size_t n_bytes);
  void read_body();
  void on_body(const ErrorCode& error);

  void answer_request();
  void queue_job();
  [[nodiscard]] bool may_stay() const;  // the connection, for another request
  void watch_client();

  void refuse(unsigned status, std::string why);  // and close: what else the client sends is not read
  void write(Answer answer, bool keep_open);
  void on_written(const ErrorCode& error);
  void drain();
  void log(unsigned status, std::size_t n_bytes) const;

  Tcp::socket socket_;
  Shared& shared_;
  boost::asio::steady_timer deadline_;
  Phase phase_ = Phase::kHead;
  bool is_late_ = false;  // the deadline of head or body has passed
  std::size_t n_requests_ = 0;

  boost::beast::flat_buffer buffer_;  // what was read and not yet used
  std::size_t n_searched_ = 0;        // of it, for the end of the head
  std::size_t n_drained_ = 0;
  std::array<char, 4096> scratch_{};  // of drain

  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  Clock::time_point asked_;
  Request request_;
  std::string page_token_;  // of the page that was shown when the request came
  std::stop_source gone_;

  std::shared_ptr<const std::string> body_;  // what response_ shows
  std::optional<boost::beast::http::response<boost::beast::http::span_body<const char>>> response_;
  bool keep_open_ = false;
};

}  // namespace penfield::server
