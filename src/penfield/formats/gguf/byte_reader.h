// Reads a GGUF file's header from front to back; nothing is read beyond the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "penfield/base/result.h"

namespace penfield::formats {

class GgufByteReader {
 public:
  GgufByteReader(std::span<const std::byte> file, std::string_view path) : file_(file), path_(path) {}

  [[nodiscard]] std::string_view path() const { return path_; }
  [[nodiscard]] std::size_t position() const { return at_; }
  [[nodiscard]] std::size_t n_left() const { return file_.size() - at_; }

  // kBadInput where the file ends before. what: what is read, for the message.
  [[nodiscard]] Result<std::span<const std::byte>> bytes(std::uint64_t n, std::string_view what) {
    if (n > n_left()) {
      return bad_input(
          "{}: {} at byte {} takes {} bytes, but only {} follow; the file is incomplete or damaged", path_,
          what, at_, n, n_left());
    }
    const auto out = file_.subspan(at_, static_cast<std::size_t>(n));
    at_ += out.size();
    return out;
  }
  template <class T>
  [[nodiscard]] Result<T> number(std::string_view what) {
    PENFIELD_TRY(const auto from, bytes(sizeof(T), what));
    T value{};
    std::memcpy(&value, from.data(), sizeof(T));
    return value;
  }
  // A length and as many bytes.
  [[nodiscard]] Result<std::string_view> string(std::string_view what) {
    PENFIELD_TRY(const auto length, number<std::uint64_t>(what));
    PENFIELD_TRY(const auto characters, bytes(length, what));
    return std::string_view(reinterpret_cast<const char*>(characters.data()), characters.size());
  }
  // Everything from `first` up to here.
  [[nodiscard]] std::span<const std::byte> since(std::size_t first) const {
    return file_.subspan(first, at_ - first);
  }

 private:
  std::span<const std::byte> file_;
  std::string_view path_;
  std::size_t at_ = 0;
};

}  // namespace penfield::formats
