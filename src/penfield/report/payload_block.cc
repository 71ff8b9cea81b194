#include "penfield/report/payload_block.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>

#include "penfield/base/check.h"

namespace penfield::report {

std::string base64(std::string_view bytes) {
  constexpr std::size_t kPiece = 3 << 20;  // a multiple of 3, so that only the last piece is padded
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4 + 1);
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
    const std::string_view piece = bytes.substr(at, kPiece);
    const std::size_t begin = out.size();
    out.resize(begin + (piece.size() + 2) / 3 * 4 + 1);  // OpenSSL writes a NUL behind
    const int n =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data() + begin),
                        reinterpret_cast<const unsigned char*>(piece.data()), static_cast<int>(piece.size()));
    out.resize(begin + static_cast<std::size_t>(n));
  }
  return out;
}

std::string compress(std::string_view bytes) {
  uLongf n = compressBound(bytes.size());
  std::string out(n, '\0');
  const int status =
      compress2(reinterpret_cast<Bytef*>(out.data()), &n, reinterpret_cast<const Bytef*>(bytes.data()),
                bytes.size(), Z_BEST_COMPRESSION);
  PENFIELD_CHECK(status == Z_OK);  // the buffer is large enough by compressBound
  out.resize(n);
  return out;
}

std::string block_element(std::string_view name, std::string_view bytes) {
  return fmt::format("<script type=\"text/plain\" id=\"penfield-block-{}\">{}</script>", name,
                     base64(compress(bytes)));
}

}  // namespace penfield::report
