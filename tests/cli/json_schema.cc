#include "json_schema.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "files.h"

namespace penfield::cli {
namespace {

using Json = nlohmann::json;

class Comparison {
 public:
  explicit Comparison(const Json& schema) : whole_(schema) {}

  void compare(const Json& schema_or_reference, const Json& value, const std::string& path) {
    const Json& schema = resolve(schema_or_reference);
    if (value.is_array() && schema.contains("items")) {
      for (std::size_t i = 0; i < value.size(); ++i)
        compare(schema["items"], value[i], fmt::format("{}[{}]", path, i));
    }
    if (!value.is_object()) return;
    const Json properties = schema.value("properties", Json::object());
    for (const Json& key : schema.value("required", Json::array())) {
      if (!value.contains(key.get<std::string>()))
        differences.push_back(fmt::format("{}.{} is missing", path, key.get<std::string>()));
    }
    const Json others = schema.value("additionalProperties", Json(true));
    for (const auto& [key, held] : value.items()) {
      if (properties.contains(key)) {
        compare(properties[key], held, path + "." + key);
      } else if (others == Json(false)) {
        differences.push_back(fmt::format("{}.{} is not described", path, key));
      }
    }
  }

  std::vector<std::string> differences;

 private:
  [[nodiscard]] const Json& resolve(const Json& schema) const {
    if (!schema.contains("$ref")) return schema;
    return whole_.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1)));
  }
  const Json& whole_;
};

}  // namespace

std::vector<std::string> differences_from_schema(const std::string& name, const std::string& json) {
  const Json schema = Json::parse(read_file("docs/schemas/" + name + ".json"), nullptr, false);
  if (schema.is_discarded()) return {"docs/schemas/" + name + ".json is not there, or no JSON"};
  std::vector<Json> documents = {Json::parse(json, nullptr, false)};
  if (documents.front().is_discarded()) {
    documents.clear();
    std::istringstream lines(json);
    for (std::string line; std::getline(lines, line);) documents.push_back(Json::parse(line, nullptr, false));
  }
  if (documents.empty()) return {"nothing is printed"};
  Comparison comparison(schema);
  for (const Json& document : documents) {
    if (!document.is_object() || document.value("schema_version", 0) != 2)
      return {"no schema_version 2: " + json};
    comparison.compare(schema, document, "");
  }
  return comparison.differences;
}

}  // namespace penfield::cli
