// What a request is answered with, before it is HTTP.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace penfield::server {

struct Answer {
  unsigned status = 200;
  std::string_view content_type = "application/json";
  std::shared_ptr<const std::string> body;  // shared: the page of 5 MB is sent to many from one place
};

// A request that is not fulfilled: its status, and one line for its reader.
struct Refusal {
  unsigned status = 400;
  std::string why;
};

template <class T>
using Outcome = tl::expected<T, Refusal>;

// The Outcome of a request that is refused.
[[nodiscard]] inline tl::unexpected<Refusal> refuse(unsigned status, std::string why) {
  return tl::unexpected<Refusal>(Refusal{status, std::move(why)});
}

// "text" as a JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string json_string(std::string_view text);

[[nodiscard]] Answer json_answer(std::string body);
// {"error": "one line"}: line breaks and other control characters of `why` become spaces.
[[nodiscard]] Answer error_answer(const Refusal& refusal);

}  // namespace penfield::server
