// For tests and measurements only: a client that sends the bytes it is told to, right or wrong.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace penfield::server {

struct RawAnswer {
  int status = 0;  // 0: none came
  std::string head, body;
  [[nodiscard]] bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) close();
  }
  RawClient(RawClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), received_(std::move(other.received_)) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() { close(); }

  [[nodiscard]] bool is_connected() const { return fd_ >= 0; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  void end_sending() const { ::shutdown(fd_, SHUT_WR); }

  // False where the server takes no more.
  bool send(std::string_view bytes) const {  // NOLINT(modernize-use-nodiscard): often only tried
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  // The next answer; of one to HEAD the body is not waited for.
  RawAnswer receive(bool with_body = true, double seconds = 20) {
    const Clock::time_point until = after(seconds);
    RawAnswer answer;
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more(until)) return answer;
    }
    answer.head = received_.substr(0, end + 4);
    received_.erase(0, end + 4);
    answer.status = std::atoi(answer.head.substr(answer.head.find(' ') + 1, 3).c_str());
    const std::size_t length = with_body && answer.status != 100 ? length_of(answer.head) : 0;
    while (received_.size() < length) {
      if (!read_more(until)) return {};
    }
    answer.body = received_.substr(0, length);
    received_.erase(0, length);
    return answer;
  }

  // The server ends the connection within the time, and nothing more comes before.
  bool is_ended(double seconds = 20) {
    const Clock::time_point until = after(seconds);
    return received_.empty() && !read_more(until) && received_.empty() && Clock::now() < until;
  }

 private:
  using Clock = std::chrono::steady_clock;

  static Clock::time_point after(double seconds) {
    return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  }

  bool read_more(Clock::time_point until) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd ready{fd_, POLLIN, 0};
    if (fd_ < 0 || left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) <= 0) return false;
    char bytes[65536];
    const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
    if (n <= 0) return false;
    received_.append(bytes, static_cast<std::size_t>(n));
    return true;
  }
  static std::size_t length_of(const std::string& head) {
    constexpr std::string_view kField = "Content-Length: ";
    const std::size_t at = head.find(kField);
    return at == std::string::npos ? 0 : std::strtoull(head.c_str() + at + kField.size(), nullptr, 10);
  }

  int fd_;
  std::string received_;
};

}  // namespace penfield::server
