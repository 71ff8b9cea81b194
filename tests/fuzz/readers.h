// Everything that reads files which others made, as functions of bytes: for mutated files (readers_test.cc)
// and for libFuzzer (fuzz_readers.cc).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace penfield::fuzz {

struct Reader {
  std::string_view name;  // "gguf"
  std::string_view file;  // name under which the bytes lie, for readers that take a path: "x.gguf"
  std::string_view seed;  // a valid file, named from the source folder; empty: `text` is one
  std::string_view text;
  // Reads `bytes`, which lie also at `path`. The error's message, or empty if they were read.
  std::string (*read)(std::string_view bytes, const std::string& path);
};

[[nodiscard]] std::span<const Reader> readers();

}  // namespace penfield::fuzz
