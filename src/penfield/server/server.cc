#include "penfield/server/server.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "penfield/server/connection.h"

namespace penfield::server {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

// Sent as it stands to a client that finds all places taken.
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 34\r\n"
    "Retry-After: 1\r\nConnection: close\r\n\r\n{\"error\": \"too many connections\"}\n";

}  // namespace

class Server::Listener {
 public:
  Listener(Limits limits, Tcp::endpoint endpoint)
      : limits_(limits), endpoint_(std::move(endpoint)), acceptor_(io_), retry_(io_) {}

  Result<void> listen() {
    ErrorCode error;
    acceptor_.open(endpoint_.protocol(), error);
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint_, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) endpoint_ = acceptor_.local_endpoint(error);
    if (error) {
      return io_error("{}:{}: cannot listen there: {}; choose another --port, or omit it for a free one",
                      endpoint_.address().to_string(), endpoint_.port(), error.message());
    }
    gate_.hosts = own_names(address(), is_loopback(), endpoint_.port());
    return {};
  }

  [[nodiscard]] const Tcp::endpoint& endpoint() const { return endpoint_; }
  [[nodiscard]] bool is_loopback() const { return endpoint_.address().is_loopback(); }
  // As a URL has it.
  [[nodiscard]] std::string address() const {
    const std::string digits = endpoint_.address().to_string();
    return endpoint_.address().is_v6() ? "[" + digits + "]" : digits;
  }

  void run(const Handlers& handlers, const std::stop_token& stop) {
    JobQueue jobs(limits_.waiting_jobs);
    Shared shared{
        .io = io_, .limits = limits_, .gate = gate_, .handlers = handlers, .jobs = jobs, .connections = {}};
    accept(shared);
    std::thread input_output([this] { run_io(); });
    {
      const std::stop_callback on_stop(stop, [&] {
        asio::post(io_, [&] { stop_listening(shared); });
        jobs.close();
      });
      jobs.run(handlers.idle);
    }
    input_output.join();
  }

 private:
  // A connection for which there is no memory ends; the rest goes on.
  void run_io() {
    for (;;) {
      try {
        io_.run();
        return;
      } catch (const std::bad_alloc&) {
        continue;
      }
    }
  }

  void accept(Shared& shared) {
    acceptor_.async_accept([this, &shared](const ErrorCode& error, Tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) return accept_later(shared);
      take(std::move(socket), shared);
      accept(shared);
    });
  }

  // Out of descriptors, most likely: some connection will end.
  void accept_later(Shared& shared) {
    retry_.expires_after(std::chrono::milliseconds(100));
    retry_.async_wait([this, &shared](const ErrorCode& error) {
      if (!error && acceptor_.is_open()) accept(shared);
    });
  }

  void take(Tcp::socket socket, Shared& shared) {
    ErrorCode ignored;
    if (shared.connections.size() >= limits_.connections) {
      socket.non_blocking(true, ignored);  // a new socket has room for so few bytes
      socket.write_some(asio::buffer(kFull), ignored);
      socket.shutdown(Tcp::socket::shutdown_both, ignored);
      return;
    }
    const auto connection = std::make_shared<Connection>(std::move(socket), shared);
    shared.connections.insert(connection);
    connection->start();
  }

  void stop_listening(Shared& shared) {
    ErrorCode ignored;
    acceptor_.close(ignored);
    retry_.cancel();
    const std::vector<std::shared_ptr<Connection>> open(shared.connections.begin(), shared.connections.end());
    for (const auto& connection : open) connection->close();
  }

  Limits limits_;
  Tcp::endpoint endpoint_;
  asio::io_context io_{1};  // run by one thread
  Tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  Gate gate_;
};

Server::Server(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;
Server::~Server() = default;

Result<Server> Server::open(const ServerOptions& options) {
  ErrorCode error;
  const std::string host = options.host == "localhost" ? "127.0.0.1" : options.host;
  const asio::ip::address address = asio::ip::make_address(host, error);
  if (error) {
    return usage_error("--host {}: is not an address in digits, nor localhost; the default is 127.0.0.1",
                       options.host);
  }
  if (address.is_unspecified() || address.is_multicast()) {
    return usage_error("--host {}: is not the address of one interface; give that, or leave it out",
                       options.host);
  }
  try {
    auto listener = std::make_unique<Listener>(options.limits, Tcp::endpoint(address, options.port));
    PENFIELD_TRY_VOID(listener->listen());
    return Server(std::move(listener));
  } catch (
      const boost::system::system_error& no_descriptors) {  // thrown by the constructor of io_context alone
    return io_error("cannot serve: {}", no_descriptors.what());
  }
}

std::string Server::url() const {
  return fmt::format("http://{}:{}/", listener_->address(), port());
}
bool Server::is_loopback() const {
  return listener_->is_loopback();
}
std::uint16_t Server::port() const {
  return listener_->endpoint().port();
}

void Server::run(const Handlers& handlers, const std::stop_token& stop) {
  listener_->run(handlers, stop);
}

}  // namespace penfield::server
