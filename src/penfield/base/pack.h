// Values as bytes and back, for messages between processes of one program on one kind of machine.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "penfield/base/check.h"

namespace penfield {

// Packs and unpacks by the same list of fields: `archive(a, b, c)`.
class Packer {
 public:
  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  template <class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>);
    put(values.size());
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }

  std::string bytes_;
};

// Bytes that no Packer made are a bug.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}
  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  [[nodiscard]] bool is_at_end() const { return bytes_.empty(); }

 private:
  void get_bytes(void* to, std::size_t n) {
    PENFIELD_CHECK(n <= bytes_.size());
    if (n > 0) std::memcpy(to, bytes_.data(), n);
    bytes_.remove_prefix(n);
  }
  template <class T>
  void get(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    get_bytes(&value, sizeof value);
  }
  template <class T>
  void get(std::vector<T>& values) {
    std::size_t n = 0;
    get(n);
    PENFIELD_CHECK(n <= bytes_.size() / sizeof(T));
    values.resize(n);
    get_bytes(values.data(), n * sizeof(T));
  }

  std::string_view bytes_;
};

}  // namespace penfield
