// Safetensors files as bytes, also broken ones. For tests only.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace penfield::formats {

template <class T>
std::string bytes_of(std::initializer_list<T> values) {
  return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T)};
}

inline std::string file_of(std::string_view header, std::string_view data, std::uint64_t length) {
  return bytes_of({length}).append(header).append(data);
}
inline std::string file_of(std::string_view header, std::string_view data) {
  return file_of(header, data, header.size());
}

// One tensor "a" over eight bytes, with its entry as given.
inline std::string one_tensor(std::string_view entry) {
  return file_of(fmt::format(R"({{"a":{}}})", entry), std::string(8, '\0'));
}

}  // namespace penfield::formats
