#include "penfield/formats/crc32.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace penfield::formats {
namespace {

std::uint32_t crc32_of(std::string_view text) {
  return crc32(std::as_bytes(std::span(text)));
}

// The check value of the catalogue of CRC algorithms (CRC-32/ISO-HDLC), and what Python's zlib.crc32 gives.
TEST(Crc32, GivesTheKnownValues) {
  EXPECT_EQ(crc32_of("123456789"), 0xcbf43926u);
  EXPECT_EQ(crc32_of(""), 0u);
  EXPECT_EQ(crc32_of("Penfield"), 0x46a39382u);
}

TEST(Crc32, SeesEverySingleBit) {
  std::array<std::byte, 64> bytes{};
  const std::uint32_t before = crc32(bytes);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto flipped = bytes;
    flipped[bit / 8] ^= std::byte{1} << bit % 8;
    EXPECT_NE(crc32(flipped), before) << bit;
  }
}

}  // namespace
}  // namespace penfield::formats
