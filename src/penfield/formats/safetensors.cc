#include "penfield/formats/safetensors.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "penfield/formats/folder_file.h"
#include "penfield/formats/json.h"
#include "penfield/formats/message_text.h"
#include "penfield/formats/safetensors_header.h"

namespace penfield::formats {
namespace {

constexpr std::string_view kSingleFile = "model.safetensors";
constexpr std::string_view kIndexFile = "model.safetensors.index.json";

using WeightMap = std::map<std::string, std::string, std::less<>>;  // tensor -> shard

// The index's "weight_map"; a tensor that is named twice is a duplicate key, which the JSON reader refuses.
Result<WeightMap> read_index(const std::string& path) {
  PENFIELD_TRY(const nlohmann::json index, read_json_file(path));
  PENFIELD_TRY(const nlohmann::json* entries, get_object(index, "weight_map", path));
  WeightMap map;
  for (const auto& [tensor, shard] : entries->items()) {
    if (!shard.is_string())
      return bad_input("{}: tensor '{}': its shard is not a string", path, message_text(tensor));
    map.emplace(tensor, shard.get<std::string>());
  }
  if (map.empty()) return bad_input("{}: \"weight_map\" names no tensor", path);
  return map;
}

// A shard that the index names but the folder lacks is a fault of the folder, so bad input; so is one out of
// the folder.
Result<std::string> shard_path(const std::string& folder, const std::string& index_path,
                               const std::string& shard) {
  if (!exists_in_folder(folder, shard) && shard.find('/') == std::string::npos && !shard.empty()) {
    return bad_input("{}: names the shard '{}', which is not in the folder", index_path, message_text(shard));
  }
  auto path = file_in_folder(folder, shard);
  if (!path && path.error().kind == ErrorKind::kBadInput) {
    return bad_input("{}: its shard '{}' may not be read: {}", index_path, message_text(shard),
                     path.error().message);
  }
  return path;
}

// Both sorted by name: the same tensors, each in the shard that the index names.
Result<void> check_against_index(const std::vector<Tensor>& tensors, const WeightMap& map,
                                 const std::string& index_path) {
  if (const Tensor* twice = find_duplicate(tensors)) {
    return bad_input("{}: tensor '{}' is also in {}", twice->file, message_text(twice->name),
                     std::next(twice)->file);
  }
  for (const Tensor& tensor : tensors) {
    const auto entry = map.find(tensor.name);
    if (entry == map.end()) {
      return bad_input("{}: tensor '{}' is not in the index {}", tensor.file, message_text(tensor.name),
                       index_path);
    }
    if (std::filesystem::path(tensor.file).filename() != entry->second) {
      return bad_input("{}: tensor '{}' belongs into '{}' after the index", tensor.file,
                       message_text(tensor.name), message_text(entry->second));
    }
  }
  auto tensor = tensors.begin();
  for (const auto& [name, shard] : map) {
    if (tensor == tensors.end() || tensor->name != name) {
      return bad_input("{}: tensor '{}' is not in its shard '{}'", index_path, message_text(name),
                       message_text(shard));
    }
    ++tensor;
  }
  return {};
}

}  // namespace

Result<TensorFile> open_safetensors(const std::string& path) {
  PENFIELD_TRY(MappedFile file, MappedFile::open(path));
  PENFIELD_TRY(std::vector<Tensor> tensors, parse_safetensors(file.bytes(), file.path()));
  std::vector<MappedFile> files;
  files.push_back(std::move(file));
  return TensorFile(std::move(files), std::move(tensors));
}

Result<TensorFile> open_safetensors_folder(const std::string& folder) {
  if (exists_in_folder(folder, kSingleFile)) {
    PENFIELD_TRY(const std::string path, file_in_folder(folder, kSingleFile));
    return open_safetensors(path);
  }
  if (!exists_in_folder(folder, kIndexFile)) {
    return bad_input("{}: holds neither {} nor {}", folder, kSingleFile, kIndexFile);
  }
  PENFIELD_TRY(const std::string index_path, file_in_folder(folder, kIndexFile));
  PENFIELD_TRY(const WeightMap map, read_index(index_path));

  std::vector<std::string> shards;
  for (const auto& [tensor, shard] : map) shards.push_back(shard);
  std::sort(shards.begin(), shards.end());
  shards.erase(std::unique(shards.begin(), shards.end()), shards.end());

  std::vector<MappedFile> files;
  std::vector<Tensor> all;
  for (const std::string& shard : shards) {
    PENFIELD_TRY(const std::string path, shard_path(folder, index_path, shard));
    PENFIELD_TRY(MappedFile file, MappedFile::open(path));
    PENFIELD_TRY(std::vector<Tensor> tensors, parse_safetensors(file.bytes(), file.path()));
    std::move(tensors.begin(), tensors.end(), std::back_inserter(all));
    files.push_back(std::move(file));
  }
  sort_by_name(all);
  PENFIELD_TRY_VOID(check_against_index(all, map, index_path));
  return TensorFile(std::move(files), std::move(all));
}

}  // namespace penfield::formats
