#include "penfield/tokens/vocab_files.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "penfield/base/file_type.h"
#include "penfield/formats/json.h"
#include "penfield/formats/mapped_file.h"
#include "penfield/tokens/tokenizer_config.h"
#include "penfield/tokens/vocabulary.h"

namespace penfield::tokens {
namespace {

constexpr std::string_view kEndOfText = "<|endoftext|>";

// The special tokens that the vocabulary holds, with their ids, and those of added_tokens.json.
Result<std::vector<AddedToken>> find_added(const std::string& folder, const TokenizerConfig& config,
                                           const std::vector<NamedToken>& entries) {
  std::vector<AddedToken> added;
  const std::string path = folder + "/added_tokens.json";
  PENFIELD_TRY(const auto type, file_type(path));
  if (type != std::filesystem::file_type::not_found) {
    PENFIELD_TRY(const nlohmann::json object, formats::read_json_file(path));
    PENFIELD_TRY(const std::vector<NamedToken> listed, read_entries(object, path));
    for (const NamedToken& token : listed) {
      AddedToken& one = added.emplace_back();
      one.content = token.name;
      one.id = token.id;
      one.normalized = true;
    }
  }
  std::vector<AddedToken> special = config.special;
  if (special.empty()) {
    special.emplace_back().content = kEndOfText;
    special.back().special = true;
  }
  for (AddedToken& token : special) {
    const auto listed = std::find_if(added.begin(), added.end(),
                                     [&](const AddedToken& other) { return other.content == token.content; });
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [&](const NamedToken& other) { return other.name == token.content; });
    if (listed != added.end()) {
      token.id = listed->id;
      *listed = token;
    } else if (entry != entries.end()) {
      token.id = entry->id;
      added.push_back(token);
    }
  }
  return added;
}

}  // namespace

Result<Spec> parse_vocabulary(std::string_view text, std::string_view file_name,
                              std::vector<AddedToken> added) {
  PENFIELD_TRY(const nlohmann::json entries, formats::parse_json(text, file_name));
  PENFIELD_TRY(std::vector<NamedToken> tokens, read_entries(entries, file_name));
  Spec spec;
  spec.splitter = Splitter::kGpt2;
  PENFIELD_TRY_VOID(place_tokens(std::move(tokens), std::move(added), file_name, spec));
  return spec;
}

Result<void> parse_merges(std::string_view text, std::string_view file_name, Spec& spec) {
  std::size_t line_number = 0;
  while (!text.empty()) {
    ++line_number;
    const std::size_t newline = text.find('\n');
    std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line_number == 1 && line.starts_with("#version")) continue;
    if (line.empty() && text.empty()) break;
    PENFIELD_TRY_VOID(add_merge_line(line, static_cast<MergeTable::Rank>(line_number),
                                     fmt::format("{}:{}", file_name, line_number), spec));
  }
  return {};
}

Result<Spec> read_vocab_files(const std::string& folder) {
  const std::string path = folder + "/vocab.json";
  PENFIELD_TRY(const auto file, formats::MappedFile::open(path));
  PENFIELD_TRY(const nlohmann::json object, formats::parse_json(file.text(), path));
  PENFIELD_TRY(std::vector<NamedToken> entries, read_entries(object, path));
  PENFIELD_TRY(const TokenizerConfig config, read_tokenizer_config(folder));
  PENFIELD_TRY(std::vector<AddedToken> added, find_added(folder, config, entries));
  Spec spec;
  spec.splitter = Splitter::kGpt2;
  PENFIELD_TRY_VOID(place_tokens(std::move(entries), std::move(added), path, spec));
  const std::string merges_path = folder + "/merges.txt";
  PENFIELD_TRY(const auto merges, formats::MappedFile::open(merges_path));
  PENFIELD_TRY_VOID(parse_merges(merges.text(), merges_path, spec));
  if (config.add_prefix_space.value_or(false))
    spec.before_split.push_back({TextStep::Kind::kPrependUnless, "", " "});
  TokenizerConfig bos = config;
  if (!bos.bos_token) bos.bos_token = kEndOfText;
  PENFIELD_TRY_VOID(set_bos(bos, folder, spec));
  return spec;
}

}  // namespace penfield::tokens
