#include "penfield/hub/url.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <iterator>
#include <memory>

#include "penfield/hub/ascii.h"

namespace penfield::hub {
namespace {

struct Cleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, Cleanup>;

// Empty where the address has no such part.
std::string part_of(const Url& url, CURLUPart part, unsigned int flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK || text == nullptr) return "";
  std::string out = text;
  curl_free(text);
  return out;
}

}  // namespace

std::optional<Origin> origin_of(const std::string& url) {
  const Url parsed(curl_url());
  if (parsed == nullptr || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return std::nullopt;
  if (!part_of(parsed, CURLUPART_USER).empty() || !part_of(parsed, CURLUPART_PASSWORD).empty())
    return std::nullopt;
  const Origin origin{.scheme = part_of(parsed, CURLUPART_SCHEME),
                      .host = lower(part_of(parsed, CURLUPART_HOST)),
                      .port = part_of(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT)};
  if ((origin.scheme != "http" && origin.scheme != "https") || origin.host.empty()) return std::nullopt;
  return origin;
}

std::string joined_url(const std::string& base, std::string_view location) {
  const Url url(curl_url());
  const bool is_read = !location.empty() && url != nullptr &&
                       curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) == CURLUE_OK &&
                       curl_url_set(url.get(), CURLUPART_URL, std::string(location).c_str(),
                                    CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE) == CURLUE_OK;
  return is_read ? part_of(url, CURLUPART_URL) : "";
}

std::string url_quoted(std::string_view text, bool keep_slashes) {
  std::string out;
  for (const char c : text) {
    const bool is_plain =
        is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~' || (c == '/' && keep_slashes);
    if (is_plain) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace penfield::hub
