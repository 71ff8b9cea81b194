#include "penfield/report/page/payload_block.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#define ZLIB_CONST  // zlib only reads its input; it says so when it is asked to
#include <zlib.h>

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
  constexpr int kWindowBits = 15, kMemoryLevel = 9, kLevel = 6;
  z_stream stream{};
  PENFIELD_CHECK(deflateInit2(&stream, kLevel, Z_DEFLATED, kWindowBits, kMemoryLevel, Z_RLE) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<const Bytef*>(bytes.data());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.avail_out = static_cast<uInt>(out.size());
  PENFIELD_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);  // deflateBound made room for all
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string block_element(std::string_view name, std::string_view bytes) {
  return fmt::format(R"(<script type="text/plain" id="penfield-block-{}">{}</script>)", name,
                     base64(compress(bytes)));
}

}  // namespace penfield::report
