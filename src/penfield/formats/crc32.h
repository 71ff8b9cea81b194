// CRC-32 (as in zlib and ISO 3309), to detect data that changed on disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace penfield::formats {

[[nodiscard]] std::uint32_t crc32(std::span<const std::byte> bytes);

}  // namespace penfield::formats
