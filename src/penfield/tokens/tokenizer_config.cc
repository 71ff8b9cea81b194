#include "penfield/tokens/tokenizer_config.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "penfield/base/file_type.h"
#include "penfield/formats/json.h"

namespace penfield::tokens {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 7> kRoles = {"bos_token", "eos_token", "unk_token", "sep_token",
                                                    "pad_token", "cls_token", "mask_token"};

// A token is its text, or an object with "content".
Result<std::optional<AddedToken>> read_token(const json& field, std::string_view key, std::string_view name) {
  AddedToken token;
  token.special = true;
  if (field.is_string()) {
    token.content = field.get<std::string>();
  } else if (field.is_object()) {
    PENFIELD_TRY(token.content, formats::get_string(field, "content", name));
    const auto flag = [&](std::string_view flag_name) {
      const json* const value = formats::find_field(field, flag_name);
      return value != nullptr && value->is_boolean() && value->get<bool>();
    };
    token.lstrip = flag("lstrip");
    token.rstrip = flag("rstrip");
    token.single_word = flag("single_word");
  } else {
    return bad_input("{}: \"{}\" is neither a text nor an object with \"content\"", name, key);
  }
  if (token.content.empty()) return std::optional<AddedToken>();
  return std::optional(std::move(token));
}

Result<std::optional<bool>> find_bool(const json& config, std::string_view key, std::string_view name) {
  if (formats::find_field(config, key) == nullptr) return std::optional<bool>();
  PENFIELD_TRY(const bool value, formats::get_bool(config, key, name));
  return std::optional(value);
}

Result<void> read_file(const std::string& path, TokenizerConfig& out) {
  PENFIELD_TRY(const auto type, file_type(path));
  if (type == std::filesystem::file_type::not_found) return {};
  PENFIELD_TRY(const json config, formats::read_json_file(path));
  if (!config.is_object()) return bad_input("{}: not a JSON object", path);
  for (const std::string_view role : kRoles) {
    const json* const field = formats::find_field(config, role);
    if (field == nullptr) continue;
    PENFIELD_TRY(const std::optional<AddedToken> token, read_token(*field, role, path));
    if (!token) continue;
    if (role == "bos_token" && !out.bos_token) out.bos_token = token->content;
    const auto same = [&](const AddedToken& other) { return other.content == token->content; };
    if (std::none_of(out.special.begin(), out.special.end(), same)) out.special.push_back(*token);
  }
  PENFIELD_TRY(const auto add_bos_token, find_bool(config, "add_bos_token", path));
  if (!out.add_bos_token) out.add_bos_token = add_bos_token;
  PENFIELD_TRY(const auto add_prefix_space, find_bool(config, "add_prefix_space", path));
  if (!out.add_prefix_space) out.add_prefix_space = add_prefix_space;
  return {};
}

}  // namespace

Result<TokenizerConfig> read_tokenizer_config(const std::string& folder) {
  TokenizerConfig out;
  PENFIELD_TRY_VOID(read_file(folder + "/tokenizer_config.json", out));
  PENFIELD_TRY_VOID(read_file(folder + "/special_tokens_map.json", out));
  return out;
}

Result<void> set_bos(const TokenizerConfig& config, std::string_view file_name, Spec& spec) {
  if (config.bos_token && !spec.bos) {
    const auto added = std::find_if(spec.added.begin(), spec.added.end(), [&](const AddedToken& token) {
      return token.content == *config.bos_token;
    });
    const auto other = spec.by_text.find(*config.bos_token);
    if (added != spec.added.end()) {
      spec.bos = added->id;
    } else if (other != spec.by_text.end()) {
      spec.bos = other->second;
    }
  }
  spec.adds_bos = config.add_bos_token.value_or(spec.adds_bos);
  if (spec.adds_bos && !spec.bos) {
    return bad_input(
        "{}: add_bos_token is true, but the vocabulary has no token of the name \"bos_token\" gives",
        file_name);
  }
  return {};
}

}  // namespace penfield::tokens
