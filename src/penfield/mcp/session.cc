#include "penfield/mcp/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "penfield/base/nearest.h"
#include "penfield/formats/message_text.h"

namespace penfield::mcp {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// Of the protocol, newest first. What differs between them does not touch a server that has tools alone.
constexpr std::array<std::string_view, 4> kVersions = {"2025-11-25", "2025-06-18", "2025-03-26",
                                                       "2024-11-05"};

// JSON-RPC 2.0, section 5.1.
constexpr int kParseError = -32700, kInvalidRequest = -32600, kNoMethod = -32601, kInvalidParams = -32602;

std::string dump(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string error_line(const json& id, int code, std::string_view why) {
  return dump({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", why}}}});
}

bool is_id(const json& id) {
  return id.is_string() || id.is_number_integer();
}

const json& field_or_null(const json& object, const char* name) {
  static const json kNull;
  const auto at = object.find(name);
  return at == object.end() ? kNull : *at;
}

ordered_json tool_result(const std::string& text, const ordered_json* content, bool is_error) {
  ordered_json out{{"content", ordered_json::array({{{"type", "text"}, {"text", text}}})}};
  if (content != nullptr) out["structuredContent"] = *content;
  out["isError"] = is_error;
  return out;
}

}  // namespace

Session::Session(std::string version, std::string instructions, std::vector<Tool> tools)
    : version_(std::move(version)), instructions_(std::move(instructions)), tools_(std::move(tools)) {}

std::string Session::refuse_line(std::string_view why) {
  return error_line(nullptr, kParseError, why);
}

std::optional<std::string> Session::answer(const json& message, const std::stop_token& gone) {
  const bool is_call = message.is_object() && field_or_null(message, "jsonrpc") == "2.0" &&
                       field_or_null(message, "method").is_string();
  if (!is_call) {
    // An answer to a request; this server makes none.
    if (message.is_object() && (message.contains("result") || message.contains("error"))) return std::nullopt;
    return error_line(nullptr, kInvalidRequest, "a message is one JSON-RPC 2.0 request or notification");
  }
  const json& id = field_or_null(message, "id");
  const std::string method = message["method"];
  if (!message.contains("id")) return std::nullopt;
  if (!is_id(id)) return error_line(nullptr, kInvalidRequest, "\"id\" must be a string or a whole number");
  const json& params = field_or_null(message, "params");
  if (!params.is_null() && !params.is_object())
    return error_line(id, kInvalidParams, "\"params\" must be an object");
  Outcome result = respond(method, params.is_null() ? json::object() : params, gone);
  if (!result) return error_line(id, result.error().code, result.error().why);
  return dump({{"jsonrpc", "2.0"}, {"id", id}, {"result", *std::move(result)}});
}

Session::Outcome Session::respond(const std::string& method, const json& params,
                                  const std::stop_token& gone) {
  if (method == "initialize") return initialize(params);
  if (method == "ping") return ordered_json::object();
  if (method == "tools/list") return list_tools();
  if (method == "tools/call") return call_tool(params, gone);
  return tl::unexpected(
      Refusal{kNoMethod, fmt::format("there is no method {}", formats::message_text(method))});
}

ordered_json Session::initialize(const json& params) const {
  const json& asked = field_or_null(params, "protocolVersion");
  const bool is_known =
      asked.is_string() && std::ranges::count(kVersions, asked.get_ref<const std::string&>()) > 0;
  return {{"protocolVersion", is_known ? asked.get<std::string>() : std::string(kVersions.front())},
          {"capabilities", {{"tools", ordered_json::object()}}},
          {"serverInfo", {{"name", "penfield"}, {"title", "Penfield"}, {"version", version_}}},
          {"instructions", instructions_}};
}

ordered_json Session::list_tools() const {
  ordered_json tools = ordered_json::array();
  for (const Tool& tool : tools_) {
    tools.push_back({{"name", tool.name},
                     {"title", tool.title},
                     {"description", tool.description},
                     {"inputSchema", tool.input_schema},
                     {"annotations", {{"readOnlyHint", true}, {"openWorldHint", false}}}});
  }
  return {{"tools", std::move(tools)}};
}

Session::Outcome Session::call_tool(const json& params, const std::stop_token& gone) const {
  const json& name = field_or_null(params, "name");
  const auto tool = std::ranges::find_if(tools_, [&](const Tool& each) { return name == each.name; });
  if (tool == tools_.end()) {
    const std::string asked = name.is_string() ? name.get<std::string>() : name.dump();
    return tl::unexpected(
        Refusal{kInvalidParams, fmt::format("there is no tool {}", formats::message_text(asked))});
  }
  const json& given = field_or_null(params, "arguments");
  const json arguments = given.is_null() ? json::object() : given;
  if (!arguments.is_object())
    return tl::unexpected(Refusal{kInvalidParams, "\"arguments\" must be an object"});
  for (const auto& [key, value] : arguments.items()) {
    if (tool->input_schema["properties"].contains(key)) continue;
    std::string known;
    for (const auto& [property, schema] : tool->input_schema["properties"].items())
      known += (known.empty() ? "" : ", ") + property;
    return tool_result(fmt::format("{} has no argument {}; it has {}", tool->name, formats::message_text(key),
                                   known.empty() ? "none" : known),
                       nullptr, true);
  }
  const Result<ToolAnswer> answer = tool->call(arguments, gone);
  if (!answer) return tool_result(answer.error().message, nullptr, true);
  return tool_result(answer->text, &answer->content, false);
}

}  // namespace penfield::mcp
