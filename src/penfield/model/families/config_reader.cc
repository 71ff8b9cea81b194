#include "penfield/model/families/config_reader.h"

#include <cmath>

#include "penfield/formats/json.h"
#include "penfield/formats/message_text.h"

namespace penfield::model {

using formats::find_field;

bool ConfigReader::has(std::string_view key) const {
  return find_field(object_, key) != nullptr;
}

Result<std::uint32_t> ConfigReader::size(std::string_view key, std::uint64_t at_most) const {
  PENFIELD_TRY(const std::uint64_t value, formats::get_unsigned(object_, key, name_));
  if (value == 0 || value > at_most) {
    return bad_input("{}: \"{}\" is {}, but must be from 1 to {}; the file is not a usable configuration",
                     name_, key, value, at_most);
  }
  return static_cast<std::uint32_t>(value);
}

Result<std::uint32_t> ConfigReader::size_or(std::string_view key, std::uint64_t at_most,
                                            std::uint32_t otherwise) const {
  if (!has(key)) return otherwise;
  return size(key, at_most);
}

Result<std::uint32_t> ConfigReader::count(std::string_view key) const {
  return formats::get_unsigned32(object_, key, name_);
}

Result<std::optional<std::uint32_t>> ConfigReader::size_or_null(
    std::string_view key, std::uint64_t at_most, std::optional<std::uint32_t> otherwise) const {
  if (!has(key)) return is_absent(key) ? otherwise : std::nullopt;
  return size(key, at_most);
}

Result<std::optional<float>> ConfigReader::positive_or_null(std::string_view key,
                                                            std::optional<float> otherwise) const {
  if (!has(key)) return is_absent(key) ? otherwise : std::nullopt;
  return positive(key);
}

Result<bool> ConfigReader::flag(std::string_view key, bool otherwise) const {
  if (!has(key)) return otherwise;
  return formats::get_bool(object_, key, name_);
}

Result<double> ConfigReader::positive_double(std::string_view key) const {
  PENFIELD_TRY(const double value, formats::get_double(object_, key, name_));
  if (!(value > 0) || !std::isnormal(static_cast<float>(value)))
    return bad_input("{}: \"{}\" is {}, but must be a float32 above 0", name_, key, value);
  return value;
}

Result<float> ConfigReader::positive(std::string_view key) const {
  PENFIELD_TRY(const double value, positive_double(key));
  return static_cast<float>(value);
}

Result<float> ConfigReader::positive_or(std::string_view key, float otherwise) const {
  if (!has(key)) return otherwise;
  return positive(key);
}

Result<std::string> ConfigReader::text(std::string_view key) const {
  return formats::get_string(object_, key, name_);
}

Result<std::string> ConfigReader::text_or(std::string_view key, std::string_view otherwise) const {
  if (!has(key)) return std::string(otherwise);
  return text(key);
}

Result<std::vector<float>> ConfigReader::positive_numbers(std::string_view key) const {
  PENFIELD_TRY(const nlohmann::json* array, formats::get_array(object_, key, name_));
  std::vector<float> out;
  for (const nlohmann::json& element : *array) {
    const auto value = element.is_number() ? element.get<float>() : -1.0f;
    if (!(value > 0) || !std::isnormal(value))
      return bad_input("{}: \"{}\" must hold numbers above 0 alone", name_, key);
    out.push_back(value);
  }
  return out;
}

Result<std::vector<std::string>> ConfigReader::texts(std::string_view key) const {
  PENFIELD_TRY(const nlohmann::json* array, formats::get_array(object_, key, name_));
  std::vector<std::string> out;
  for (const nlohmann::json& element : *array) {
    if (!element.is_string()) return bad_input("{}: \"{}\" must hold strings alone", name_, key);
    out.push_back(element.get<std::string>());
  }
  return out;
}

Result<numeric::Activation> ConfigReader::activation(std::string_view key,
                                                     numeric::Activation otherwise) const {
  if (!has(key)) return otherwise;
  PENFIELD_TRY(const std::string function, text(key));
  if (const auto activation = numeric::parse_activation(function)) return *activation;
  return bad_input("{}: \"{}\" is '{}'; Penfield computes {}", name_, key, formats::message_text(function),
                   numeric::known_activations());
}

Result<ConfigReader> ConfigReader::section(std::string_view key) const {
  PENFIELD_TRY(const nlohmann::json* object, formats::get_object(object_, key, name_));
  return ConfigReader(*object, fmt::format("{}, {}", name_, key));
}

Result<void> ConfigReader::must_be(std::string_view key, const nlohmann::json& value) const {
  const nlohmann::json* found = find_field(object_, key);
  if (found == nullptr || *found == value) return {};
  return bad_input("{}: \"{}\" is {}; Penfield runs models where it is {}", name_, key,
                   formats::message_text(found->dump()), value.dump());
}

}  // namespace penfield::model
