// The arguments of a tool, read by their types; errors name the argument.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/formats/json.h"

namespace penfield::mcp {

[[nodiscard]] inline Result<std::string> text_argument(const nlohmann::json& arguments, const char* name,
                                                       const std::string& otherwise) {
  const nlohmann::json* value = formats::find_field(arguments, name);
  if (value == nullptr) return otherwise;
  if (!value->is_string()) return usage_error("{} must be a string", name);
  return value->get<std::string>();
}

// A whole number from `least` to `most`.
[[nodiscard]] inline Result<std::uint64_t> count_argument(const nlohmann::json& arguments, const char* name,
                                                          std::uint64_t otherwise, std::uint64_t least,
                                                          std::uint64_t most) {
  const nlohmann::json* value = formats::find_field(arguments, name);
  if (value == nullptr) return otherwise;
  if (!value->is_number_unsigned() || *value < least || *value > most)
    return usage_error("{} must be a whole number from {} to {}", name, least, most);
  return value->get<std::uint64_t>();
}

[[nodiscard]] inline Result<std::vector<std::string>> texts_argument(const nlohmann::json& arguments,
                                                                     const char* name) {
  std::vector<std::string> out;
  const nlohmann::json* value = formats::find_field(arguments, name);
  if (value == nullptr) return out;
  if (!value->is_array()) return usage_error("{} must be an array of strings", name);
  for (const nlohmann::json& each : *value) {
    if (!each.is_string()) return usage_error("{} must be an array of strings", name);
    out.push_back(each.get<std::string>());
  }
  return out;
}

}  // namespace penfield::mcp
