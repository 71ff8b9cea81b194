#include "penfield/report/page/payload_block.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "penfield/base/random.h"

namespace penfield::report {
namespace {

TEST(PayloadBlock, Base64IsThatOfTheStandard) {
  // RFC 4648, section 10.
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(PayloadBlock, LongBase64IsOneLineWithPaddingAtItsEndAlone) {
  const std::string bytes((3 << 20) + 1, 'f');
  const std::string text = base64(bytes);
  EXPECT_EQ(text.size(), (bytes.size() + 2) / 3 * 4);
  EXPECT_EQ(text.find_first_not_of("ZmY"), text.size() - 3) << "Zg==";
  EXPECT_TRUE(text.ends_with("ZmZmZg=="));
}

TEST(PayloadBlock, TheStreamIsZlibsAndUnpacksToTheBytes) {
  Random random(4);
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{100'000}}) {
    std::string bytes(n, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.below(7));
    const std::string packed = compress(bytes);
    ASSERT_TRUE(packed.starts_with('\x78')) << "RFC 1950: deflate, window of 32 KB";
    std::string unpacked(n + 1, '\0');
    uLongf size = unpacked.size();
    ASSERT_EQ(uncompress(reinterpret_cast<Bytef*>(unpacked.data()), &size,
                         reinterpret_cast<const Bytef*>(packed.data()), packed.size()),
              Z_OK);
    unpacked.resize(size);
    EXPECT_EQ(unpacked, bytes);
  }
}

TEST(PayloadBlock, TheElementIsDataWithTheBlocksName) {
  EXPECT_EQ(block_element("units", ""),
            "<script type=\"text/plain\" id=\"penfield-block-units\">eAEDAAAAAAE=</script>");
}

}  // namespace
}  // namespace penfield::report
