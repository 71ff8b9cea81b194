#include "penfield/server/token.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <iterator>

namespace penfield::server {

Result<std::string> make_token() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    return io_error("the system gives no random numbers, which the explorer needs for its token");
  std::string token;
  for (const unsigned char byte : bytes) fmt::format_to(std::back_inserter(token), "{:02x}", byte);
  return token;
}

bool same_token(std::string_view given, std::string_view token) {
  return given.size() == token.size() && CRYPTO_memcmp(given.data(), token.data(), token.size()) == 0;
}

}  // namespace penfield::server
