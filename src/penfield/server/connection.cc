#include "penfield/server/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <cerrno>
#include <utility>

#include "penfield/formats/message_text.h"

namespace penfield::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::string_view kEndOfHead = "\r\n\r\n";

std::string_view text_of(const beast::flat_buffer& buffer) {
  const asio::const_buffer bytes = buffer.data();
  return {static_cast<const char*>(bytes.data()), bytes.size()};
}

// Of every answer. The page brings its own Content-Security-Policy; what else there is runs nothing.
void set_protection(http::fields& fields, bool is_page) {
  fields.set(http::field::cache_control, "no-store");
  fields.set("X-Content-Type-Options", "nosniff");
  fields.set("X-Frame-Options", "DENY");
  fields.set("Referrer-Policy", "no-referrer");
  fields.set("Cross-Origin-Opener-Policy", "same-origin");
  fields.set("Cross-Origin-Resource-Policy", "same-origin");
  fields.set("Content-Security-Policy",
             is_page ? "frame-ancestors 'none'" : "default-src 'none'; frame-ancestors 'none'");
}

}  // namespace

Connection::Connection(Tcp::socket socket, Shared& shared)
    : socket_(std::move(socket)),
      shared_(shared),
      deadline_(shared.io),
      buffer_(shared.limits.head_bytes),
      asked_(Clock::now()) {}

void Connection::start() {
  ErrorCode ignored;
  socket_.set_option(Tcp::no_delay(true), ignored);
  begin_request();
}

void Connection::close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  gone_.request_stop();
  deadline_.cancel();
  ErrorCode ignored;
  socket_.close(ignored);
  shared_.connections.erase(shared_from_this());
}

// A phase that lasts `time` at most; zero: as long as it takes.
void Connection::enter(Phase phase, std::chrono::milliseconds time) {
  phase_ = phase;
  if (time == std::chrono::milliseconds::zero()) {
    deadline_.expires_at(Clock::time_point::max());
    return;
  }
  deadline_.expires_after(time);
  deadline_.async_wait([self = shared_from_this()](const ErrorCode& error) {
    // A timer that was set anew in the meantime may have been on its way here already.
    if (!error && self->deadline_.expiry() <= Clock::now()) self->on_deadline();
  });
}

void Connection::on_deadline() {
  const bool is_reading = phase_ == Phase::kHead || phase_ == Phase::kBody;
  const bool has_begun = phase_ == Phase::kBody || buffer_.size() > 0;
  if (!is_reading || !has_begun) return close();
  is_late_ = true;
  ErrorCode ignored;
  socket_.cancel(ignored);  // whoever reads sees is_late_
}

void Connection::begin_request() {
  is_late_ = false;
  n_searched_ = 0;
  request_ = {};
  gone_ = std::stop_source();
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(shared_.limits.head_bytes));
  parser_->body_limit(shared_.limits.body_bytes);
  const bool waits = n_requests_ > 0 && buffer_.size() == 0;
  enter(Phase::kHead, waits ? shared_.limits.idle : shared_.limits.head);
  find_end_of_head();
}

void Connection::find_end_of_head() {
  const std::string_view seen = text_of(buffer_);
  const std::size_t end = seen.find(kEndOfHead, n_searched_);
  if (end != std::string_view::npos) return take_head(end + kEndOfHead.size());
  if (seen.size() >= shared_.limits.head_bytes) return refuse(431, "the head of the request is too long");
  // No method begins otherwise: another protocol, which need not be waited for.
  if (!seen.empty() && (seen[0] < 'A' || seen[0] > 'Z')) return refuse(400, "this is not HTTP");
  n_searched_ = seen.size() - std::min(seen.size(), kEndOfHead.size() - 1);
  constexpr std::size_t kMostBytes = 4096;
  const std::size_t room = std::min(kMostBytes, shared_.limits.head_bytes - seen.size());
  socket_.async_read_some(buffer_.prepare(room),
                          [self = shared_from_this()](const ErrorCode& error, std::size_t n_bytes) {
                            self->on_head_bytes(error, n_bytes);
                          });
}

void Connection::on_head_bytes(const ErrorCode& error, std::size_t n_bytes) {
  if (phase_ == Phase::kClosed) return;
  const bool is_first = buffer_.size() == 0;
  buffer_.commit(n_bytes);
  if (is_late_) return refuse(408, "the head of the request did not come in time");
  if (error) return close();
  if (is_first && n_requests_ > 0) enter(Phase::kHead, shared_.limits.head);
  find_end_of_head();
}

void Connection::take_head(std::size_t n_bytes) {
  asked_ = Clock::now();
  ++n_requests_;
  ErrorCode error;
  parser_->put(asio::buffer(buffer_.data().data(), n_bytes), error);
  buffer_.consume(n_bytes);
  if (error == http::error::body_limit) return refuse(413, "the body of the request is too long");
  if (error || !parser_->is_header_done()) return refuse(400, "the head of the request is malformed");
  // A body in an encoding that nobody here reads must not be taken for the next request.
  const bool has_body = !parser_->is_done() || parser_->get().count(http::field::transfer_encoding) > 0;
  page_token_ = shared_.handlers.published().token;
  const auto passed = pass_gate(shared_.gate, parser_->get().base(), has_body, page_token_);
  if (!passed) {
    // An answer to a request that is all there leaves the connection as it is.
    if (has_body) return refuse(passed.error().status, passed.error().why);
    return write(error_answer(passed.error()), may_stay());
  }
  request_.endpoint = passed->endpoint;
  request_.name = passed->name;
  if (has_body) return read_body();
  answer_request();
}

void Connection::read_body() {
  enter(Phase::kBody, shared_.limits.body);
  const auto read = [self = shared_from_this()] {
    http::async_read(self->socket_, self->buffer_, *self->parser_,
                     [self](const ErrorCode& error, std::size_t) { self->on_body(error); });
  };
  if (!beast::iequals(parser_->get()[http::field::expect], "100-continue")) return read();
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(kContinue),
                    [self = shared_from_this(), read](const ErrorCode& error, std::size_t) {
                      if (error) return self->on_body(error);
                      read();
                    });
}

void Connection::on_body(const ErrorCode& error) {
  if (phase_ == Phase::kClosed) return;
  if (is_late_) return refuse(408, "the body of the request did not come in time");
  if (error) return close();
  request_.body = std::move(parser_->get().body());
  answer_request();
}

void Connection::answer_request() {
  if (request_.endpoint != Endpoint::kPage) return queue_job();
  write(
      {.status = 200, .content_type = "text/html; charset=utf-8", .body = shared_.handlers.published().page},
      may_stay());
}

bool Connection::may_stay() const {
  return parser_->get().keep_alive() && n_requests_ < shared_.limits.requests;
}

void Connection::queue_job() {
  enter(Phase::kWork, std::chrono::milliseconds::zero());
  // The job must not own the connection, whose place is on this thread alone. While it waited, another job
  // may have opened another result.
  const bool is_taken = shared_.jobs.push(
      {.gone = gone_.get_token(),
       .run = [request = std::move(request_), token = std::move(page_token_), gone = gone_.get_token(),
               weak = weak_from_this(), &io = shared_.io, &handlers = shared_.handlers] {
         const bool is_same_page = handlers.published().token == token;
         asio::post(io, [weak, answered = is_same_page ? handlers.answer(request, gone)
                                                       : error_answer(other_page())]() mutable {
           const auto self = weak.lock();
           if (self == nullptr || self->phase_ != Phase::kWork) return;
           ErrorCode ignored;
           self->socket_.cancel(ignored);  // ends the watch
           self->write(std::move(answered), self->may_stay());
         });
       }});
  if (!is_taken) return write(error_answer({503, "too many requests wait; try again"}), may_stay());
  watch_client();
}

// Bytes that are there already may be its next request; a connection that ends is the end of its interest.
void Connection::watch_client() {
  if (buffer_.size() > 0) return;
  socket_.async_wait(Tcp::socket::wait_read, [self = shared_from_this()](const ErrorCode& error) {
    if (error || self->phase_ != Phase::kWork) return;
    char byte = 0;
    const ssize_t n = ::recv(self->socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) self->close();
  });
}

void Connection::refuse(unsigned status, std::string why) {
  write(error_answer({status, std::move(why)}), false);
}

void Connection::write(Answer answer, bool keep_open) {
  enter(Phase::kWrite, shared_.limits.write);
  keep_open_ = keep_open;
  body_ = std::move(answer.body);
  const bool has_head = parser_->is_header_done();
  const bool is_head = has_head && parser_->get().method() == http::verb::head;
  auto& response = response_.emplace(http::int_to_status(answer.status), 11);
  response.set(http::field::content_type,
               beast::string_view(answer.content_type.data(), answer.content_type.size()));
  set_protection(response, answer.content_type.starts_with("text/html"));
  if (answer.status == 405) {
    const bool is_post = takes_post(find_route(parser_->get().target().to_string()).endpoint);
    response.set(http::field::allow, is_post ? "POST" : "GET, HEAD");
  }
  if (answer.status == 503) response.set(http::field::retry_after, "1");
  response.content_length(body_->size());
  response.keep_alive(keep_open);
  if (!is_head) response.body() = {body_->data(), body_->size()};
  log(answer.status, body_->size());
  http::async_write(socket_, response, [self = shared_from_this()](const ErrorCode& error, std::size_t) {
    self->on_written(error);
  });
}

void Connection::on_written(const ErrorCode& error) {
  if (phase_ == Phase::kClosed) return;
  response_.reset();
  body_.reset();
  if (error) return close();
  if (keep_open_) return begin_request();
  // Closing while bytes of the client are unread would throw away what it has not read of the answer.
  ErrorCode ignored;
  socket_.shutdown(Tcp::socket::shutdown_send, ignored);
  parser_.reset();
  enter(Phase::kDrain, shared_.limits.drain);
  drain();
}

void Connection::drain() {
  socket_.async_read_some(asio::buffer(scratch_),
                          [self = shared_from_this()](const ErrorCode& error, std::size_t n_bytes) {
                            if (self->phase_ == Phase::kClosed) return;
                            self->n_drained_ += n_bytes;
                            if (error || self->n_drained_ > self->shared_.limits.drained_bytes)
                              return self->close();
                            self->drain();
                          });
}

// "POST /api/v1/live 200 1234 B 12.3 ms"; what the client sent is made printable.
void Connection::log(unsigned status, std::size_t n_bytes) const {
  if (!shared_.handlers.log) return;
  std::string asked = "-";
  if (parser_->is_header_done()) {
    const auto& head = parser_->get();
    asked = formats::message_text(head.method_string().to_string()) + " " +
            formats::message_text(head.target().to_string());
  }
  const std::chrono::duration<double, std::milli> time = Clock::now() - asked_;
  shared_.handlers.log(fmt::format("{} {} {} B {:.1f} ms", asked, status, n_bytes, time.count()));
}

}  // namespace penfield::server
