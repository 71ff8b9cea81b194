// SHA-1 and SHA-256 of a stream of bytes, as lower-case hex digits (OpenSSL's EVP).
//
// SHA-1 is here because Git names a file by it (git_blob_digest); nothing is protected by it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace penfield::formats {

class Digest {
 public:
  enum class Algorithm : std::uint8_t { kSha1, kSha256 };

  explicit Digest(Algorithm algorithm);
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;
  ~Digest();

  void update(std::span<const std::byte> bytes);
  void update(std::string_view bytes);
  // Of everything so far, 40 or 64 digits; update() may be called again afterwards.
  [[nodiscard]] std::string hex() const;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// The digest by which Git names a file of n_bytes ("blob <n_bytes>\0" and the contents, SHA-1); the contents
// are still to be passed to update().
[[nodiscard]] Digest git_blob_digest(std::uint64_t n_bytes);

}  // namespace penfield::formats
