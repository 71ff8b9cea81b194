#include "penfield/tokens/gguf_spec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "penfield/formats/gguf/gguf_file.h"
#include "penfield/tokens/char_class.h"
#include "penfield/tokens/vocabulary.h"

namespace penfield::tokens {
namespace {

using formats::GgufMetadata;

constexpr std::string_view kPrefix = "tokenizer.ggml.";
constexpr std::size_t kMostPieceBytes = 256;  // of a token that merging makes, by scores

std::string key_of(std::string_view name) {
  return std::string(kPrefix) + std::string(name);
}

enum class TokenType : std::uint8_t { kNormal = 1, kUnknown, kControl, kUserDefined, kUnused, kByte };

// A pattern by llama.cpp's name, and what else its families' tokenizers do.
struct Pre {
  std::string_view name;
  Splitter splitter;
  bool isolate_digits = false, nfc = false, whole_pieces = false, adds_bos = false;
};
constexpr std::array kPre = {
    Pre{.name = "gpt-2", .splitter = Splitter::kGpt2},
    Pre{.name = "olmo", .splitter = Splitter::kGpt2, .nfc = true},  // GPT-NeoX's and OLMo's
    Pre{.name = "smollm", .splitter = Splitter::kGpt2, .isolate_digits = true},
    Pre{.name = "llama-bpe", .splitter = Splitter::kLlama3, .whole_pieces = true, .adds_bos = true},
    Pre{.name = "llama3", .splitter = Splitter::kLlama3, .whole_pieces = true, .adds_bos = true},
    Pre{.name = "smaug-bpe", .splitter = Splitter::kLlama3},
    Pre{.name = "dbrx", .splitter = Splitter::kLlama3},  // OLMo 2's
    Pre{.name = "qwen2", .splitter = Splitter::kQwen2, .nfc = true},
};

std::string known_pre() {
  std::string out;
  for (const Pre& pre : kPre) out += fmt::format("{}{}", out.empty() ? "" : ", ", pre.name);
  return out;
}

struct Listed {
  std::vector<std::string_view> tokens;
  std::vector<TokenType> types;
};

Result<Listed> read_tokens(const GgufMetadata& metadata) {
  Listed out;
  PENFIELD_TRY(out.tokens, metadata.strings(key_of("tokens")));
  PENFIELD_TRY(const auto types, metadata.find_i64s(key_of("token_type")));
  if (!types) {
    out.types.assign(out.tokens.size(), TokenType::kNormal);
    return out;
  }
  if (types->size() != out.tokens.size()) {
    return bad_input("{}: {} has {} entries, but there are {} tokens", metadata.path(), key_of("token_type"),
                     types->size(), out.tokens.size());
  }
  out.types.reserve(types->size());
  for (const std::int64_t type : *types) {
    if (type < 1 || type > 6)
      return bad_input("{}: {} holds {}, which is not a type", metadata.path(), key_of("token_type"), type);
    out.types.push_back(static_cast<TokenType>(type));
  }
  return out;
}

bool is_spaces(std::string_view text) {
  return !text.empty() && text.find_first_not_of(' ') == std::string_view::npos;
}

std::string with_metaspaces(std::string_view text) {
  std::string out;
  for (const char c : text) c == ' ' ? out += "▁" : out += c;
  return out;
}

// Puts the tokens in their places. Under SentencePiece, a user-defined run of spaces is a run of "▁".
Result<void> place(const Listed& listed, const GgufMetadata& metadata, Spec& spec) {
  std::vector<NamedToken> entries;
  std::vector<AddedToken> added;
  entries.reserve(listed.tokens.size());
  for (std::size_t i = 0; i < listed.tokens.size(); ++i) {
    const auto id = static_cast<TokenId>(i);
    const TokenType type = listed.types[i];
    const bool is_run = spec.alphabet == Alphabet::kCharacters && type == TokenType::kUserDefined &&
                        is_spaces(listed.tokens[i]);
    const std::string name = is_run ? with_metaspaces(listed.tokens[i]) : std::string(listed.tokens[i]);
    entries.push_back({name, id, type == TokenType::kNormal || is_run});
    if (type == TokenType::kNormal || type == TokenType::kUnused || type == TokenType::kByte) continue;
    AddedToken& token = added.emplace_back();
    token.content = name;
    token.id = id;
    token.special = type != TokenType::kUserDefined;
  }
  return place_tokens(std::move(entries), std::move(added),
                      fmt::format("{}: {}", metadata.path(), key_of("tokens")), spec);
}

Result<void> read_gpt2(const GgufMetadata& metadata, Spec& spec) {
  PENFIELD_TRY(const auto name, metadata.find_string(key_of("pre")));
  const auto pre =
      std::find_if(kPre.begin(), kPre.end(), [&](const Pre& p) { return name && p.name == *name; });
  if (pre == kPre.end()) {
    return bad_input("{}: {} is {}; Penfield knows {}", metadata.path(), key_of("pre"),
                     name ? in_quotes(*name) : "missing", known_pre());
  }
  spec.alphabet = Alphabet::kBytes;
  spec.splitter = pre->splitter;
  spec.isolate_digits = pre->isolate_digits;
  spec.whole_pieces = pre->whole_pieces;
  spec.adds_bos = pre->adds_bos;
  if (pre->nfc) spec.normalizer.push_back({TextStep::Kind::kNfc, "", ""});
  PENFIELD_TRY(const auto add_space_prefix, metadata.find_bool(key_of("add_space_prefix")));
  if (add_space_prefix.value_or(false))
    spec.before_split.push_back({TextStep::Kind::kPrependUnless, "", " "});
  PENFIELD_TRY(const Listed listed, read_tokens(metadata));
  PENFIELD_TRY_VOID(place(listed, metadata, spec));
  PENFIELD_TRY(const auto merges, metadata.strings(key_of("merges")));
  MergeTable::Rank rank = 0;
  for (const std::string_view merge : merges) {
    const std::string where = fmt::format("{}: {}, entry {}", metadata.path(), key_of("merges"), rank);
    PENFIELD_TRY_VOID(add_merge_line(merge, rank, where, spec));
    ++rank;
  }
  return {};
}

// The place of every token's score among the scores, from 1 on, the highest first; 0 for user-defined tokens.
Result<std::vector<MergeTable::Rank>> ranks_of(const Listed& listed, const GgufMetadata& metadata) {
  PENFIELD_TRY(const std::vector<float> scores, metadata.f32s(key_of("scores")));
  if (scores.size() != listed.tokens.size()) {
    return bad_input("{}: {} has {} entries, but there are {} tokens", metadata.path(), key_of("scores"),
                     scores.size(), listed.tokens.size());
  }
  if (std::any_of(scores.begin(), scores.end(), [](float score) { return std::isnan(score); }))
    return bad_input("{}: {} holds a NaN", metadata.path(), key_of("scores"));
  std::vector<float> sorted = scores;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::vector<MergeTable::Rank> out;
  out.reserve(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), scores[i], std::greater<>());
    out.push_back(listed.types[i] == TokenType::kUserDefined
                      ? 0
                      : 1 + static_cast<MergeTable::Rank>(at - sorted.begin()));
  }
  return out;
}

// Every way to make `text`, token `id`, of two tokens.
void add_merges_of(std::string_view text, MergeTable::Merge merge, Spec& spec) {
  for (std::size_t at = character_at(text, 0).end; at < text.size(); at = character_at(text, at).end) {
    const auto left = spec.by_text.find(text.substr(0, at));
    if (left == spec.by_text.end()) continue;
    const auto right = spec.by_text.find(text.substr(at));
    if (right != spec.by_text.end()) spec.merges.add(left->second, right->second, merge);
  }
}

Result<void> read_llama(const GgufMetadata& metadata, Spec& spec) {
  spec.alphabet = Alphabet::kCharacters;
  spec.adds_bos = true;
  spec.fuse_unknown = true;
  PENFIELD_TRY(const auto add_space_prefix, metadata.find_bool(key_of("add_space_prefix")));
  if (add_space_prefix.value_or(true)) spec.normalizer.push_back({TextStep::Kind::kPrepend, "", "▁"});
  spec.normalizer.push_back({TextStep::Kind::kReplace, " ", "▁"});
  PENFIELD_TRY(const Listed listed, read_tokens(metadata));
  PENFIELD_TRY_VOID(place(listed, metadata, spec));
  PENFIELD_TRY(const std::vector<MergeTable::Rank> ranks, ranks_of(listed, metadata));
  std::vector<std::pair<std::string, TokenId>> made(spec.by_text.begin(), spec.by_text.end());
  for (const auto& [text, id] : made) {
    if (text.size() > kMostPieceBytes) {
      return bad_input("{}: {}: token {} has {} bytes, more than {}", metadata.path(), key_of("tokens"),
                       in_quotes(text), text.size(), kMostPieceBytes);
    }
    add_merges_of(text, {ranks[static_cast<std::size_t>(id)], id}, spec);
  }
  return {};
}

Result<std::optional<TokenId>> find_id(const GgufMetadata& metadata, std::string_view name,
                                       const Spec& spec) {
  PENFIELD_TRY(const auto id, metadata.find_u32(key_of(name)));
  if (!id || *id == 0xFFFFFFFFu) return std::optional<TokenId>();  // llama.cpp's "none"
  if (*id >= spec.token_bytes.size()) {
    return bad_input("{}: {} is {}, but there are {} tokens", metadata.path(), key_of(name), *id,
                     spec.token_bytes.size());
  }
  return std::optional(static_cast<TokenId>(*id));
}

}  // namespace

Result<Spec> parse_gguf_tokenizer(const GgufMetadata& metadata) {
  PENFIELD_TRY(const auto model, metadata.find_string(key_of("model")));
  Spec spec;
  if (model && *model == "gpt2") {
    PENFIELD_TRY_VOID(read_gpt2(metadata, spec));
  } else if (model && *model == "llama") {
    PENFIELD_TRY_VOID(read_llama(metadata, spec));
  } else {
    return bad_input("{}: {} is {}; Penfield reads gpt2 and llama", metadata.path(), key_of("model"),
                     model ? in_quotes(*model) : "missing");
  }
  if (spec.alphabet == Alphabet::kCharacters) {
    PENFIELD_TRY(spec.unknown, find_id(metadata, "unknown_token_id", spec));
  }
  PENFIELD_TRY(spec.bos, find_id(metadata, "bos_token_id", spec));
  PENFIELD_TRY(const auto add_bos, metadata.find_bool(key_of("add_bos_token")));
  spec.adds_bos = add_bos.value_or(spec.adds_bos) && spec.bos.has_value();
  return spec;
}

Result<Spec> read_gguf_tokenizer(const std::string& path) {
  PENFIELD_TRY(const formats::GgufFile file, formats::open_gguf(path));
  return parse_gguf_tokenizer(file.metadata);
}

}  // namespace penfield::tokens
