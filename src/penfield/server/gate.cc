#include "penfield/server/gate.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>

#include "penfield/server/token.h"

namespace penfield::server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

std::string_view plain(beast::string_view text) {
  return {text.data(), text.size()};
}

// How often the field stands in the head, and what it says where it stands once.
struct Field {
  std::size_t n = 0;
  std::string_view value;
};

template <class Name>
Field field(const RequestHead& head, Name name) {
  Field out;
  const auto range = head.equal_range(name);
  for (auto at = range.first; at != range.second; ++at, ++out.n) out.value = plain(at->value());
  return out;
}

Outcome<void> check_host(const Gate& gate, const RequestHead& head) {
  const Field host = field(head, http::field::host);
  if (host.n != 1) return refuse(400, "a request must have one Host");
  const bool own = std::ranges::any_of(gate.hosts, [&](const std::string& name) {
    return beast::iequals(name, beast::string_view(host.value.data(), host.value.size()));
  });
  if (!own) return refuse(421, "this server does not go by the name that Host gives");
  const Field origin = field(head, http::field::origin);
  const std::string own_origin = "http://" + std::string(host.value);
  if (origin.n > 1 || (origin.n == 1 && origin.value != own_origin))
    return refuse(403, "requests from pages of other origins are not answered");
  return {};
}

Outcome<void> check_site(const RequestHead& head, Endpoint endpoint) {
  const Field site = field(head, "Sec-Fetch-Site");
  if (site.n == 0 || (site.n == 1 && (site.value == "same-origin" || site.value == "none"))) return {};
  const bool is_link = endpoint == Endpoint::kPage && field(head, "Sec-Fetch-Mode").value == "navigate" &&
                       field(head, "Sec-Fetch-Dest").value == "document";
  if (site.n == 1 && is_link) return {};
  return refuse(403, "requests from pages of other sites are not answered");
}

bool is_json(std::string_view content_type) {
  constexpr std::string_view kJson = "application/json";
  if (content_type.size() < kJson.size()) return false;
  const std::string_view type = content_type.substr(0, kJson.size());
  const std::string_view rest = content_type.substr(kJson.size());
  return beast::iequals(beast::string_view(type.data(), type.size()), kJson.data()) &&
         (rest.empty() || rest[0] == ';' || rest[0] == ' ');
}

Outcome<void> check_method(const RequestHead& head, Endpoint endpoint) {
  const http::verb method = head.method();
  const bool reads = method == http::verb::get || method == http::verb::head;
  if (takes_post(endpoint) && method != http::verb::post) return refuse(405, "this address takes POST alone");
  if (!takes_post(endpoint) && !reads) return refuse(405, "this address takes GET and HEAD alone");
  return {};
}

// A request that reads may come without a token, as curl's does; one with another's comes from a page that
// shows what this server no longer does, and would mix two results.
Outcome<void> check_token(const RequestHead& head, Endpoint endpoint, std::string_view token) {
  const Field given = field(head, "x-penfield-token");
  if (given.n == 0 && !takes_post(endpoint)) return {};
  if (given.n == 1 && same_token(given.value, token)) return {};
  return tl::unexpected(other_page());
}

Outcome<void> check_post(const RequestHead& head, bool has_body, std::string_view token) {
  const Field type = field(head, http::field::content_type);
  if (type.n != 1 || !is_json(type.value)) return refuse(415, "the body must be application/json");
  if (auto own = check_token(head, Endpoint::kLive, token); !own) return own;
  if (!has_body) return refuse(411, "the body must come with its Content-Length");
  return {};
}

}  // namespace

std::vector<std::string> own_names(std::string_view address, bool is_loopback, unsigned port) {
  constexpr unsigned kDefaultPort = 80;
  std::vector<std::string> names = {std::string(address)};
  if (is_loopback) names.emplace_back("localhost");
  if (port == kDefaultPort) return names;  // which Host leaves out
  for (std::string& name : names) name += ":" + std::to_string(port);
  return names;
}

Outcome<Route> pass_gate(const Gate& gate, const RequestHead& head, bool has_body, std::string_view token) {
  const std::string_view target = plain(head.target());
  if (const auto host = check_host(gate, head); !host) return tl::unexpected(host.error());
  if (!target.starts_with('/')) return refuse(400, "a target must begin with /");
  const Route route = find_route(target);
  if (const auto site = check_site(head, route.endpoint); !site) return tl::unexpected(site.error());
  if (route.endpoint == Endpoint::kNone) return refuse(404, "there is nothing at this address");
  if (const auto method = check_method(head, route.endpoint); !method) return tl::unexpected(method.error());
  if (field(head, http::field::transfer_encoding).n > 0)
    return refuse(411, "the body must come with its Content-Length, not in chunks");
  if (!takes_post(route.endpoint)) {
    if (has_body) return refuse(400, "GET and HEAD have no body");
    if (auto own = check_token(head, route.endpoint, token); !own) return tl::unexpected(own.error());
    return route;
  }
  if (const auto post = check_post(head, has_body, token); !post) return tl::unexpected(post.error());
  return route;
}

Refusal other_page() {
  return {403, "the page is not of this run of penfield serve, or shows another result: load it again"};
}

}  // namespace penfield::server
