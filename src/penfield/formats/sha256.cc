#include "penfield/formats/sha256.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "penfield/base/check.h"
#include "penfield/formats/file_descriptor.h"

namespace penfield::formats {

struct Sha256::Context {
  EVP_MD_CTX* md = EVP_MD_CTX_new();

  Context() {
    PENFIELD_CHECK(md != nullptr);
    PENFIELD_CHECK(EVP_DigestInit_ex(md, EVP_sha256(), nullptr) == 1);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(md); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::byte> bytes) {
  PENFIELD_CHECK(EVP_DigestUpdate(context_->md, bytes.data(), bytes.size()) == 1);
}

void Sha256::update(std::string_view bytes) {
  update(std::as_bytes(std::span(bytes)));
}

std::string Sha256::hex() const {
  const Context copy;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  PENFIELD_CHECK(EVP_MD_CTX_copy_ex(copy.md, context_->md) == 1);
  PENFIELD_CHECK(EVP_DigestFinal_ex(copy.md, digest.data(), &size) == 1);
  std::string out;
  out.reserve(std::size_t{2} * size);
  for (unsigned int i = 0; i < size; ++i) {
    out += "0123456789abcdef"[digest[i] >> 4];
    out += "0123456789abcdef"[digest[i] & 15];
  }
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

Result<std::string> sha256_file(const std::string& path) {
  PENFIELD_TRY(const RegularFile file, open_regular_file(path));
  Sha256 hash;
  std::vector<char> buffer(std::size_t{1} << 20);
  for (;;) {
    const ssize_t n_read = ::read(file.fd.get(), buffer.data(), buffer.size());
    if (n_read < 0 && errno == EINTR) continue;
    if (n_read < 0) return io_error("{}: cannot be read: {}", path, error_text(errno));
    if (n_read == 0) return hash.hex();
    hash.update(std::string_view(buffer.data(), static_cast<std::size_t>(n_read)));
  }
}

}  // namespace penfield::formats
