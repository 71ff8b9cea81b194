// CRC-32 (that of zlib and of ISO 3309): tells data that changed on disk from data that did not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace penfield::formats {

[[nodiscard]] std::uint32_t crc32(std::span<const std::byte> bytes);

}  // namespace penfield::formats
