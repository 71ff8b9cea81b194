#include "penfield/hub/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <mutex>

#include "penfield/base/blocked_sigpipe.h"
#include "penfield/base/check.h"
#include "penfield/formats/message_text.h"
#include "penfield/hub/ascii.h"
#include "penfield/hub/url.h"

namespace penfield::hub {
namespace {

constexpr int kMostRedirects = 10;
constexpr std::size_t kMostHeadBytes = std::size_t{256} << 10;
constexpr std::size_t kMostBytesOfARefusal = std::size_t{64} << 10;
constexpr int kPollMilliseconds = 100;
constexpr std::uint64_t kSlowestBytesPerSecond = 1000;

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// Retry-After in seconds or as a date.
std::optional<std::chrono::milliseconds> retry_after(const HttpHead& head) {
  const std::string text(trimmed(head.field("retry-after")));
  if (text.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) {
    const std::time_t date = curl_getdate(text.c_str(), nullptr);
    if (date < 0) return std::nullopt;
    seconds = date - std::time(nullptr);
  }
  constexpr std::int64_t kDay = 86'400;
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kDay));
}

HttpFailure refusal(HttpHead head, const std::string& host) {
  const int status = head.status;
  const bool may_pass = status == 408 || status == 429 || status >= 500;
  HttpFailure failure{.error = {ErrorKind::kNetwork, fmt::format("{}: answered {}", host, status)},
                      .may_pass = may_pass,
                      .wait = retry_after(head),
                      .head = {}};
  if (const auto why = head.field("x-error-message"); !why.empty()) {
    failure.error.message += ": " + formats::message_text(why);
  }
  failure.head = std::move(head);
  return failure;
}

// What libcurl could not do.
HttpFailure trouble(CURLcode code, const std::string& host, const char* detail) {
  std::string why = *detail != '\0' ? detail : curl_easy_strerror(code);
  std::string advice;
  bool may_pass = true;
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      may_pass = false;
      advice = "; where a proxy of yours signs what it passes on, name its certificate in SSL_CERT_FILE";
      break;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_PROXY:
      may_pass = false;
      break;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      advice = "; check the network, or HTTPS_PROXY";
      break;
    default:
      break;
  }
  return {.error = {ErrorKind::kNetwork, fmt::format("{}: {}{}", host, formats::message_text(why), advice)},
          .may_pass = may_pass,
          .wait = {},
          .head = {}};
}

class FieldList {  // of a request
 public:
  void add(const std::string& field) {
    curl_slist* const longer = curl_slist_append(list_, field.c_str());
    PENFIELD_CHECK(longer != nullptr);
    list_ = longer;
  }
  FieldList() = default;
  FieldList(const FieldList&) = delete;
  FieldList& operator=(const FieldList&) = delete;
  ~FieldList() { curl_slist_free_all(list_); }
  [[nodiscard]] curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

}  // namespace

HttpFailure lasting(Error error) {
  return {.error = std::move(error), .may_pass = false, .wait = {}, .head = {}};
}
HttpFailure passing(Error error) {
  return {.error = std::move(error), .may_pass = true, .wait = {}, .head = {}};
}

std::string_view HttpHead::field(std::string_view name) const {
  const auto found =
      std::find_if(fields.rbegin(), fields.rend(), [&](const auto& f) { return f.first == name; });
  return found == fields.rend() ? std::string_view() : std::string_view(found->second);
}

struct HttpClient::Shared {
  Settings settings;
  Origin origin;  // of the endpoint: where the token goes
  Token token;
  Patience patience;
};

struct HttpClient::Handle {
  CURL* easy = curl_easy_init();
  CURLM* multi = curl_multi_init();

  Handle() { PENFIELD_CHECK(easy != nullptr && multi != nullptr); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }
};

// What libcurl's callbacks write into while one answer comes in.
struct HttpClient::Exchange {
  const HttpSink* sink;
  std::string host;
  HttpHead head = {};
  std::size_t head_bytes = 0;
  std::uint64_t n_received = 0;
  bool head_is_seen = false;
  std::optional<HttpFailure> failure = {};  // ends the transfer

  [[nodiscard]] bool is_good() const { return head.status >= 200 && head.status < 300; }
  [[nodiscard]] HttpFailure broken(const char* why) const {
    return lasting({ErrorKind::kNetwork, fmt::format("{}: {}", host, why)});
  }

  void take_field(std::string_view line) {
    if (line.starts_with("HTTP/")) {  // of an interim answer, or of the answer
      const std::size_t space = std::min(line.find(' '), line.size() - 1);
      head.status = 0;
      std::from_chars(line.data() + space + 1, line.data() + line.size(), head.status);
      head.fields.clear();
      return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    head.fields.emplace_back(lower(trimmed(line.substr(0, colon))), trimmed(line.substr(colon + 1)));
  }

  void see_head() {
    if (head_is_seen || !is_good()) return;
    head_is_seen = true;
    const std::string_view encoding = head.field("content-encoding");
    if (!encoding.empty() && lower(encoding) != "identity") {
      failure = broken("sends the file compressed, which was not requested");
    } else if (sink->on_head) {
      if (auto seen = sink->on_head(head); !seen) failure = std::move(seen).error();
    }
  }

  static std::size_t on_field(char* bytes, std::size_t size, std::size_t n, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const std::string_view line(bytes, size * n);
    exchange.head_bytes += line.size();
    if (exchange.head_bytes > kMostHeadBytes)
      exchange.failure = exchange.broken("the head of its answer is too long");
    if (exchange.failure) return 0;
    if (line == "\r\n" || line == "\n") {
      exchange.see_head();
    } else {
      exchange.take_field(line);
    }
    return exchange.failure ? 0 : line.size();
  }

  static std::size_t on_body(char* bytes, std::size_t size, std::size_t n, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const std::string_view body(bytes, size * n);
    exchange.n_received += body.size();
    if (!exchange.is_good()) return exchange.n_received > kMostBytesOfARefusal ? 0 : body.size();
    if (exchange.sink->on_bytes) {
      if (auto taken = exchange.sink->on_bytes(body); !taken) {
        exchange.failure = std::move(taken).error();
        return 0;
      }
    }
    return body.size();
  }
};

namespace {

// Runs the transfer; the code with which it ended, or why it was given up.
HttpResult<CURLcode> run_transfer(CURL* easy, CURLM* multi, const std::uint64_t& n_received,
                                  const std::string& host, const Patience& patience, const KeepOn& keep_on) {
  const BlockedSigpipe blocked;
  using Clock = std::chrono::steady_clock;
  Clock::time_point window_start = Clock::now();
  std::uint64_t n_at_start = 0;
  const auto stall_seconds = std::chrono::duration<double>(patience.stall).count();
  const auto least_bytes =
      static_cast<std::uint64_t>(stall_seconds * static_cast<double>(kSlowestBytesPerSecond));
  for (int n_running = 1; n_running > 0;) {
    curl_multi_perform(multi, &n_running);
    if (n_running == 0) break;
    if (auto going = keep_on(); !going) return tl::unexpected(lasting(std::move(going).error()));
    curl_multi_poll(multi, nullptr, 0, kPollMilliseconds, nullptr);
    if (Clock::now() - window_start < patience.stall) continue;
    if (n_received - n_at_start < least_bytes) {
      return tl::unexpected(
          passing({ErrorKind::kNetwork, fmt::format("{}: sends nothing, or less than a kilobyte a "
                                                    "second",
                                                    host)}));
    }
    window_start = Clock::now();
    n_at_start = n_received;
  }
  CURLcode code = CURLE_OK;
  int n_left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi, &n_left)) {
    if (message->msg == CURLMSG_DONE && message->easy_handle == easy) code = message->data.result;
  }
  return code;
}

}  // namespace

Result<HttpClient> HttpClient::open(const Settings& settings, Token token, const Patience& patience) {
  static std::once_flag once;
  std::call_once(once, [] { PENFIELD_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
  const std::optional<Origin> origin = origin_of(settings.endpoint);
  if (!origin) {
    return usage_error(
        "HF_ENDPOINT '{}': is not the address of a hub: write https://HOST, without a user name",
        formats::message_text(settings.endpoint));
  }
  return HttpClient(std::make_shared<const Shared>(
      Shared{.settings = settings, .origin = *origin, .token = std::move(token), .patience = patience}));
}

HttpClient::HttpClient(std::shared_ptr<const Shared> shared)
    : shared_(std::move(shared)), handle_(std::make_unique<Handle>()) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

HttpClient HttpClient::another() const {
  return HttpClient(shared_);
}
const std::string& HttpClient::endpoint() const {
  return shared_->settings.endpoint;
}
const Token& HttpClient::token() const {
  return shared_->token;
}
const Patience& HttpClient::patience() const {
  return shared_->patience;
}

HttpResult<HttpHead> HttpClient::send_once(const HttpRequest& request, const HttpSink& sink,
                                           const KeepOn& keep_on) {
  const std::optional<Origin> origin = origin_of(request.url);
  PENFIELD_CHECK(origin.has_value());  // send() refuses other addresses
  CURL* const easy = handle_->easy;
  curl_easy_reset(easy);  // keeps connections
  FieldList fields;
  fields.add("Accept-Encoding: identity");
  if (*origin == shared_->origin && !shared_->token.text.empty()) {
    fields.add("Authorization: Bearer " + shared_->token.text);
  }
  if (request.first_byte > 0) {
    fields.add(fmt::format("Range: bytes={}-", request.first_byte));
    if (!request.if_range.empty()) fields.add("If-Range: " + request.if_range);
  }
  Exchange exchange{.sink = &sink, .host = origin->host};
  std::array<char, CURL_ERROR_SIZE> detail{};
  const Settings& settings = shared_->settings;
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOBODY, request.head_only ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fields.get());
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "penfield");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(shared_->patience.connect.count()));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail.data());
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // Set even where empty: libcurl would look into the environment otherwise.
  const bool is_tls = origin->scheme == "https";
  curl_easy_setopt(easy, CURLOPT_PROXY,
                   (is_tls ? settings.proxies.for_https : settings.proxies.for_http).c_str());
  curl_easy_setopt(easy, CURLOPT_NOPROXY, settings.proxies.not_for.c_str());
  if (!settings.certificates.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, settings.certificates.c_str());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Exchange::on_field);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Exchange::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);

  PENFIELD_CHECK(curl_multi_add_handle(handle_->multi, easy) == CURLM_OK);
  const auto code =
      run_transfer(easy, handle_->multi, exchange.n_received, exchange.host, shared_->patience, keep_on);
  curl_multi_remove_handle(handle_->multi, easy);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);
  if (!code) return tl::unexpected(code.error());
  if (exchange.failure) return tl::unexpected(*std::move(exchange.failure));
  const bool is_answered = exchange.head.status >= 300;  // whatever became of the body of a refusal
  if (*code != CURLE_OK && !is_answered) return tl::unexpected(trouble(*code, exchange.host, detail.data()));
  exchange.head.url = request.url;
  return std::move(exchange.head);
}

HttpResult<HttpHead> HttpClient::send(const HttpRequest& request, const HttpSink& sink,
                                      const KeepOn& keep_on) {
  HttpRequest next = request;
  for (int n_redirects = 0;; ++n_redirects) {
    const std::optional<Origin> origin = origin_of(next.url);
    if (!origin) {
      return tl::unexpected(lasting({ErrorKind::kNetwork, fmt::format("{}: is not an http or https address",
                                                                      formats::message_text(next.url))}));
    }
    auto head = send_once(next, sink, keep_on);
    if (!head || (head->status >= 200 && head->status < 300)) return head;
    const std::string location =
        is_redirect(head->status) ? joined_url(next.url, head->field("location")) : "";
    if (location.empty()) return tl::unexpected(refusal(*std::move(head), origin->host));
    const std::optional<Origin> target = origin_of(location);
    const auto refused = [&](std::string_view why) {
      return tl::unexpected(lasting({ErrorKind::kNetwork, fmt::format("{}: {}", origin->host, why)}));
    };
    if (!target)
      return refused("redirects to something that is not http or https, or that holds a user name");
    if (origin->scheme == "https" && target->scheme != "https")
      return refused("redirects from https to http");
    const bool says_what_it_is =
        !head->field("x-linked-etag").empty() && !head->field("x-linked-size").empty();
    if (request.follow == Follow::kWithinHost && (*target != *origin || says_what_it_is)) return head;
    if (n_redirects == kMostRedirects) return refused("redirects again and again");
    next.url = location;
  }
}

HttpResult<std::string> HttpClient::get_text(const std::string& url, std::size_t most_bytes,
                                             const KeepOn& keep_on) {
  std::string text;
  const HttpSink sink{
      .on_head = {}, .on_bytes = [&](std::string_view bytes) -> HttpResult<void> {
        if (bytes.size() > most_bytes - text.size()) {
          return tl::unexpected(
              lasting({ErrorKind::kNetwork, fmt::format("{}: sends more than the {} bytes that such an "
                                                        "answer may have",
                                                        url, most_bytes)}));
        }
        text += bytes;
        return {};
      }};
  const auto head = send({.url = url, .if_range = {}}, sink, keep_on);
  if (!head) return tl::unexpected(head.error());
  return text;
}

}  // namespace penfield::hub
