#include "penfield/formats/gguf/read_metadata.h"

#include <algorithm>

#include "penfield/base/checked.h"
#include "penfield/formats/message_text.h"

namespace penfield::formats {
namespace {

constexpr std::size_t kMaxKeyBytes = 65535;
// A length, one character, a type, and a value of one byte.
constexpr std::size_t kMinPairBytes = 8 + 1 + 4 + 1;

Result<void> check_key(std::string_view key, std::string_view path) {
  if (key.empty()) return bad_input("{}: a key is empty", path);
  if (key.size() > kMaxKeyBytes) {
    return bad_input("{}: key '{}' has {} bytes, but at most {} are allowed", path, message_text(key),
                     key.size(), kMaxKeyBytes);
  }
  if (!std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; })) {
    return bad_input("{}: key '{}' holds a byte that is not printable ASCII", path, message_text(key));
  }
  return {};
}

Result<GgufType> read_type(GgufByteReader& reader, std::string_view what) {
  PENFIELD_TRY(const auto number, reader.number<std::uint32_t>(what));
  if (number >= kGgufTypes) {
    return bad_input("{}: {}: the type {} is unknown; the types are 0 to {}", reader.path(), what, number,
                     kGgufTypes - 1);
  }
  return static_cast<GgufType>(number);
}

Result<void> check_bools(std::span<const std::byte> bytes, std::string_view what, std::string_view path) {
  const auto other = std::find_if(bytes.begin(), bytes.end(),
                                  [](std::byte b) { return b != std::byte{0} && b != std::byte{1}; });
  if (other == bytes.end()) return {};
  return bad_input("{}: {}: a bool is {}, but must be 0 or 1", path, what, std::to_integer<unsigned>(*other));
}

// The least that an element can take: an array's is its type and its count.
std::uint64_t min_element_bytes(GgufType type) {
  if (type == GgufType::kString) return 8;
  if (type == GgufType::kArray) return 12;
  return gguf_type_bytes(type);
}

Result<GgufValue> read_array(GgufByteReader& reader, std::string_view what, unsigned depth);

Result<void> skip_elements(GgufByteReader& reader, const GgufValue& array, std::string_view what,
                           unsigned depth) {
  const std::size_t n_bytes = gguf_type_bytes(array.element_type);
  if (n_bytes > 0) {
    PENFIELD_TRY(const auto bytes, reader.bytes(array.n_elements * n_bytes, what));
    if (array.element_type == GgufType::kBool) return check_bools(bytes, what, reader.path());
    return {};
  }
  for (std::uint64_t i = 0; i < array.n_elements; ++i) {
    if (array.element_type == GgufType::kString) {
      PENFIELD_TRY_VOID(reader.string(what));
    } else {
      PENFIELD_TRY_VOID(read_array(reader, what, depth + 1));
    }
  }
  return {};
}

Result<GgufValue> read_array(GgufByteReader& reader, std::string_view what, unsigned depth) {
  if (depth > kMaxGgufArrayDepth) {
    return bad_input("{}: {}: arrays are nested more than {} deep", reader.path(), what, kMaxGgufArrayDepth);
  }
  GgufValue array;
  array.type = GgufType::kArray;
  PENFIELD_TRY(array.element_type, read_type(reader, what));
  PENFIELD_TRY(array.n_elements, reader.number<std::uint64_t>(what));
  if (array.n_elements > reader.n_left() / min_element_bytes(array.element_type)) {
    return bad_input("{}: {}: an array of {} elements of type {} is longer than the file", reader.path(),
                     what, array.n_elements, gguf_type_name(array.element_type));
  }
  const std::size_t first = reader.position();
  PENFIELD_TRY_VOID(skip_elements(reader, array, what, depth));
  array.bytes = reader.since(first);
  return array;
}

Result<GgufValue> read_value(GgufByteReader& reader, std::string_view what) {
  PENFIELD_TRY(const GgufType type, read_type(reader, what));
  if (type == GgufType::kArray) return read_array(reader, what, 1);
  GgufValue value;
  value.type = type;
  if (type == GgufType::kString) {
    PENFIELD_TRY(const std::string_view text, reader.string(what));
    value.bytes = std::as_bytes(std::span(text));
  } else {
    PENFIELD_TRY(value.bytes, reader.bytes(gguf_type_bytes(type), what));
    if (type == GgufType::kBool) PENFIELD_TRY_VOID(check_bools(value.bytes, what, reader.path()));
  }
  return value;
}

}  // namespace

Result<GgufMetadata> read_metadata(GgufByteReader& reader, std::uint64_t n_pairs) {
  if (n_pairs > reader.n_left() / kMinPairBytes) {
    return bad_input("{}: {} key-value pairs are more than the file can hold", reader.path(), n_pairs);
  }
  std::vector<GgufEntry> entries;
  entries.reserve(static_cast<std::size_t>(n_pairs));
  for (std::uint64_t i = 0; i < n_pairs; ++i) {
    PENFIELD_TRY(const std::string_view key, reader.string("a key"));
    PENFIELD_TRY_VOID(check_key(key, reader.path()));
    PENFIELD_TRY(const GgufValue value, read_value(reader, fmt::format("key '{}'", message_text(key))));
    entries.push_back({key, value});
  }
  std::sort(entries.begin(), entries.end(),
            [](const GgufEntry& a, const GgufEntry& b) { return a.key < b.key; });
  const auto twice = std::adjacent_find(
      entries.begin(), entries.end(), [](const GgufEntry& a, const GgufEntry& b) { return a.key == b.key; });
  if (twice != entries.end()) {
    return bad_input("{}: the key '{}' is given twice", reader.path(), message_text(twice->key));
  }
  return GgufMetadata(std::string(reader.path()), std::move(entries));
}

}  // namespace penfield::formats
