#include "penfield/tokens/vocabulary.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "penfield/tokens/byte_alphabet.h"

namespace penfield::tokens {
namespace {

bool is_special_name(std::string_view name) {
  return name.size() > 2 &&
         ((name.front() == '<' && name.back() == '>') || (name.front() == '[' && name.back() == ']'));
}

// The byte that "<0x0A>" names.
std::optional<unsigned char> fallback_byte(std::string_view name) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  if (name.size() != 6 || !name.starts_with("<0x") || name.back() != '>') return std::nullopt;
  const int high = digit(name[3]), low = digit(name[4]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<unsigned char>(high << 4 | low);
}

// The text that a name of the vocabulary stands for where it can be made by merging; nullopt: it cannot.
std::optional<std::string> mergeable_text(const Spec& spec, const NamedToken& token) {
  if (!token.spelled) return std::nullopt;
  if (spec.alphabet == Alphabet::kCharacters) return token.name;
  return spelled_bytes(token.name);
}

Result<void> check_added(const std::vector<AddedToken>& added, std::string_view file_name) {
  for (const AddedToken& token : added) {
    if (token.content.empty() || token.content.size() > AddedToken::kMostBytes) {
      return bad_input("{}: the added token {} (id {}) has {} bytes, not 1 to {}", file_name,
                       in_quotes(token.content), static_cast<std::uint32_t>(token.id), token.content.size(),
                       AddedToken::kMostBytes);
    }
  }
  return {};
}

// Gives the entry its place among ids 0 … n-1.
Result<void> take_id(const NamedToken& token, std::string_view file_name, std::vector<bool>& taken) {
  const auto id = static_cast<std::size_t>(token.id);
  if (id >= taken.size()) {
    return bad_input("{}: token {} has the id {}, but there are {} tokens and ids have no gap", file_name,
                     in_quotes(token.name), id, taken.size());
  }
  if (taken[id]) {
    return bad_input("{}: the id {} of token {} is taken by another token", file_name, id,
                     in_quotes(token.name));
  }
  taken[id] = true;
  return {};
}

Result<void> place_token(const NamedToken& token, bool is_added, std::string_view file_name, Spec& spec) {
  const auto id = static_cast<std::size_t>(token.id);
  std::optional<std::string> text = mergeable_text(spec, token);
  if (spec.alphabet == Alphabet::kBytes && token.spelled && (!text || text->empty()) && !is_added &&
      !is_special_name(token.name)) {
    return bad_input("{}: token {} (id {}) is not spelled in the byte alphabet of byte-level BPE", file_name,
                     in_quotes(token.name), id);
  }
  if (text && !text->empty()) {
    spec.by_text.emplace(*text, token.id);
    if (spec.alphabet == Alphabet::kBytes && text->size() == 1)
      spec.byte_tokens[static_cast<unsigned char>(text->front())] = token.id;
  }
  spec.token_bytes[id] = text && !text->empty() ? *text : token.name;
  const auto byte = spec.alphabet == Alphabet::kCharacters ? fallback_byte(token.name) : std::nullopt;
  if (byte) {
    spec.byte_tokens[*byte] = token.id;
    spec.token_bytes[id] = std::string(1, static_cast<char>(*byte));
  }
  return {};
}

}  // namespace

std::string in_quotes(std::string_view name) {
  constexpr std::size_t kMost = 60;
  const bool cut = name.size() > kMost;
  return nlohmann::json(name.substr(0, kMost)).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) +
         (cut ? "…" : "");
}

Result<std::vector<NamedToken>> read_entries(const nlohmann::json& entries, std::string_view file_name) {
  if (!entries.is_object()) return bad_input("{}: not a JSON object of tokens and their ids", file_name);
  std::vector<NamedToken> out;
  out.reserve(entries.size());
  for (const auto& [name, value] : entries.items()) {
    if (!value.is_number_unsigned() ||
        value.get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max()) {
      return bad_input("{}: token {} has the id {}; ids are whole numbers from 0 on", file_name,
                       in_quotes(name), in_quotes(value.dump()));
    }
    out.push_back({name, static_cast<TokenId>(value.get<std::uint32_t>())});
  }
  return out;
}

Result<void> place_tokens(std::vector<NamedToken> entries, std::vector<AddedToken> added,
                          std::string_view file_name, Spec& spec) {
  PENFIELD_TRY_VOID(check_added(added, file_name));
  TextMap<TokenId> ids;  // by name
  ids.reserve(entries.size() + added.size());
  for (const NamedToken& entry : entries) {
    if (!ids.emplace(entry.name, entry.id).second)
      return bad_input("{}: token {} is listed twice", file_name, in_quotes(entry.name));
  }
  TextMap<TokenId> added_names;
  for (const AddedToken& token : added) {
    const auto [at, is_new] = ids.emplace(token.content, token.id);
    if (at->second != token.id) {
      return bad_input("{}: token {} has two ids, {} and {}", file_name, in_quotes(token.content),
                       static_cast<std::uint32_t>(at->second), static_cast<std::uint32_t>(token.id));
    }
    if (is_new) entries.push_back({token.content, token.id, false});
    added_names.emplace(token.content, token.id);
  }
  if (entries.empty()) return bad_input("{}: the vocabulary has no tokens", file_name);
  std::vector<bool> taken(entries.size(), false);
  spec.token_bytes.resize(entries.size());
  spec.by_text.reserve(entries.size());
  for (const NamedToken& entry : entries) {
    PENFIELD_TRY_VOID(take_id(entry, file_name, taken));
    PENFIELD_TRY_VOID(place_token(entry, added_names.contains(entry.name), file_name, spec));
  }
  for (const AddedToken& token : added) spec.token_bytes[static_cast<std::size_t>(token.id)] = token.content;
  spec.added = std::move(added);
  return {};
}

Result<void> add_merge(std::string_view left, std::string_view right, MergeTable::Rank rank,
                       std::string_view where, Spec& spec) {
  const std::string merged = std::string(left) + std::string(right);
  std::array<TokenId, 3> ids{};
  std::size_t part = 0;
  for (const std::string_view name : {left, right, std::string_view(merged)}) {
    const std::optional<std::string> text =
        spec.alphabet == Alphabet::kBytes ? spelled_bytes(name) : std::optional<std::string>(name);
    const auto found = text ? spec.by_text.find(*text) : spec.by_text.end();
    if (found == spec.by_text.end()) {
      return bad_input(
          "{}: {} is not a token of the vocabulary; vocabulary and merges do not belong together", where,
          in_quotes(name));
    }
    ids[part++] = found->second;
  }
  if (!spec.merges.add(ids[0], ids[1], {rank, ids[2]})) {
    return bad_input("{}: {} stands on an earlier line already", where,
                     in_quotes(std::string(left) + " " + std::string(right)));
  }
  return {};
}

Result<void> add_merge_line(std::string_view line, MergeTable::Rank rank, std::string_view where,
                            Spec& spec) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || space == 0 || space + 1 == line.size() ||
      line.find(' ', space + 1) != std::string_view::npos) {
    return bad_input("{}: {} is not two tokens with one space between them", where, in_quotes(line));
  }
  return add_merge(line.substr(0, space), line.substr(space + 1), rank, where, spec);
}

}  // namespace penfield::tokens
