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

bool name_less(const Tensor& a, const Tensor& b) {
  return a.name < b.name;
}

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
  const auto twice = std::adjacent_find(tensors.begin(), tensors.end(),
                                        [](const Tensor& a, const Tensor& b) { return a.name == b.name; });
  if (twice != tensors.end()) {
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

std::uint64_t Tensor::n_values() const {
  return std::uint64_t{bytes.size()} * 8 / dtype_bits(dtype);
}

Result<Safetensors> Safetensors::open_file(const std::string& path) {
  Safetensors weights;
  weights.file_paths_ = {path};
  PENFIELD_TRY(MappedFile file, MappedFile::open(path));
  PENFIELD_TRY(weights.tensors_, parse_safetensors(file.bytes(), weights.file_paths_.front()));
  weights.files_.push_back(std::move(file));
  return weights;
}

Result<Safetensors> Safetensors::open_folder(const std::string& folder) {
  if (exists_in_folder(folder, kSingleFile)) {
    PENFIELD_TRY(const std::string path, file_in_folder(folder, kSingleFile));
    return open_file(path);
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

  Safetensors weights;
  for (const std::string& shard : shards) {
    PENFIELD_TRY(std::string path, shard_path(folder, index_path, shard));
    weights.file_paths_.push_back(std::move(path));
  }
  for (const std::string& path : weights.file_paths_) {  // complete: tensors borrow the paths from here on
    PENFIELD_TRY(MappedFile file, MappedFile::open(path));
    PENFIELD_TRY(std::vector<Tensor> tensors, parse_safetensors(file.bytes(), path));
    std::move(tensors.begin(), tensors.end(), std::back_inserter(weights.tensors_));
    weights.files_.push_back(std::move(file));
  }
  std::sort(weights.tensors_.begin(), weights.tensors_.end(), name_less);
  PENFIELD_TRY_VOID(check_against_index(weights.tensors_, map, index_path));
  return weights;
}

void Safetensors::release_pages() const {
  for (const MappedFile& file : files_) file.release_pages();
}

const Tensor* Safetensors::find(std::string_view name) const {
  const auto at = std::lower_bound(tensors_.begin(), tensors_.end(), name,
                                   [](const Tensor& tensor, std::string_view n) { return tensor.name < n; });
  return at != tensors_.end() && at->name == name ? &*at : nullptr;
}

}  // namespace penfield::formats
