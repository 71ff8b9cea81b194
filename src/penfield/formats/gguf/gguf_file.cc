#include "penfield/formats/gguf/gguf_file.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

#include "penfield/formats/folder_file.h"
#include "penfield/formats/gguf/header.h"
#include "penfield/formats/mapped_file.h"
#include "penfield/formats/message_text.h"

namespace penfield::formats {
namespace {

struct OpenShard {
  MappedFile file;
  GgufHeader header;
};

Result<OpenShard> open_shard(const std::string& path) {
  PENFIELD_TRY(MappedFile file, MappedFile::open(path));
  PENFIELD_TRY(GgufHeader header, parse_gguf(file.bytes(), file.path()));
  return OpenShard{std::move(file), std::move(header)};
}

// What the name of a shard says: "llama-00002-of-00003.gguf" is {"llama", 3}.
struct ShardName {
  std::string prefix;
  std::uint32_t count = 0;
};

std::optional<std::uint32_t> five_digits(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.size() != 5 || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<ShardName> parse_shard_name(std::string_view name) {
  constexpr std::string_view kTail = "-00001-of-00001.gguf";
  if (name.size() < kTail.size()) return std::nullopt;
  const std::string_view tail = name.substr(name.size() - kTail.size());
  const auto number = five_digits(tail.substr(1, 5));
  const auto count = five_digits(tail.substr(10, 5));
  if (tail[0] != '-' || tail.substr(6, 4) != "-of-" || tail.substr(15) != ".gguf" || !number || !count)
    return std::nullopt;
  return ShardName{std::string(name.substr(0, name.size() - kTail.size())), *count};
}

// The path of shard `number` (from 1), which must be in the folder and, where it is a link, lead to a place
// that file_in_folder allows.
Result<std::string> shard_path(const std::string& folder, const ShardName& shards, std::uint32_t number) {
  const std::string name = fmt::format("{}-{:05}-of-{:05}.gguf", shards.prefix, number, shards.count);
  if (!exists_in_folder(folder, name)) {
    return bad_input("{}: part {} of {}, '{}', is missing", folder, number, shards.count, message_text(name));
  }
  return file_in_folder(folder, name);
}

// number: from 1. first: the metadata of shard 1.
Result<void> check_shard(const GgufMetadata& shard, const GgufMetadata& first, std::uint32_t number,
                         std::uint32_t count) {
  PENFIELD_TRY(const std::uint32_t its_count, shard.u32("split.count"));
  PENFIELD_TRY(const std::uint32_t its_number, shard.u32("split.no"));
  if (its_count != count || its_number != number - 1) {
    return bad_input("{}: is named part {} of {}, but holds part {} of {} (keys split.no and split.count)",
                     shard.path(), number, count, std::uint64_t{its_number} + 1, its_count);
  }
  PENFIELD_TRY(const auto architecture, shard.find_string("general.architecture"));
  PENFIELD_TRY(const auto first_architecture, first.find_string("general.architecture"));
  if (architecture && architecture != first_architecture) {
    return bad_input("{}: is of a model of architecture '{}', but {} is not", shard.path(),
                     message_text(*architecture), first.path());
  }
  return {};
}

Result<void> check_n_tensors(const GgufMetadata& metadata, std::size_t n_tensors) {
  PENFIELD_TRY(const auto expected, metadata.find_u32("split.tensors.count"));
  if (!expected || *expected == n_tensors) return {};
  return bad_input(
      "{}: its parts hold {} tensors, but should hold {} (key split.tensors.count); a part is of "
      "another model",
      metadata.path(), n_tensors, *expected);
}

Result<GgufFile> open_shards(const std::string& folder, const ShardName& shards) {
  std::vector<MappedFile> files;
  std::vector<Tensor> tensors;
  GgufMetadata metadata;
  for (std::uint32_t number = 1; number <= shards.count; ++number) {
    PENFIELD_TRY(const std::string path, shard_path(folder, shards, number));
    PENFIELD_TRY(OpenShard shard, open_shard(path));
    if (number == 1) metadata = shard.header.metadata;
    PENFIELD_TRY_VOID(check_shard(shard.header.metadata, metadata, number, shards.count));
    std::move(shard.header.tensors.begin(), shard.header.tensors.end(), std::back_inserter(tensors));
    files.push_back(std::move(shard.file));
  }
  sort_by_name(tensors);
  if (const Tensor* twice = find_duplicate(tensors)) {
    return bad_input("{}: tensor '{}' is also in {}", std::next(twice)->file, message_text(twice->name),
                     twice->file);
  }
  PENFIELD_TRY_VOID(check_n_tensors(metadata, tensors.size()));
  return GgufFile{TensorFile(std::move(files), std::move(tensors)), std::move(metadata)};
}

}  // namespace

Result<GgufFile> open_gguf(const std::string& path) {
  PENFIELD_TRY(OpenShard only, open_shard(path));
  PENFIELD_TRY(const auto count, only.header.metadata.find_u32("split.count"));
  if (count.value_or(0) <= 1) {
    std::vector<MappedFile> files;
    files.push_back(std::move(only.file));
    return GgufFile{TensorFile(std::move(files), std::move(only.header.tensors)),
                    std::move(only.header.metadata)};
  }
  const std::filesystem::path place(path);
  const auto shards = parse_shard_name(place.filename().string());
  if (!shards || shards->count != *count) {
    return bad_input(
        "{}: is one of {} parts (key split.count), but is not named so; name them "
        "NAME-00001-of-{:05}.gguf and so on",
        path, *count, *count);
  }
  const std::string folder = place.has_parent_path() ? place.parent_path().string() : ".";
  return open_shards(folder, *shards);
}

}  // namespace penfield::formats
