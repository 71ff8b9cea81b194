// JSON, strictly: one document in valid UTF-8, no key twice (however it is spelled), nesting bounded.
//
// Duplicate keys are the classic way to make two readers see different documents. nlohmann's own reader
// silently keeps the last one, so the document is built here from its SAX events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "penfield/base/result.h"

namespace penfield::formats {

inline constexpr std::size_t kMaxJsonDepth = 128;

// name: what errors call the document ("config.json", "rows.jsonl:12"). kBadInput: "<name>: line 3, column 7:
// why".
[[nodiscard]] Result<nlohmann::json> parse_json(std::string_view bytes, std::string_view name,
                                                std::size_t max_depth = kMaxJsonDepth);

// As parse_json, with the fields of every object in the order of the file.
[[nodiscard]] Result<nlohmann::ordered_json> parse_ordered_json(std::string_view bytes, std::string_view name,
                                                                std::size_t max_depth = kMaxJsonDepth);

// Maps <path> and parses it.
[[nodiscard]] Result<nlohmann::json> read_json_file(const std::string& path);

// A field of an object; nullptr if it is missing or null, or if `object` is not an object.
[[nodiscard]] const nlohmann::json* find_field(const nlohmann::json& object, std::string_view key);

// A required field of the given type; kBadInput: "<name>: "n_head" must be a whole number >= 0, not a
// string".
[[nodiscard]] Result<const nlohmann::json*> get_field(const nlohmann::json& object, std::string_view key,
                                                      std::string_view name);
[[nodiscard]] Result<const nlohmann::json*> get_object(const nlohmann::json& object, std::string_view key,
                                                       std::string_view name);
[[nodiscard]] Result<const nlohmann::json*> get_array(const nlohmann::json& object, std::string_view key,
                                                      std::string_view name);
[[nodiscard]] Result<std::uint64_t> get_unsigned(const nlohmann::json& object, std::string_view key,
                                                 std::string_view name);
// As get_unsigned, at most 2^32 − 1.
[[nodiscard]] Result<std::uint32_t> get_unsigned32(const nlohmann::json& object, std::string_view key,
                                                   std::string_view name);
[[nodiscard]] Result<std::int64_t> get_integer(const nlohmann::json& object, std::string_view key,
                                               std::string_view name);
// Accepts integers too; null or a missing field is an error.
[[nodiscard]] Result<double> get_double(const nlohmann::json& object, std::string_view key,
                                        std::string_view name);
[[nodiscard]] Result<bool> get_bool(const nlohmann::json& object, std::string_view key,
                                    std::string_view name);
[[nodiscard]] Result<std::string> get_string(const nlohmann::json& object, std::string_view key,
                                             std::string_view name);

}  // namespace penfield::formats
