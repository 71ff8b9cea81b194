// SHA-256 of bytes and of files, as 64 lower-case hex digits (OpenSSL's EVP).
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "penfield/base/result.h"

namespace penfield::formats {

class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void update(std::span<const std::byte> bytes);
  void update(std::string_view bytes);
  // Of everything so far; update() may be called again afterwards.
  [[nodiscard]] std::string hex() const;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

[[nodiscard]] std::string sha256_hex(std::string_view bytes);
// kIo: cannot be read. kBadInput: not a regular file.
[[nodiscard]] Result<std::string> sha256_file(const std::string& path);

}  // namespace penfield::formats
