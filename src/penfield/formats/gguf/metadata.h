// The key-value pairs at the beginning of a GGUF file, looked up by key and type.
//
// A value stays where it lies in the mapped file; strings are views into it. A key that is absent is no error
// (std::nullopt), a key of another type is: kBadInput with file, key, and both types. Writers differ in the
// width of their integers, so every integer type is taken where the value fits.
//
// Source of the types: github.com/ggml-org/ggml, docs/gguf.md, "gguf_metadata_value_type".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"

namespace penfield::formats {

// Numbered as in the file.
enum class GgufType : std::uint8_t {
  kU8,
  kI8,
  kU16,
  kI16,
  kU32,
  kI32,
  kF32,
  kBool,
  kString,
  kArray,
  kU64,
  kI64,
  kF64,
};
inline constexpr std::size_t kGgufTypes = 13;

// "u8", …, "string", "array".
[[nodiscard]] std::string_view gguf_type_name(GgufType type);
// Bytes of a value; 0 for strings and arrays, whose length is their own.
[[nodiscard]] std::size_t gguf_type_bytes(GgufType type);

struct GgufValue {
  GgufType type = GgufType::kU8;
  GgufType element_type = GgufType::kU8;  // of an array
  std::uint64_t n_elements = 0;           // of an array
  // A number's bytes, a string's characters, an array's elements one behind the other (a string in an array
  // with its length before it). Known to be whole.
  std::span<const std::byte> bytes;
};

struct GgufEntry {
  std::string_view key;
  GgufValue value;
};

class GgufMetadata {
 public:
  GgufMetadata() = default;
  // entries: sorted by key, no two of one key. path: for messages.
  GgufMetadata(std::string path, std::vector<GgufEntry> entries)
      : path_(std::move(path)), entries_(std::move(entries)) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::vector<GgufEntry>& entries() const { return entries_; }
  [[nodiscard]] const GgufValue* find(std::string_view key) const;  // nullptr where there is none

  [[nodiscard]] Result<std::optional<std::string_view>> find_string(std::string_view key) const;
  [[nodiscard]] Result<std::optional<bool>> find_bool(std::string_view key) const;
  // kBadInput also where the value does not fit.
  [[nodiscard]] Result<std::optional<std::uint32_t>> find_u32(std::string_view key) const;
  [[nodiscard]] Result<std::optional<std::int64_t>> find_i64(std::string_view key) const;
  // f32, or f64 rounded to the nearest. kBadInput also where the value is NaN or infinite.
  [[nodiscard]] Result<std::optional<float>> find_f32(std::string_view key) const;

  [[nodiscard]] Result<std::optional<std::vector<std::string_view>>> find_strings(std::string_view key) const;
  [[nodiscard]] Result<std::optional<std::vector<bool>>> find_bools(std::string_view key) const;
  [[nodiscard]] Result<std::optional<std::vector<std::int64_t>>> find_i64s(std::string_view key) const;
  // NaN and infinities as they are: a tokenizer's scores may hold -infinity.
  [[nodiscard]] Result<std::optional<std::vector<float>>> find_f32s(std::string_view key) const;

  // As above; kBadInput where the key is absent.
  [[nodiscard]] Result<std::string_view> string(std::string_view key) const;
  [[nodiscard]] Result<std::uint32_t> u32(std::string_view key) const;
  [[nodiscard]] Result<float> f32(std::string_view key) const;
  [[nodiscard]] Result<std::vector<std::string_view>> strings(std::string_view key) const;
  [[nodiscard]] Result<std::vector<bool>> bools(std::string_view key) const;
  [[nodiscard]] Result<std::vector<std::int64_t>> i64s(std::string_view key) const;
  [[nodiscard]] Result<std::vector<float>> f32s(std::string_view key) const;

 private:
  [[nodiscard]] tl::unexpected<Error> wrong_type(std::string_view key, std::string_view expected,
                                                 const GgufValue& value) const;
  template <class T>
  [[nodiscard]] Result<T> required(std::string_view key, Result<std::optional<T>> found) const;

  std::string path_;
  std::vector<GgufEntry> entries_;
};

}  // namespace penfield::formats
