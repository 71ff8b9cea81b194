#include "penfield/tokens/tokenizer_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "penfield/formats/json.h"
#include "penfield/formats/mapped_file.h"
#include "penfield/tokens/tokenizer_config.h"
#include "penfield/tokens/tokenizer_json_parts.h"
#include "penfield/tokens/vocabulary.h"

namespace penfield::tokens {
namespace {

using nlohmann::json;

Result<bool> flag_or(const json& object, std::string_view key, std::string_view name, bool otherwise) {
  if (formats::find_field(object, key) == nullptr) return otherwise;
  return formats::get_bool(object, key, name);
}

Result<std::vector<AddedToken>> read_added(const json& root, std::string_view name) {
  std::vector<AddedToken> out;
  if (formats::find_field(root, "added_tokens") == nullptr) return out;
  PENFIELD_TRY(const json* const list, formats::get_array(root, "added_tokens", name));
  const std::string where = fmt::format("{}: added_tokens", name);
  for (const json& entry : *list) {
    AddedToken& token = out.emplace_back();
    PENFIELD_TRY(token.content, formats::get_string(entry, "content", where));
    PENFIELD_TRY(const std::uint32_t id, formats::get_unsigned32(entry, "id", where));
    token.id = static_cast<TokenId>(id);
    PENFIELD_TRY(token.special, flag_or(entry, "special", where, false));
    PENFIELD_TRY(token.normalized, flag_or(entry, "normalized", where, !token.special));
    PENFIELD_TRY(token.lstrip, flag_or(entry, "lstrip", where, false));
    PENFIELD_TRY(token.rstrip, flag_or(entry, "rstrip", where, false));
    PENFIELD_TRY(token.single_word, flag_or(entry, "single_word", where, false));
  }
  return out;
}

// A token that is looked for behind the normaliser must have a text there, too.
Result<void> check_normalized(const Spec& spec, std::string_view name) {
  for (const AddedToken& token : spec.added) {
    if (!token.normalized) continue;
    const auto changed = apply_steps(spec.normalizer, token.content, Place::kDocumentBegin);
    if (!changed || (!changed->text.empty() && changed->text.size() <= AddedToken::kMostBytes)) continue;
    return bad_input("{}: the added token {} (id {}) has {} bytes behind the normaliser, not 1 to {}", name,
                     in_quotes(token.content), static_cast<std::uint32_t>(token.id), changed->text.size(),
                     AddedToken::kMostBytes);
  }
  return {};
}

// What would change tokens, and is not done here.
Result<void> check_model(const json& model, std::string_view name) {
  const json* const type = formats::find_field(model, "type");
  if (type != nullptr && *type != "BPE") {
    return bad_input("{}: its model is {}; Penfield reads byte-pair encoding (\"BPE\") alone", name,
                     in_quotes(type->is_string() ? type->get<std::string>() : type->dump()));
  }
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    const json* const field = formats::find_field(model, key);
    if (field != nullptr && *field != json("")) return bad_input("{}: model.{} is not supported", name, key);
  }
  const json* const dropout = formats::find_field(model, "dropout");
  if (dropout != nullptr && *dropout != 0) return bad_input("{}: model.dropout is not supported", name);
  return {};
}

Result<void> read_merges(const json& model, std::string_view name, Spec& spec) {
  PENFIELD_TRY(const json* const merges, formats::get_array(model, "merges", name));
  MergeTable::Rank rank = 0;
  for (const json& merge : *merges) {
    const std::string where = fmt::format("{}: merge {}", name, rank);
    if (merge.is_string()) {
      PENFIELD_TRY_VOID(add_merge_line(merge.get_ref<const std::string&>(), rank, where, spec));
    } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
      PENFIELD_TRY_VOID(add_merge(merge[0].get_ref<const std::string&>(),
                                  merge[1].get_ref<const std::string&>(), rank, where, spec));
    } else {
      return bad_input("{} is neither a text nor a list of two texts", where);
    }
    ++rank;
  }
  return {};
}

Result<void> read_unknown(const json& model, std::string_view name, Spec& spec) {
  PENFIELD_TRY(spec.fuse_unknown, flag_or(model, "fuse_unk", name, false));
  if (formats::find_field(model, "unk_token") == nullptr) return {};
  PENFIELD_TRY(const std::string unknown, formats::get_string(model, "unk_token", name));
  const std::string& text = unknown;
  const auto found = spec.by_text.find(text);
  const auto added = std::find_if(spec.added.begin(), spec.added.end(),
                                  [&](const AddedToken& token) { return token.content == text; });
  if (found != spec.by_text.end()) {
    spec.unknown = found->second;
  } else if (added != spec.added.end()) {
    spec.unknown = added->id;
  } else {
    return bad_input("{}: model.unk_token {} is not a token of the vocabulary", name, in_quotes(text));
  }
  return {};
}

}  // namespace

Result<Spec> parse_tokenizer_json(std::string_view text, std::string_view file_name) {
  PENFIELD_TRY(const json root, formats::parse_json(text, file_name));
  PENFIELD_TRY(const json* const model, formats::get_object(root, "model", file_name));
  PENFIELD_TRY_VOID(check_model(*model, file_name));
  Spec spec;
  PENFIELD_TRY_VOID(read_text_steps(root, file_name, spec));
  PENFIELD_TRY(const json* const vocabulary, formats::get_object(*model, "vocab", file_name));
  PENFIELD_TRY(std::vector<NamedToken> entries, read_entries(*vocabulary, file_name));
  PENFIELD_TRY(std::vector<AddedToken> added, read_added(root, file_name));
  PENFIELD_TRY_VOID(place_tokens(std::move(entries), std::move(added), file_name, spec));
  PENFIELD_TRY_VOID(check_normalized(spec, file_name));
  PENFIELD_TRY_VOID(read_merges(*model, file_name, spec));
  PENFIELD_TRY(const bool byte_fallback, flag_or(*model, "byte_fallback", file_name, false));
  if (spec.alphabet == Alphabet::kCharacters && !byte_fallback) spec.byte_tokens = {};
  PENFIELD_TRY(spec.whole_pieces, flag_or(*model, "ignore_merges", file_name, false));
  PENFIELD_TRY_VOID(read_unknown(*model, file_name, spec));
  PENFIELD_TRY_VOID(read_template(root, file_name, spec));
  return spec;
}

Result<Spec> read_tokenizer_json(const std::string& folder) {
  const std::string path = folder + "/tokenizer.json";
  PENFIELD_TRY(const auto file, formats::MappedFile::open(path));
  PENFIELD_TRY(Spec spec, parse_tokenizer_json(file.text(), path));
  PENFIELD_TRY(const TokenizerConfig config, read_tokenizer_config(folder));
  PENFIELD_TRY_VOID(set_bos(config, folder, spec));
  return spec;
}

}  // namespace penfield::tokens
