// One list of fields that both writes a record as JSON and reads it back, so that the two cannot differ.
//
// A record type has a function  describe(io, record)  that names its fields:  io("seed", record.seed);  A
// FieldWriter as io writes the record, a FieldReader reads it. Objects keep the order of the calls.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/store/words.h"

namespace penfield::store {

using Json = nlohmann::ordered_json;

// `T` is `Record`, const or not: describe() serves writing and reading.
template <class T, class Record>
concept MaybeConst = std::same_as<std::remove_const_t<T>, Record>;

template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;  // null where there is none

using StringPairs = std::vector<std::pair<std::string, std::string>>;  // written as an object

class FieldWriter {
 public:
  explicit FieldWriter(Json& object) : object_(object) {}

  template <class T>
  void operator()(std::string_view key, const T& value) {
    object_[std::string(key)] = to_json(value);
  }
  // A nested object, for fields that belong together.
  template <class Body>
  void group(std::string_view key, const Body& body) {
    Json inner = Json::object();
    FieldWriter io(inner);
    body(io);
    object_[std::string(key)] = std::move(inner);
  }

 private:
  template <class T>
  static Json to_json(const T& value) {
    if constexpr (std::is_same_v<T, Site>) {
      return site_name(value);
    } else if constexpr (std::is_same_v<T, UnitId>) {
      return to_string(value);
    } else if constexpr (std::is_enum_v<T>) {
      return word_of(value);
    } else if constexpr (std::is_same_v<T, StringPairs>) {
      Json out = Json::object();
      for (const auto& [name, text] : value) out[name] = text;
      return out;
    } else if constexpr (kIsVector<T>) {
      Json out = Json::array();
      for (const auto& item : value) out.push_back(to_json(item));
      return out;
    } else if constexpr (kIsOptional<T>) {
      return value ? to_json(*value) : Json();
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      return value;  // NaN and the infinities become null when they are written out
    } else {
      Json out = Json::object();
      FieldWriter io(out);
      describe(io, value);
      return out;
    }
  }

  Json& object_;
};

// Reads into the record's fields. The first error is kept in `error`, and nothing is read after it.
class FieldReader {
 public:
  FieldReader(const Json& object, std::string_view file, std::string path, std::optional<Error>& error)
      : object_(object), file_(file), path_(std::move(path)), error_(error) {
    if (!object.is_object()) refuse(path_, "must be an object");
  }

  template <class T>
  void operator()(std::string_view key, T& value) {
    if (const Json* field = find(key)) from_json(*field, path_ + std::string(key), value);
  }
  template <class Body>
  void group(std::string_view key, const Body& body) {
    const Json* field = find(key);
    if (field == nullptr) return;
    FieldReader io(*field, file_, path_ + std::string(key) + '.', error_);
    body(io);
  }

 private:
  const Json* find(std::string_view key) {
    if (error_) return nullptr;
    const auto at = object_.find(std::string(key));
    if (at != object_.end()) return &*at;
    refuse(path_ + std::string(key), "is missing");
    return nullptr;
  }

  void refuse(std::string_view path, std::string_view why) {
    if (!error_) error_ = Error{ErrorKind::kBadInput, fmt::format("{}: \"{}\" {}", file_, path, why)};
  }

  template <class T>
  void from_json(const Json& json, const std::string& path, T& value) {
    if (error_) return;
    if constexpr (std::is_same_v<T, Site>) {
      set(json, path, value, [](const std::string& word) { return parse_site(word); });
    } else if constexpr (std::is_same_v<T, UnitId>) {
      set(json, path, value, [](const std::string& word) -> std::optional<UnitId> {
        const auto unit = parse_unit(word);
        return unit ? std::optional(*unit) : std::nullopt;
      });
    } else if constexpr (std::is_enum_v<T>) {
      set(json, path, value, [](const std::string& word) { return parse_word<T>(word); });
    } else if constexpr (std::is_same_v<T, std::string>) {
      set(json, path, value, [](const std::string& text) { return std::optional(text); });
    } else if constexpr (std::is_same_v<T, double>) {
      if (!json.is_number() && !json.is_null()) return refuse(path, "must be a number or null");
      value = json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
    } else if constexpr (std::is_same_v<T, bool>) {
      if (!json.is_boolean()) return refuse(path, "must be true or false");
      value = json.get<bool>();
    } else if constexpr (kIsOptional<T>) {
      value.reset();
      if (!json.is_null()) from_json(json, path, value.emplace());
    } else if constexpr (std::is_integral_v<T>) {
      constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
      if (!json.is_number_unsigned() || json.get<std::uint64_t>() > kMax)
        return refuse(path, "must be a whole number");
      value = json.get<T>();
    } else if constexpr (std::is_same_v<T, StringPairs>) {
      read_pairs(json, path, value);
    } else if constexpr (kIsVector<T>) {
      if (!json.is_array()) return refuse(path, "must be an array");
      value.clear();
      for (const Json& item : json) {
        const std::string item_path = fmt::format("{}[{}]", path, value.size());
        from_json(item, item_path, value.emplace_back());
      }
    } else {
      FieldReader io(json, file_, path + '.', error_);
      describe(io, value);
    }
  }

  void read_pairs(const Json& json, const std::string& path, StringPairs& value) {
    if (!json.is_object()) return refuse(path, "must be an object");
    value.clear();
    for (const auto& [name, text] : json.items()) {
      std::string& place = value.emplace_back(name, std::string()).second;
      from_json(text, std::string(path).append(1, '.').append(name), place);
    }
  }

  template <class T, class Parse>
  void set(const Json& json, const std::string& path, T& value, const Parse& parse) {
    if (!json.is_string()) return refuse(path, "must be a string");
    auto parsed = parse(json.get_ref<const std::string&>());
    if (!parsed) return refuse(path, "is not one of the words it can be");
    value = *std::move(parsed);
  }

  const Json& object_;
  std::string_view file_;
  std::string path_;  // of the object, with a point behind it; empty at the top
  std::optional<Error>& error_;
};

}  // namespace penfield::store
