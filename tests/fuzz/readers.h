// Everything that reads what others made (files, text, requests, messages), as functions of bytes: for
// damaged inputs and the corpus (readers_test.cc), and for libFuzzer (fuzz_readers.cc).
//
// A reader that ends in "-made" takes instructions for writing a file, and reads that: where a format begins
// with lengths and checksums, bytes at random get no further than those.
//
// What is read without an error must also hold together: a table is written and read again, a tokenizer cuts
// a text, decompressed bytes are those that were compressed. What does not aborts.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penfield::fuzz {

struct Reader {
  std::string_view name;   // "gguf"; its corpus is corpus/NAME
  std::string_view words;  // between spaces: what its inputs are made of, libFuzzer's dictionary
  std::vector<std::string> (
      *seeds)();  // inputs that are read without an error; made by Penfield or golden files
  // The error's message, or empty if the bytes were read.
  std::string (*read)(std::string_view bytes);
};

[[nodiscard]] std::span<const Reader> file_readers();     // weights, arrays, configurations
[[nodiscard]] std::span<const Reader> text_readers();     // corpora, compressed streams, labels, tokenizers
[[nodiscard]] std::span<const Reader> result_readers();   // what lies in a result folder
[[nodiscard]] std::span<const Reader> message_readers();  // HTTP requests, MCP messages, what is typed
[[nodiscard]] std::vector<Reader> readers();              // all of them

// What is wrong with an error's message: not one line, or longer than an error may be. Empty: nothing.
[[nodiscard]] std::string_view fault_of(std::string_view message);

// Writes the bytes to a file of that name in a folder of this process, for readers that take a path.
std::string put_file(std::string_view name, std::string_view bytes);
[[nodiscard]] const std::string& scratch_folder();

// The bytes of a file of the source folder.
[[nodiscard]] std::string source_file(const std::string& path);

}  // namespace penfield::fuzz
