// The fields of a config.json, checked one by one. Every error names the file and the field.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/numeric/activation.h"

namespace penfield::model {

// Bounds of sizes: far beyond every model that exists, so a size beyond them is an error in the file, and
// every product of four of them stays below 2^63.
inline constexpr std::uint64_t kMaxWidth = 1u << 16;
inline constexpr std::uint64_t kMaxLayers = 1u << 12;
inline constexpr std::uint64_t kMaxPositions = 1u << 24;
inline constexpr std::uint64_t kMaxInner = 1u << 18;
inline constexpr std::uint64_t kMaxVocab = 1u << 22;

class ConfigReader {
 public:
  // name: what errors call it ("…/config.json", "…/config.json, text_config").
  ConfigReader(nlohmann::json object, std::string name)
      : object_(std::move(object)), name_(std::move(name)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  // False of a field that is null, as of one that is missing.
  [[nodiscard]] bool has(std::string_view key) const;
  // True of a missing field alone.
  [[nodiscard]] bool is_absent(std::string_view key) const { return !object_.contains(key); }
  [[nodiscard]] const nlohmann::json& object() const { return object_; }

  // From 1 to at_most.
  [[nodiscard]] Result<std::uint32_t> size(std::string_view key, std::uint64_t at_most) const;
  [[nodiscard]] Result<std::uint32_t> size_or(std::string_view key, std::uint64_t at_most,
                                              std::uint32_t otherwise) const;
  // From 0 to 2^32 − 1.
  [[nodiscard]] Result<std::uint32_t> count(std::string_view key) const;
  // Absent: `otherwise`; null: nothing.
  [[nodiscard]] Result<std::optional<std::uint32_t>> size_or_null(
      std::string_view key, std::uint64_t at_most, std::optional<std::uint32_t> otherwise) const;
  [[nodiscard]] Result<std::optional<float>> positive_or_null(std::string_view key,
                                                              std::optional<float> otherwise) const;
  [[nodiscard]] Result<bool> flag(std::string_view key, bool otherwise) const;
  // A normal float32 above 0.
  [[nodiscard]] Result<float> positive(std::string_view key) const;
  [[nodiscard]] Result<float> positive_or(std::string_view key, float otherwise) const;
  // The same as float64.
  [[nodiscard]] Result<double> positive_double(std::string_view key) const;
  [[nodiscard]] Result<std::string> text(std::string_view key) const;
  [[nodiscard]] Result<std::string> text_or(std::string_view key, std::string_view otherwise) const;
  [[nodiscard]] Result<std::vector<float>> positive_numbers(std::string_view key) const;
  [[nodiscard]] Result<std::vector<std::string>> texts(std::string_view key) const;
  [[nodiscard]] Result<numeric::Activation> activation(std::string_view key,
                                                       numeric::Activation otherwise) const;
  // An object within the object.
  [[nodiscard]] Result<ConfigReader> section(std::string_view key) const;

  // kBadInput where the field is there and is anything else: what it asks for is not computed.
  [[nodiscard]] Result<void> must_be(std::string_view key, const nlohmann::json& value) const;

 private:
  nlohmann::json object_;
  std::string name_;
};

}  // namespace penfield::model
