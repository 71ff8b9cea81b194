#include "penfield/hub/resolve_model.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <vector>

#include "penfield/base/file_type.h"
#include "penfield/formats/json.h"
#include "penfield/hub/cache.h"

namespace penfield::hub {
namespace {

namespace fs = std::filesystem;

// A dangling link of a cache leads to nothing. If the system cannot say, whoever opens the file gets the
// reason.
bool is_there(const fs::path& path) {
  return file_type(path.string()).value_or(fs::file_type::unknown) != fs::file_type::not_found;
}
HasFile files_in(const fs::path& folder) {
  return [folder](std::string_view name) { return is_there(folder / name); };
}

// A name that can only be meant as a place on this machine.
bool looks_like_a_path(std::string_view name) {
  const std::string_view id = name.substr(0, name.find_first_of("@:"));
  return name.starts_with('/') || name.starts_with('.') || name.starts_with('~') || id.ends_with('/') ||
         id.find('/') != id.rfind('/');
}

// "models/gpt3" where the folder "models" is here, and no owner of that name is meant.
bool begins_with_a_folder(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return false;
  const auto type = file_type(std::string(name.substr(0, slash)));
  return type && *type == fs::file_type::directory;
}

Result<std::string> checked_folder(const fs::path& folder, Needs needs) {
  const HasFile has_file = files_in(folder);
  const bool is_complete = needs == Needs::kModel ? has_file(kConfigFile) : has_tokenizer(has_file);
  if (is_complete) return folder.string();
  return bad_input(
      "{}: has no {}: a model is a folder in Hugging Face layout (config.json, model.safetensors, and "
      "tokenizer.json or vocab.json and merges.txt)",
      folder.string(),
      needs == Needs::kModel ? "config.json" : "tokenizer.json, nor vocab.json and merges.txt");
}

// A broken index is for whoever reads the model: the file is there, whatever is in it.
bool has_weights(const fs::path& snapshot) {
  const HasFile has_file = files_in(snapshot);
  if (has_file(kWeightsFile)) return true;
  if (!has_file(kWeightsIndexFile)) return false;
  const std::string index_path = (snapshot / kWeightsIndexFile).string();
  const auto index = formats::read_json_file(index_path);
  if (!index) return true;
  const auto shards = shards_of(*index, index_path);
  return !shards || std::all_of(shards->begin(), shards->end(), has_file);
}

// A snapshot may hold a part of the model: a download that was broken off, or somebody's own choice of files.
bool holds_what_is_needed(const fs::path& snapshot, Needs needs) {
  const HasFile has_file = files_in(snapshot);
  if (!has_tokenizer(has_file)) return false;
  return needs == Needs::kTokenizer || (has_file(kConfigFile) && has_weights(snapshot));
}

bool has_all_parts(const fs::path& snapshot, const std::string& gguf) {
  const std::vector<std::string> parts = gguf_series(gguf);
  return std::all_of(parts.begin(), parts.end(), files_in(snapshot));
}

Result<ModelPlace> find_in_cache(Repository repository, const std::string& cache_folder, Needs needs) {
  ModelPlace place;
  if (cache_folder.empty()) {
    place.looked_in = "no place: set HF_HOME or HOME";
    place.repository = std::move(repository);
    return place;
  }
  for (const std::string& id : known_as(repository.id)) {
    const RepositoryCache cache(cache_folder, id);
    place.looked_in += (place.looked_in.empty() ? "" : " and ") + cache.folder();
    PENFIELD_TRY(const std::string commit, cache.commit_of(repository.revision));
    const std::string snapshot = cache.snapshot(commit);
    if (commit.empty() || !is_there(snapshot)) continue;
    if (repository.file.empty() && holds_what_is_needed(snapshot, needs)) place.path = snapshot;
    if (!repository.file.empty() && has_all_parts(snapshot, repository.file)) {
      place.path = snapshot + "/" + repository.file;
    }
    if (!place.path.empty()) return place;
  }
  place.repository = std::move(repository);
  return place;
}

tl::unexpected<Error> not_in_cache(const ModelPlace& place, std::string_view why) {
  return fail(ErrorKind::kNetwork,
              "model {}: no folder of that name, and not completely in the Hugging Face cache "
              "(looked in "
              "{}){}; fetch it with `penfield fetch {}`, or give the path of its folder",
              full_name(*place.repository), place.looked_in, why, short_name(*place.repository));
}

}  // namespace

Result<ModelPlace> find_model(std::string_view name, const std::string& cache_folder, Needs needs) {
  if (name.empty()) {
    return usage_error("model '': give a folder or the name of a repository, for example gpt2");
  }
  PENFIELD_TRY(const fs::file_type type, file_type(std::string(name)));
  if (type == fs::file_type::directory) {
    PENFIELD_TRY(std::string folder, checked_folder(name, needs));
    return ModelPlace{.path = std::move(folder), .repository = {}, .looked_in = {}};
  }
  if (type != fs::file_type::not_found) {
    if (is_gguf(name)) return ModelPlace{.path = std::string(name), .repository = {}, .looked_in = {}};
    return bad_input(
        "{}: is a file: give the folder that holds config.json and model.safetensors, or a .gguf file", name);
  }
  if (looks_like_a_path(name)) {
    return io_error(
        "{}: no such folder: give a folder with config.json and model.safetensors, a .gguf file, "
        "or a repository name such as gpt2",
        name);
  }
  PENFIELD_TRY(Repository repository, parse_repository(name));
  if (!repository.file.empty() && !is_gguf(repository.file)) {
    return usage_error("model '{}': the file after the : must be a .gguf file", name);
  }
  PENFIELD_TRY(ModelPlace place, find_in_cache(std::move(repository), cache_folder, needs));
  if (place.repository && begins_with_a_folder(name)) {
    return io_error(
        "{0}: no such folder; if a repository of the hub is meant, fetch it first: penfield fetch "
        "{0}",
        name);
  }
  return place;
}

Result<std::string> resolve_model(std::string_view name, const Settings& settings, Needs needs) {
  PENFIELD_TRY(ModelPlace place, find_model(name, settings.cache_folder, needs));
  if (place.repository) return not_in_cache(place, "");
  return std::move(place.path);
}

Result<std::string> resolve_or_fetch_model(std::string_view name, const Settings& settings,
                                           const FetchOptions& options, const Watch& watch) {
  PENFIELD_TRY(ModelPlace place, find_model(name, settings.cache_folder, options.needs));
  if (!place.repository) return std::move(place.path);
  if (settings.offline) return not_in_cache(place, ", and --offline or HF_HUB_OFFLINE forbids the download");
  PENFIELD_TRY(Fetched fetched, fetch(*place.repository, settings, options, watch));
  return std::move(fetched.path);
}

}  // namespace penfield::hub
