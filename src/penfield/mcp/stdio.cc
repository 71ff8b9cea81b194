#include "penfield/mcp/stdio.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "penfield/formats/file_descriptor.h"
#include "penfield/formats/json.h"

namespace penfield::mcp {
namespace {

using nlohmann::json;

constexpr int kPollMilliseconds = 200;

// A message to answer, or the answer to a line that is none.
struct Waiting {
  json message;
  std::string refusal;
};

// Lines of the input. Reads on its own thread, so that a cancellation is seen while a request is worked on.
class Inbox {
 public:
  Inbox(int input, const StdioLimits& limits) : input_(input), limits_(limits) {}

  void read_all(const std::stop_token& stop) {
    std::array<char, 1 << 16> bytes{};
    while (!stop.stop_requested()) {
      pollfd ready{input_, POLLIN, 0};
      if (::poll(&ready, 1, kPollMilliseconds) <= 0) continue;
      const ssize_t n = ::read(input_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      take({bytes.data(), static_cast<std::size_t>(n)});
    }
    const std::lock_guard lock(mutex_);
    is_at_end_ = true;
    if (stop.stop_requested()) running_.request_stop();
    changed_.notify_one();
  }

  // Nothing is read any more; a reader that waits for room goes on.
  void close() {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    room_.notify_one();
  }

  // The next message; none at the end. `gone` stops when it is cancelled.
  std::optional<Waiting> next(std::stop_token& gone) {
    std::unique_lock lock(mutex_);
    running_id_ = nullptr;
    changed_.wait(lock, [&] { return is_at_end_ || !waiting_.empty(); });
    if (waiting_.empty()) return std::nullopt;
    Waiting out = std::move(waiting_.front());
    waiting_.pop_front();
    room_.notify_one();
    running_ = std::stop_source();
    gone = running_.get_token();
    if (out.message.is_object() && out.message.contains("id")) running_id_ = out.message["id"];
    return out;
  }

 private:
  void take(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      const std::string_view part = bytes.substr(0, end);
      if (!is_too_long_ && line_.size() + part.size() > limits_.line_bytes) {
        is_too_long_ = true;
        line_.clear();
      }
      if (!is_too_long_) line_ += part;
      if (end == std::string_view::npos) return;
      end_line();
      bytes.remove_prefix(end + 1);
    }
  }

  void end_line() {
    const std::string line = std::exchange(line_, {});
    const bool was_too_long = std::exchange(is_too_long_, false);
    if (line.empty() && !was_too_long) return;
    Waiting waiting;
    if (was_too_long) {
      waiting.refusal = Session::refuse_line("the message is longer than 256 KiB");
    } else if (auto message = formats::parse_json(line, "the message")) {
      if (cancels(*message)) return;
      waiting.message = *std::move(message);
    } else {
      waiting.refusal = Session::refuse_line(message.error().message);
    }
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return waiting_.size() < limits_.waiting || is_closed_; });
    waiting_.push_back(std::move(waiting));
    changed_.notify_one();
  }

  // Is it a cancellation? Then what it names is stopped, or taken from those that wait.
  bool cancels(const json& message) {
    if (!message.is_object() || !message.contains("method") || message["method"] != "notifications/cancelled")
      return false;
    const json* params = formats::find_field(message, "params");
    const json* id = params == nullptr ? nullptr : formats::find_field(*params, "requestId");
    if (id == nullptr) return true;
    const std::lock_guard lock(mutex_);
    if (*id == running_id_) running_.request_stop();
    std::erase_if(waiting_, [&](const Waiting& each) {
      return each.message.is_object() && each.message.contains("id") && each.message["id"] == *id;
    });
    return true;
  }

  int input_;
  StdioLimits limits_;
  std::string line_;
  bool is_too_long_ = false;
  std::mutex mutex_;
  std::condition_variable changed_, room_;
  std::deque<Waiting> waiting_;
  bool is_at_end_ = false, is_closed_ = false;
  std::stop_source running_;
  json running_id_;
};

Result<void> write_line(int output, std::string line) {
  line += '\n';
  std::string_view bytes = line;
  while (!bytes.empty()) {
    const ssize_t n = ::write(output, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("standard output: {}", formats::error_text(errno));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace

Result<void> run_stdio(Session& session, int input, int output, const std::stop_token& stop,
                       const StdioLimits& limits) {
  Inbox inbox(input, limits);
  std::stop_source ended;
  const std::stop_callback forward(stop, [&] { ended.request_stop(); });
  const std::jthread reader([&] { inbox.read_all(ended.get_token()); });
  Result<void> written;
  std::stop_token gone;
  while (written) {
    const std::optional<Waiting> next = inbox.next(gone);
    if (!next) break;
    const std::optional<std::string> line =
        next->refusal.empty() ? session.answer(next->message, gone) : next->refusal;
    const bool is_cancelled = gone.stop_requested() && !stop.stop_requested();
    if (line && !is_cancelled) written = write_line(output, *line);
  }
  ended.request_stop();
  inbox.close();
  return written;
}

}  // namespace penfield::mcp
