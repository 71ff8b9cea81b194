// SHA-256 of bytes and of files, as 64 lower-case hex digits.
#pragma once

#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/formats/digest.h"

namespace penfield::formats {

class Sha256 : public Digest {
 public:
  Sha256() : Digest(Algorithm::kSha256) {}
};

[[nodiscard]] std::string sha256_hex(std::string_view bytes);
// kIo: cannot be read. kBadInput: not a regular file.
[[nodiscard]] Result<std::string> sha256_file(const std::string& path);

}  // namespace penfield::formats
