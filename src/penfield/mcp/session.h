// The Model Context Protocol: JSON-RPC 2.0, a message a line, over which an agent or an editor calls tools.
//
// Source: modelcontextprotocol.io, specification 2025-06-18: base protocol, lifecycle, server/tools.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"

namespace penfield::mcp {

struct ToolAnswer {
  std::string text;                // for people and models
  nlohmann::ordered_json content;  // the same as data: an object
};

struct Tool {
  std::string name, title, description;
  nlohmann::ordered_json input_schema;  // a JSON Schema: an object, whose "properties" are all arguments
  // arguments: an object without properties that the schema does not have. An error is told to the caller.
  std::function<Result<ToolAnswer>(const nlohmann::json& arguments, const std::stop_token& gone)> call;
};

class Session {
 public:
  // version: of this program. instructions: what a client may tell its model about this server.
  Session(std::string version, std::string instructions, std::vector<Tool> tools);

  // What one message is answered with, without a line break; nothing for a notification. gone: the client has
  // cancelled the request, or left.
  [[nodiscard]] std::optional<std::string> answer(const nlohmann::json& message, const std::stop_token& gone);

  // The answer to a line that is no message.
  [[nodiscard]] static std::string refuse_line(std::string_view why);

 private:
  struct Refusal {
    int code;
    std::string why;
  };
  using Outcome = tl::expected<nlohmann::ordered_json, Refusal>;

  [[nodiscard]] Outcome respond(const std::string& method, const nlohmann::json& params,
                                const std::stop_token& gone);
  [[nodiscard]] nlohmann::ordered_json initialize(const nlohmann::json& params) const;
  [[nodiscard]] nlohmann::ordered_json list_tools() const;
  [[nodiscard]] Outcome call_tool(const nlohmann::json& params, const std::stop_token& gone) const;

  std::string version_, instructions_;
  std::vector<Tool> tools_;
};

}  // namespace penfield::mcp
