// Addresses, read by libcurl's own parser, so that what is checked is what is connected to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace penfield::hub {

struct Origin {
  std::string scheme;  // "http" or "https"
  std::string host;    // lower case
  std::string port;    // also where it is the scheme's own
  bool operator==(const Origin&) const = default;
};

// std::nullopt: not an http or https address, or one that holds a user name or password.
[[nodiscard]] std::optional<Origin> origin_of(const std::string& url);

// `location` as a redirect of `base` names it, absolute or relative; empty where it is no address.
[[nodiscard]] std::string joined_url(const std::string& base, std::string_view location);

// Percent-encodes everything but letters, digits and - . _ ~; with keep_slashes the slash stays, too.
[[nodiscard]] std::string url_quoted(std::string_view text, bool keep_slashes);

}  // namespace penfield::hub
