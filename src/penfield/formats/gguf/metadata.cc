#include "penfield/formats/gguf/metadata.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "penfield/formats/message_text.h"

namespace penfield::formats {
namespace {

struct GgufTypeRow {
  std::string_view name;
  std::size_t n_bytes;
};
constexpr std::array<GgufTypeRow, kGgufTypes> kGgufTypeRows = {{{"u8", 1},
                                                                {"i8", 1},
                                                                {"u16", 2},
                                                                {"i16", 2},
                                                                {"u32", 4},
                                                                {"i32", 4},
                                                                {"f32", 4},
                                                                {"bool", 1},
                                                                {"string", 0},
                                                                {"array", 0},
                                                                {"u64", 8},
                                                                {"i64", 8},
                                                                {"f64", 8}}};

template <class T>
T value_at(std::span<const std::byte> bytes, std::size_t i) {
  T value{};
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

// An integer of any type, sign and magnitude apart, so that u64 and i64 both fit.
struct Integer {
  bool negative = false;
  std::uint64_t magnitude = 0;

  [[nodiscard]] std::optional<std::int64_t> as_i64() const {
    if (magnitude > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (negative ? 1 : 0))
      return std::nullopt;
    return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
  }
};

template <class T>
Integer integer_at(std::span<const std::byte> bytes, std::size_t i) {
  const T value = value_at<T>(bytes, i);
  if constexpr (std::numeric_limits<T>::is_signed) {
    if (value < 0) return {true, 0 - static_cast<std::uint64_t>(value)};
  }
  return {false, static_cast<std::uint64_t>(value)};
}

bool is_integer(GgufType type) {
  return gguf_type_bytes(type) > 0 && type != GgufType::kF32 && type != GgufType::kF64 &&
         type != GgufType::kBool;
}

// type: is_integer.
Integer integer_at(GgufType type, std::span<const std::byte> bytes, std::size_t i) {
  switch (type) {
    case GgufType::kU8:
      return integer_at<std::uint8_t>(bytes, i);
    case GgufType::kI8:
      return integer_at<std::int8_t>(bytes, i);
    case GgufType::kU16:
      return integer_at<std::uint16_t>(bytes, i);
    case GgufType::kI16:
      return integer_at<std::int16_t>(bytes, i);
    case GgufType::kU32:
      return integer_at<std::uint32_t>(bytes, i);
    case GgufType::kI32:
      return integer_at<std::int32_t>(bytes, i);
    case GgufType::kU64:
      return integer_at<std::uint64_t>(bytes, i);
    default:
      return integer_at<std::int64_t>(bytes, i);
  }
}

std::optional<float> float_at(GgufType type, std::span<const std::byte> bytes, std::size_t i) {
  if (type == GgufType::kF32) return value_at<float>(bytes, i);
  if (type == GgufType::kF64) return static_cast<float>(value_at<double>(bytes, i));
  return std::nullopt;
}

std::string type_text(const GgufValue& value) {
  if (value.type != GgufType::kArray) return std::string(gguf_type_name(value.type));
  return fmt::format("array of {}", gguf_type_name(value.element_type));
}

}  // namespace

std::string_view gguf_type_name(GgufType type) {
  return kGgufTypeRows[static_cast<std::size_t>(type)].name;
}
std::size_t gguf_type_bytes(GgufType type) {
  return kGgufTypeRows[static_cast<std::size_t>(type)].n_bytes;
}

const GgufValue* GgufMetadata::find(std::string_view key) const {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), key,
                                   [](const GgufEntry& entry, std::string_view k) { return entry.key < k; });
  return at != entries_.end() && at->key == key ? &at->value : nullptr;
}

tl::unexpected<Error> GgufMetadata::wrong_type(std::string_view key, std::string_view expected,
                                               const GgufValue& value) const {
  return bad_input("{}: key '{}': its type is {}, but must be {}", path_, message_text(key), type_text(value),
                   expected);
}

template <class T>
Result<T> GgufMetadata::required(std::string_view key, Result<std::optional<T>> found) const {
  if (!found) return tl::unexpected(std::move(found).error());
  if (!*found) return bad_input("{}: the key '{}' is missing", path_, message_text(key));
  return std::move(**found);
}

Result<std::optional<std::string_view>> GgufMetadata::find_string(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->type != GgufType::kString) return wrong_type(key, "string", *value);
  return std::string_view(reinterpret_cast<const char*>(value->bytes.data()), value->bytes.size());
}

Result<std::optional<bool>> GgufMetadata::find_bool(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->type != GgufType::kBool) return wrong_type(key, "bool", *value);
  return value->bytes.front() != std::byte{0};
}

Result<std::optional<std::int64_t>> GgufMetadata::find_i64(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!is_integer(value->type)) return wrong_type(key, "an integer", *value);
  const Integer integer = integer_at(value->type, value->bytes, 0);
  const std::optional<std::int64_t> fitting = integer.as_i64();
  if (!fitting)
    return bad_input("{}: key '{}': {} is too large", path_, message_text(key), integer.magnitude);
  return *fitting;
}

Result<std::optional<std::uint32_t>> GgufMetadata::find_u32(std::string_view key) const {
  PENFIELD_TRY(const std::optional<std::int64_t> value, find_i64(key));
  if (!value) return std::nullopt;
  if (*value < 0 || *value > std::numeric_limits<std::uint32_t>::max()) {
    return bad_input("{}: key '{}': {} is not between 0 and 2^32 - 1", path_, message_text(key), *value);
  }
  return static_cast<std::uint32_t>(*value);
}

Result<std::optional<float>> GgufMetadata::find_f32(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  const std::optional<float> number = float_at(value->type, value->bytes, 0);
  if (!number) return wrong_type(key, "f32 or f64", *value);
  if (!std::isfinite(*number)) return bad_input("{}: key '{}': NaN or infinite", path_, message_text(key));
  return *number;
}

Result<std::optional<std::vector<std::string_view>>> GgufMetadata::find_strings(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->type != GgufType::kArray || value->element_type != GgufType::kString) {
    return wrong_type(key, "array of string", *value);
  }
  std::vector<std::string_view> out;
  out.reserve(static_cast<std::size_t>(value->n_elements));
  std::span<const std::byte> left = value->bytes;
  for (std::uint64_t i = 0; i < value->n_elements; ++i) {
    const auto length = static_cast<std::size_t>(value_at<std::uint64_t>(left, 0));
    left = left.subspan(sizeof(std::uint64_t));
    out.emplace_back(reinterpret_cast<const char*>(left.data()), length);
    left = left.subspan(length);
  }
  return out;
}

Result<std::optional<std::vector<bool>>> GgufMetadata::find_bools(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->type != GgufType::kArray || value->element_type != GgufType::kBool) {
    return wrong_type(key, "array of bool", *value);
  }
  std::vector<bool> out;
  out.reserve(value->bytes.size());
  for (const std::byte byte : value->bytes) out.push_back(byte != std::byte{0});
  return out;
}

Result<std::optional<std::vector<std::int64_t>>> GgufMetadata::find_i64s(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->type != GgufType::kArray || !is_integer(value->element_type)) {
    return wrong_type(key, "array of integers", *value);
  }
  std::vector<std::int64_t> out(static_cast<std::size_t>(value->n_elements));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Integer integer = integer_at(value->element_type, value->bytes, i);
    const std::optional<std::int64_t> fitting = integer.as_i64();
    if (!fitting) {
      return bad_input("{}: key '{}': element {}, {}, is too large", path_, message_text(key), i,
                       integer.magnitude);
    }
    out[i] = *fitting;
  }
  return out;
}

Result<std::optional<std::vector<float>>> GgufMetadata::find_f32s(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  const GgufType type = value->element_type;
  if (value->type != GgufType::kArray || (type != GgufType::kF32 && type != GgufType::kF64)) {
    return wrong_type(key, "array of f32 or f64", *value);
  }
  std::vector<float> out(static_cast<std::size_t>(value->n_elements));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = *float_at(type, value->bytes, i);
  return out;
}

Result<std::string_view> GgufMetadata::string(std::string_view key) const {
  return required(key, find_string(key));
}
Result<std::uint32_t> GgufMetadata::u32(std::string_view key) const {
  return required(key, find_u32(key));
}
Result<float> GgufMetadata::f32(std::string_view key) const {
  return required(key, find_f32(key));
}
Result<std::vector<std::string_view>> GgufMetadata::strings(std::string_view key) const {
  return required(key, find_strings(key));
}
Result<std::vector<bool>> GgufMetadata::bools(std::string_view key) const {
  return required(key, find_bools(key));
}
Result<std::vector<std::int64_t>> GgufMetadata::i64s(std::string_view key) const {
  return required(key, find_i64s(key));
}
Result<std::vector<float>> GgufMetadata::f32s(std::string_view key) const {
  return required(key, find_f32s(key));
}

}  // namespace penfield::formats
