// HTTP as the hub is spoken to: GET and HEAD by libcurl, with redirects followed by hand so that the token
// goes to the endpoint alone, and with everything that a server can send bounded.
//
// TLS certificates are verified; there is no way to switch that off. Nothing but http and https is followed,
// and from https nothing but https. Bodies are asked for uncompressed, so that lengths and ranges mean the
// file.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/hub/settings.h"

namespace penfield::hub {

// How long a server is waited for. A transfer that brings less than a kilobyte a second over `stall` has
// failed.
struct Patience {
  std::chrono::milliseconds connect{30'000};
  std::chrono::milliseconds stall{30'000};
  std::chrono::milliseconds first_pause{1'000};  // before the second attempt; doubled from one to the next
  std::chrono::milliseconds longest_pause{300'000};  // what Retry-After may ask for
  int n_attempts = 6;                                // in a row that bring nothing
};

// Called at least every tenth of a second while something is waited for; an error ends the wait, and is
// returned.
using KeepOn = std::function<Result<void>()>;

struct HttpHead {
  int status = 0;
  std::string url;                                          // of the answer, after redirects
  std::vector<std::pair<std::string, std::string>> fields;  // names in lower case

  // The value of the last field of that name (lower case); empty where there is none.
  [[nodiscard]] std::string_view field(std::string_view name) const;
};

// Why a request failed, and whether the same request may succeed later.
struct HttpFailure {
  Error error;
  bool may_pass = false;
  std::optional<std::chrono::milliseconds> wait;  // Retry-After
  std::optional<HttpHead> head;                   // where the server answered
};
template <class T>
using HttpResult = tl::expected<T, HttpFailure>;

[[nodiscard]] HttpFailure lasting(Error error);
[[nodiscard]] HttpFailure passing(Error error);

enum class Follow : std::uint8_t {
  kWithinHost,  // a redirect to another host, or one with X-Linked-Etag and -Size, is the answer: it says
                // what a file is
  kAnywhere,
};

struct HttpRequest {
  std::string url;
  bool head_only = false;
  Follow follow = Follow::kAnywhere;
  std::uint64_t first_byte = 0;  // a Range from there to the end; 0: all
  std::string if_range;          // the ETag that the range belongs to; empty: not sent
};

// What is done with a good answer (2xx). Both may be empty.
struct HttpSink {
  std::function<HttpResult<void>(const HttpHead& head)> on_head;
  std::function<HttpResult<void>(std::string_view bytes)> on_bytes;
};

class HttpClient {
 public:
  // kUsage: the endpoint is no http or https address.
  [[nodiscard]] static Result<HttpClient> open(const Settings& settings, Token token,
                                               const Patience& patience = {});
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  // One request and the redirects that follow from it, at most ten. Success: 2xx, all of it received, or a
  // redirect that is not followed. A failure that comes from `keep_on` or the sink is handed on as it is.
  [[nodiscard]] HttpResult<HttpHead> send(const HttpRequest& request, const HttpSink& sink,
                                          const KeepOn& keep_on);

  // The whole body, at most so many bytes.
  [[nodiscard]] HttpResult<std::string> get_text(const std::string& url, std::size_t most_bytes,
                                                 const KeepOn& keep_on);

  // Another client of the same settings, for another thread.
  [[nodiscard]] HttpClient another() const;
  [[nodiscard]] const std::string& endpoint() const;
  [[nodiscard]] const Token& token() const;
  [[nodiscard]] const Patience& patience() const;

 private:
  struct Shared;
  struct Exchange;
  struct Handle;
  explicit HttpClient(std::shared_ptr<const Shared> shared);
  HttpResult<HttpHead> send_once(const HttpRequest& request, const HttpSink& sink, const KeepOn& keep_on);
  std::shared_ptr<const Shared> shared_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace penfield::hub
