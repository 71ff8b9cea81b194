// Which requests are admitted: all checks that need only the head of a request, in one place and order.
//
// The server stands on the loopback interface, which every program and every web page on this machine can
// reach. A program run by this user may do what the user may; a page may not. What a page of another site
// could do is send requests (a form, a script, an image, a name of its own that points to 127.0.0.1), so:
//
//   Host            names this server: a foreign name that points here (DNS rebinding) does not.        421
//   Origin          where there is one, is this server's.                                               403
//   Sec-Fetch-Site  where there is one: this origin, or the user's own hand. A link from another site
//                   may open the page, as that gives the other site nothing to read.                    403
//   x-penfield-token  of a POST: what only a page that was read from here can know. Of any request: not
//                   another result's, such as that of an outdated page.                                 403
//
// Further rules of the message (RFC 9110, 9112): one Host; a target that begins with '/'; bodies with a
// Content-Length only (no chunks, so none of their sizes can lie); GET and HEAD without a body.
// Who can reach the server, and why there are no further checks: docs/decisions/0007.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/server/answer.h"
#include "penfield/server/routes.h"

namespace penfield::server {

struct Gate {
  std::vector<std::string> hosts;  // "127.0.0.1:8123", "localhost:8123": what Host may say
};

using RequestHead = boost::beast::http::request_header<>;

// The names that a server at this address and port goes by. address: as in a URL, "127.0.0.1" or "[::1]".
[[nodiscard]] std::vector<std::string> own_names(std::string_view address, bool is_loopback, unsigned port);

// has_body: the head announces one. token: of the page as it is now.
[[nodiscard]] Outcome<Route> pass_gate(const Gate& gate, const RequestHead& head, bool has_body,
                                       std::string_view token);

// Of a request from a page that shows what this server no longer does.
[[nodiscard]] Refusal other_page();

}  // namespace penfield::server
