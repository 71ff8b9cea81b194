#include "penfield/server/answer.h"

#include <nlohmann/json.hpp>

namespace penfield::server {

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Answer json_answer(std::string body) {
  return {.status = 200,
          .content_type = "application/json",
          .body = std::make_shared<const std::string>(std::move(body))};
}

Answer error_answer(const Refusal& refusal) {
  std::string line = refusal.why;
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  Answer answer = json_answer("{\"error\": " + json_string(line) + "}");
  answer.status = refusal.status;
  return answer;
}

}  // namespace penfield::server
