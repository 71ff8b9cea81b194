#include "penfield/hub/needed_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "penfield/formats/json.h"
#include "penfield/formats/message_text.h"
#include "penfield/hub/ascii.h"
#include "penfield/hub/repository.h"

namespace penfield::hub {
namespace {

constexpr std::array<std::string_view, 6> kSmallFiles = {
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
    "merges.txt"};
constexpr std::string_view kSafetensors = ".safetensors";
constexpr std::string_view kGguf = ".gguf";
constexpr std::size_t kShardDigits = 5;

std::optional<std::uint32_t> shard_number(std::string_view digits) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool is_number =
      digits.size() == kShardDigits && error == std::errc() && end == digits.data() + digits.size();
  return is_number ? std::optional(value) : std::nullopt;
}

}  // namespace

bool has_tokenizer(const HasFile& has_file) {
  return has_file("tokenizer.json") || (has_file("vocab.json") && has_file("merges.txt"));
}

std::vector<std::string> small_files(const HasFile& has_file) {
  std::vector<std::string> out;
  for (const std::string_view file : kSmallFiles) {
    if (has_file(file)) out.emplace_back(file);
  }
  return out;
}

Result<std::vector<std::string>> shards_of(const nlohmann::json& index, std::string_view name) {
  PENFIELD_TRY(const nlohmann::json* const map, formats::get_object(index, "weight_map", name));
  std::vector<std::string> out;
  for (const auto& [tensor, file] : map->items()) {
    const auto* const path = file.get_ptr<const std::string*>();
    if (path == nullptr || !is_safe_path(*path) || !path->ends_with(kSafetensors)) {
      return bad_input("{}: the file of tensor '{}' is not the name of a .safetensors file", name,
                       formats::message_text(tensor));
    }
    out.push_back(*path);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  if (out.empty()) return bad_input("{}: its weight_map is empty", name);
  return out;
}

bool is_gguf(std::string_view path) {
  return path.size() > kGguf.size() && lower(path.substr(path.size() - kGguf.size())) == kGguf;
}

std::vector<std::string> gguf_series(std::string_view path) {
  constexpr std::string_view kOf = "-of-";
  const std::size_t tail =
      1 + kShardDigits + kOf.size() + kShardDigits + kGguf.size();  // "-00001-of-00003.gguf"
  if (!is_gguf(path) || path.size() <= tail) return {std::string(path)};
  const std::string_view stem = path.substr(0, path.size() - tail);
  const std::string_view rest = path.substr(stem.size());
  const auto number = shard_number(rest.substr(1, kShardDigits));
  const auto total = shard_number(rest.substr(1 + kShardDigits + kOf.size(), kShardDigits));
  const bool is_shard = rest.front() == '-' && rest.substr(1 + kShardDigits, kOf.size()) == kOf && number &&
                        total && *number >= 1 && *number <= *total;
  if (!is_shard) return {std::string(path)};
  std::vector<std::string> out;
  for (std::uint32_t i = 1; i <= *total; ++i) {
    out.push_back(
        fmt::format("{}-{:05}-of-{:05}{}", stem, i, *total, path.substr(path.size() - kGguf.size())));
  }
  return out;
}

}  // namespace penfield::hub
