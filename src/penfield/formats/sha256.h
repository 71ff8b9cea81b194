// SHA-256 of bytes and of files, as 64 lower-case hex digits.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/formats/digest.h"
#include "penfield/formats/mapped_file.h"

namespace penfield::formats {

class Sha256 : public Digest {
 public:
  Sha256() : Digest(Algorithm::kSha256) {}
};

[[nodiscard]] std::string sha256_hex(std::string_view bytes);
// Of the bytes that are mapped; their memory is given back piece by piece. An unfinished hash, of no use,
// once `stop` was requested.
[[nodiscard]] std::string sha256_hex(const MappedFile& file, const std::stop_token& stop = {});
// kIo: cannot be read. kBadInput: not a regular file.
[[nodiscard]] Result<std::string> sha256_file(const std::string& path);

}  // namespace penfield::formats
