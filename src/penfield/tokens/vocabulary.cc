#include "penfield/tokens/vocabulary.h"

#include <utf8proc.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "penfield/formats/json.h"
#include "penfield/formats/mapped_file.h"

namespace penfield::tokens {
namespace {

// Letters stand in the alphabet for byte values; index: code point. 256 characters, the last is U+0143.
constexpr std::size_t kAlphabetEnd = 0x144;

constexpr std::array<std::int16_t, kAlphabetEnd> byte_of_letter() {
  std::array<std::int16_t, kAlphabetEnd> bytes{};
  for (std::int16_t& byte : bytes) byte = -1;
  std::size_t next = 256;
  for (std::int16_t b = 0; b < 256; ++b) {
    const bool printable = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
    bytes[printable ? static_cast<std::size_t>(b) : next++] = b;
  }
  return bytes;
}
constexpr std::array<std::int16_t, kAlphabetEnd> kByteOfLetter = byte_of_letter();

// The bytes that `name` spells in the byte alphabet; nullopt where a character is not of it.
std::optional<std::string> spelled_bytes(std::string_view name) {
  std::string bytes;
  while (!name.empty()) {
    utf8proc_int32_t letter = -1;
    const auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
                                    static_cast<utf8proc_ssize_t>(name.size()), &letter);
    if (n <= 0 || static_cast<std::size_t>(letter) >= kAlphabetEnd) return std::nullopt;
    const std::int16_t byte = kByteOfLetter[static_cast<std::size_t>(letter)];
    if (byte < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(byte));
    name.remove_prefix(static_cast<std::size_t>(n));
  }
  return bytes;
}

bool is_special(std::string_view name) {
  return name.size() > 2 &&
         ((name.front() == '<' && name.back() == '>') || (name.front() == '[' && name.back() == ']'));
}

// A name from a file, for an error message: quoted, on one line, not endless.
std::string in_quotes(std::string_view name) {
  constexpr std::size_t kMost = 60;
  const bool cut = name.size() > kMost;
  return nlohmann::json(name.substr(0, kMost)).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) +
         (cut ? "…" : "");
}

// Notes the tokens of single bytes; kBadInput where one is missing.
Result<void> find_byte_tokens(Vocabulary& vocabulary, std::string_view file_name) {
  std::array<bool, 256> found{};
  for (std::size_t id = 0; id < vocabulary.token_bytes.size(); ++id) {
    const std::string& bytes = vocabulary.token_bytes[id];
    if (bytes.size() != 1) continue;
    const auto byte = static_cast<unsigned char>(bytes[0]);
    found[byte] = true;
    vocabulary.byte_tokens[byte] = static_cast<TokenId>(id);
  }
  for (std::size_t byte = 0; byte < 256; ++byte) {
    if (!found[byte]) {
      return bad_input(
          "{}: no token for the byte 0x{:02X}; a byte-level vocabulary has one for each of the 256 bytes",
          file_name, byte);
    }
  }
  return {};
}

}  // namespace

Result<Vocabulary> parse_vocabulary(std::string_view json, std::string_view file_name) {
  PENFIELD_TRY(const nlohmann::json entries, formats::parse_json(json, file_name));
  if (!entries.is_object()) return bad_input("{}: not a JSON object of tokens and their ids", file_name);
  const std::size_t n = entries.size();
  Vocabulary vocabulary;
  vocabulary.token_bytes.resize(n);
  vocabulary.by_name.reserve(n);
  std::vector<bool> taken(n, false);
  for (const auto& [name, value] : entries.items()) {
    if (!value.is_number_unsigned()) {
      return bad_input("{}: token {} has the id {}; ids are whole numbers from 0 on", file_name,
                       in_quotes(name), in_quotes(value.dump()));
    }
    const auto id = value.get<std::uint64_t>();
    if (id >= n) {
      return bad_input("{}: token {} has the id {}, but there are {} tokens and ids have no gap", file_name,
                       in_quotes(name), id, n);
    }
    if (taken[id])
      return bad_input("{}: the id {} of token {} is taken by another token", file_name, id, in_quotes(name));
    std::optional<std::string> bytes = spelled_bytes(name);
    if (!bytes && is_special(name)) bytes = name;
    if (!bytes || bytes->empty()) {
      return bad_input("{}: token {} (id {}) is not spelled in the byte alphabet of byte-level BPE",
                       file_name, in_quotes(name), id);
    }
    taken[id] = true;
    vocabulary.token_bytes[id] = std::move(*bytes);
    vocabulary.by_name.emplace(name, static_cast<TokenId>(id));
  }
  PENFIELD_TRY_VOID(find_byte_tokens(vocabulary, file_name));
  return vocabulary;
}

Result<MergeTable> parse_merges(std::string_view text, std::string_view file_name,
                                const Vocabulary& vocabulary) {
  MergeTable merges;
  std::size_t line_number = 0;
  while (!text.empty()) {
    ++line_number;
    const std::size_t newline = text.find('\n');
    const std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    if (line_number == 1 && line.starts_with("#version")) continue;
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || space == 0 || space + 1 == line.size() ||
        line.find(' ', space + 1) != std::string_view::npos) {
      return bad_input("{}:{}: {} is not two tokens with one space between them", file_name, line_number,
                       in_quotes(line));
    }
    const std::string left(line.substr(0, space));
    const std::string right(line.substr(space + 1));
    std::array<TokenId, 3> ids{};
    std::size_t part = 0;
    for (const std::string& name : {left, right, left + right}) {
      const auto found = vocabulary.by_name.find(name);
      if (found == vocabulary.by_name.end()) {
        return bad_input("{}:{}: {} is no token of the vocabulary; the two files do not belong together",
                         file_name, line_number, in_quotes(name));
      }
      ids[part++] = found->second;
    }
    if (!merges.add(ids[0], ids[1], ids[2])) {
      return bad_input("{}:{}: {} stands on an earlier line already", file_name, line_number,
                       in_quotes(line));
    }
  }
  return merges;
}

Result<Vocabulary> read_vocabulary(const std::string& path) {
  PENFIELD_TRY(const auto file, formats::MappedFile::open(path));
  return parse_vocabulary(file.text(), path);
}

Result<MergeTable> read_merges(const std::string& path, const Vocabulary& vocabulary) {
  PENFIELD_TRY(const auto file, formats::MappedFile::open(path));
  return parse_merges(file.text(), path, vocabulary);
}

}  // namespace penfield::tokens
