#include "penfield/formats/json.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <type_traits>
#include <vector>

#include "penfield/formats/json_sax.h"
#include "penfield/formats/mapped_file.h"
#include "penfield/formats/message_text.h"

namespace penfield::formats {
namespace {

using nlohmann::json;

// Json: nlohmann::json, whose objects are sorted maps, or nlohmann::ordered_json, whose objects are arrays of
// pairs.
template <class Json>
class DocumentBuilder : public StrictSax {
 public:
  using StrictSax::StrictSax;

  bool null() { return place(nullptr); }
  bool boolean(bool value) { return place(value); }
  bool number_integer(json::number_integer_t value) { return place(value); }
  bool number_unsigned(json::number_unsigned_t value) { return place(value); }
  bool number_float(json::number_float_t value, const std::string&) { return place(value); }
  bool string(std::string& value) { return place(std::move(value)); }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    // Keys are compared after their escapes are resolved.
    if (!open_.back().keys.insert(name).second) {
      return refuse(fmt::format("the key \"{}\" stands twice in one object", message_text(name)));
    }
    auto& fields = open_.back().container->template get_ref<typename Json::object_t&>();
    if constexpr (std::is_same_v<Json, json>) {
      field_ = &fields[name];
    } else {
      fields.push_back({name, nullptr});  // operator[] would search all fields before it
      field_ = &fields.back().second;
    }
    return true;
  }

  [[nodiscard]] Json take() { return std::move(root_); }

 private:
  struct Open {
    Json* container;             // only the innermost one grows, so none of them moves
    std::set<std::string> keys;  // no hash, for which keys could be chosen to collide
  };

  bool place(Json value) {
    put(std::move(value));
    return true;
  }
  bool open(Json container) {
    if (!enter()) return false;
    open_.push_back({put(std::move(container)), {}});
    return true;
  }
  bool close() {
    open_.pop_back();
    return leave();
  }
  Json* put(Json value) {
    Json* target = &root_;
    if (!open_.empty() && open_.back().container->is_array()) {
      target = &open_.back().container->template get_ref<typename Json::array_t&>().emplace_back();
    } else if (!open_.empty()) {
      target = field_;
    }
    *target = std::move(value);
    return target;
  }

  Json root_;
  std::vector<Open> open_;  // the containers around the current place
  Json* field_ = nullptr;   // the value of the key just read
};

template <class Json>
Result<Json> parse(std::string_view bytes, std::string_view name, std::size_t max_depth) {
  DocumentBuilder<Json> builder(max_depth);
  PENFIELD_TRY_VOID(parse_json_events(bytes, name, builder));
  return builder.take();
}

const char* type_in_words(const json& value) {
  switch (value.type()) {
    case json::value_t::null:
      return "null";
    case json::value_t::object:
      return "an object";
    case json::value_t::array:
      return "an array";
    case json::value_t::string:
      return "a string";
    case json::value_t::boolean:
      return "true or false";
    case json::value_t::number_integer:
      return "a negative number";
    case json::value_t::number_unsigned:
      return "a whole number";
    default:
      return "a number with a fraction or exponent";
  }
}

tl::unexpected<Error> wrong_type(std::string_view name, std::string_view key, const char* wanted,
                                 const json& value) {
  return bad_input("{}: \"{}\" must be {}, not {}", name, key, wanted, type_in_words(value));
}

}  // namespace

bool StrictSax::enter() {
  if (++depth_ > max_depth_)
    return refuse(fmt::format("objects and arrays are nested deeper than {}", max_depth_));
  return true;
}

// Keeps of nlohmann's "[json.exception.parse_error.101] parse error at line 1, column 2: <why>; last read:
// '<text>'" only <why>: the place is counted anew, and the text may be long and hostile.
bool StrictSax::parse_error(std::size_t position, const std::string&, const json::exception& error) {
  std::string_view why = error.what();
  if (const std::size_t at = why.find("] "); at != std::string_view::npos) why.remove_prefix(at + 2);
  if (why.starts_with("parse error at ")) {
    if (const std::size_t at = why.find(": "); at != std::string_view::npos) why.remove_prefix(at + 2);
  }
  why = why.substr(0, why.find("; last read"));
  problem_ = message_text(why);
  problem_position_ = position;
  return false;
}

Result<void> check_json_bytes(std::string_view bytes, std::string_view name) {
  if (bytes.starts_with("\xef\xbb\xbf"))
    return bad_input("{}: begins with a byte-order mark, which JSON forbids", name);
  if (const std::size_t at = bytes.find('\0'); at != std::string_view::npos) {
    return bad_input("{}: byte {}: a NUL byte, which JSON forbids", name, at);
  }
  return {};
}

tl::unexpected<Error> json_error(std::string_view bytes, std::string_view name, const StrictSax& sax) {
  if (sax.problem_position() == 0) return bad_input("{}: {}", name, sax.problem());
  // The parser has read the byte it does not like, so the place is that of the byte before its position.
  const std::string_view before = bytes.substr(0, sax.problem_position() - 1);
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return bad_input("{}: line {}, column {}: not valid JSON: {}", name, line, before.size() - line_begin + 1,
                   sax.problem());
}

Result<json> parse_json(std::string_view bytes, std::string_view name, std::size_t max_depth) {
  return parse<json>(bytes, name, max_depth);
}

Result<nlohmann::ordered_json> parse_ordered_json(std::string_view bytes, std::string_view name,
                                                  std::size_t max_depth) {
  return parse<nlohmann::ordered_json>(bytes, name, max_depth);
}

Result<json> read_json_file(const std::string& path) {
  PENFIELD_TRY(const MappedFile file, MappedFile::open(path));
  return parse_json(file.text(), path);
}

const json* find_field(const json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto& fields = object.get_ref<const json::object_t&>();
  const auto field = fields.find(key);
  return field == fields.end() || field->second.is_null() ? nullptr : &field->second;
}

Result<const json*> get_field(const json& object, std::string_view key, std::string_view name) {
  if (!object.is_object())
    return bad_input("{}: an object with \"{}\" was expected, not {}", name, key, type_in_words(object));
  const json* field = find_field(object, key);
  if (field == nullptr) return bad_input("{}: \"{}\" is missing", name, key);
  return field;
}

Result<const json*> get_object(const json& object, std::string_view key, std::string_view name) {
  PENFIELD_TRY(const json* field, get_field(object, key, name));
  if (!field->is_object()) return wrong_type(name, key, "an object", *field);
  return field;
}

Result<const json*> get_array(const json& object, std::string_view key, std::string_view name) {
  PENFIELD_TRY(const json* field, get_field(object, key, name));
  if (!field->is_array()) return wrong_type(name, key, "an array", *field);
  return field;
}

Result<std::uint64_t> get_unsigned(const json& object, std::string_view key, std::string_view name) {
  PENFIELD_TRY(const json* field, get_field(object, key, name));
  if (!field->is_number_unsigned()) return wrong_type(name, key, "a whole number of at least 0", *field);
  return field->get<std::uint64_t>();
}

Result<std::uint32_t> get_unsigned32(const json& object, std::string_view key, std::string_view name) {
  PENFIELD_TRY(const std::uint64_t value, get_unsigned(object, key, name));
  if (value > std::numeric_limits<std::uint32_t>::max())
    return bad_input("{}: \"{}\" is {}, which is too large", name, key, value);
  return static_cast<std::uint32_t>(value);
}

Result<std::int64_t> get_integer(const json& object, std::string_view key, std::string_view name) {
  PENFIELD_TRY(const json* field, get_field(object, key, name));
  if (!field->is_number_integer()) return wrong_type(name, key, "a whole number", *field);
  if (field->is_number_unsigned() &&
      field->get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    return bad_input("{}: \"{}\" is {}, which is too large", name, key, field->get<std::uint64_t>());
  }
  return field->get<std::int64_t>();
}

Result<double> get_double(const json& object, std::string_view key, std::string_view name) {
  PENFIELD_TRY(const json* field, get_field(object, key, name));
  if (!field->is_number()) return wrong_type(name, key, "a number", *field);
  return field->get<double>();
}

Result<bool> get_bool(const json& object, std::string_view key, std::string_view name) {
  PENFIELD_TRY(const json* field, get_field(object, key, name));
  if (!field->is_boolean()) return wrong_type(name, key, "true or false", *field);
  return field->get<bool>();
}

Result<std::string> get_string(const json& object, std::string_view key, std::string_view name) {
  PENFIELD_TRY(const json* field, get_field(object, key, name));
  if (!field->is_string()) return wrong_type(name, key, "a string", *field);
  return field->get<std::string>();
}

}  // namespace penfield::formats
