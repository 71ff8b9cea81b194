#include "penfield/formats/crc32.h"

#include <zlib.h>

namespace penfield::formats {

std::uint32_t crc32(std::span<const std::byte> bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

}  // namespace penfield::formats
