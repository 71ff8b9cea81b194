#include "penfield/formats/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <new>

namespace penfield::formats {

struct Digest::Context {
  EVP_MD_CTX* md = EVP_MD_CTX_new();

  Context() { check(md != nullptr); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(md); }
  // Without memory OpenSSL gives null pointers and zeros; nothing else can fail here.
  static void check(bool has_memory) {
    if (!has_memory) throw std::bad_alloc();
  }
};

Digest::Digest(Algorithm algorithm) : context_(std::make_unique<Context>()) {
  const EVP_MD* const md = algorithm == Algorithm::kSha1 ? EVP_sha1() : EVP_sha256();
  Context::check(EVP_DigestInit_ex(context_->md, md, nullptr) == 1);
}
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

void Digest::update(std::span<const std::byte> bytes) {
  Context::check(EVP_DigestUpdate(context_->md, bytes.data(), bytes.size()) == 1);
}
void Digest::update(std::string_view bytes) {
  update(std::as_bytes(std::span(bytes)));
}

std::string Digest::hex() const {
  const Context copy;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  Context::check(EVP_MD_CTX_copy_ex(copy.md, context_->md) == 1);
  Context::check(EVP_DigestFinal_ex(copy.md, digest.data(), &size) == 1);
  std::string out;
  out.reserve(std::size_t{2} * size);
  for (unsigned int i = 0; i < size; ++i) {
    out += "0123456789abcdef"[digest[i] >> 4];
    out += "0123456789abcdef"[digest[i] & 15];
  }
  return out;
}

Digest git_blob_digest(std::uint64_t n_bytes) {
  Digest digest(Digest::Algorithm::kSha1);
  digest.update(fmt::format("blob {}", n_bytes));
  digest.update(std::string_view("\0", 1));
  return digest;
}

}  // namespace penfield::formats
