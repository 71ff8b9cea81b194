// HTTP/1.1 on the loopback interface, for one user's browser, among whatever else can reach that interface.
//
// Two threads. One does all input and output, asynchronously (Boost.Asio), and never waits for anything else,
// so clients that are slow, idle or hostile cost a connection and nothing more. The other, the caller's own,
// does the work that takes time, one request after the other (job_queue.h). The page is answered by the
// first.
//
// Messages are parsed and written by Boost.Beast; who is let in is decided in gate.h, what there is in
// routes.h, how much of it in limits.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/server/answer.h"
#include "penfield/server/limits.h"
#include "penfield/server/routes.h"

namespace penfield::server {

// The page as it is now.
struct Published {
  std::string token;                        // that its requests carry
  std::shared_ptr<const std::string> page;  // HTML
};

struct Handlers {
  // Any thread, at once.
  std::function<Published()> published;
  // The thread that called run(). gone: whoever asked does not wait any more, or the server stops.
  std::function<Answer(const Request& request, const std::stop_token& gone)> answer;
  // The same thread, while nobody asks: does some work ahead, and says whether there is more. May be empty.
  std::function<bool(const std::stop_token& stop)> idle;
  // The thread of input and output: a line for every request, printable whatever was asked. May be empty.
  std::function<void(std::string_view line)> log;
};

struct ServerOptions {
  std::string host = "127.0.0.1";  // an address in digits
  std::uint16_t port = 0;          // 0: a free one
  Limits limits;
};

class Server {
 public:
  // Listens from here on. kUsage: host is no address in digits, or the one that means all of them; kIo: it
  // cannot be listened on.
  [[nodiscard]] static Result<Server> open(const ServerOptions& options);
  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;
  ~Server();

  [[nodiscard]] std::string url() const;   // "http://127.0.0.1:8123/"
  [[nodiscard]] bool is_loopback() const;  // nobody outside this machine can reach it
  [[nodiscard]] std::uint16_t port() const;

  // Serves until `stop` is requested; then nothing more is answered, and every connection is closed.
  void run(const Handlers& handlers, const std::stop_token& stop);

 private:
  class Listener;
  explicit Server(std::unique_ptr<Listener> listener);
  std::unique_ptr<Listener> listener_;
};

}  // namespace penfield::server
