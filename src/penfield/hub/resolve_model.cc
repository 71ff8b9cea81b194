#include "penfield/hub/resolve_model.h"

#include <filesystem>
#include <system_error>
#include <vector>

#include "penfield/formats/mapped_file.h"
#include "penfield/hub/repository.h"

namespace penfield::hub {
namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}
bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// A name that can only be meant as a place on this machine.
bool looks_like_a_path(std::string_view name) {
  const std::string_view before_revision = name.substr(0, name.find('@'));
  return name.starts_with('/') || name.starts_with('.') || name.starts_with('~') || name.ends_with('/') ||
         before_revision.find('/') != before_revision.rfind('/');
}

Result<std::string> checked_folder(const fs::path& folder, Needs needs) {
  const std::vector<std::string_view> files = needs == Needs::kModel
                                                  ? std::vector<std::string_view>{"config.json"}
                                                  : std::vector<std::string_view>{"vocab.json", "merges.txt"};
  for (const std::string_view file : files) {
    if (is_there(folder / file)) continue;
    return bad_input(
        "{}: has no {}: a model is a folder in Hugging Face layout (config.json, model.safetensors, "
        "vocab.json, merges.txt)",
        folder.string(), file);
  }
  return folder.string();
}

// The commit that a branch or tag of a cached repository names; empty where the cache does not know it.
Result<std::string> commit_of(const fs::path& repository_folder, const std::string& revision) {
  if (is_commit(revision)) return revision;
  const fs::path reference = repository_folder / "refs" / revision;
  if (!is_there(reference)) return std::string();
  PENFIELD_TRY(const auto file, formats::MappedFile::open(reference.string()));
  std::string_view commit = file.text();
  while (!commit.empty() && (commit.back() == '\n' || commit.back() == '\r')) commit.remove_suffix(1);
  if (!is_commit(commit)) {
    return bad_input(
        "{}: does not hold a commit hash of 40 hexadecimal digits: delete it and download the model again",
        reference.string());
  }
  return std::string(commit);
}

tl::unexpected<Error> not_in_cache(const Repository& repository, std::string_view looked_in) {
  std::string fetch = fmt::format("huggingface-cli download {}", hub_id(repository.id));
  if (repository.revision != "main") fetch += fmt::format(" --revision {}", repository.revision);
  return fail(ErrorKind::kNetwork,
              "model {}@{}: no folder of that name here, and not in the Hugging Face cache (looked in {}); "
              "fetch it with "
              "`{}`, or give the path of its folder",
              repository.id, repository.revision, looked_in, fetch);
}

}  // namespace

CachePaths cache_paths_from(const GetEnv& get_env) {
  const auto value = [&](const char* name) -> std::string {
    const char* const found = get_env(name);
    return found == nullptr ? "" : found;
  };
  const std::string home = value("HOME");
  const auto expanded = [&](const std::string& path) {
    return path.starts_with("~/") && !home.empty() ? home + path.substr(1) : path;
  };
  if (const std::string hub = value("HF_HUB_CACHE"); !hub.empty()) return {.hub = expanded(hub)};
  if (const std::string hf = value("HF_HOME"); !hf.empty()) return {.hub = expanded(hf) + "/hub"};
  if (const std::string xdg = value("XDG_CACHE_HOME"); !xdg.empty())
    return {.hub = expanded(xdg) + "/huggingface/hub"};
  if (!home.empty()) return {.hub = home + "/.cache/huggingface/hub"};
  return {};
}

Result<std::string> resolve_model(std::string_view name, const CachePaths& cache, Needs needs) {
  if (name.empty())
    return usage_error("model '': give a folder or the name of a repository, for example gpt2");
  if (is_folder(name)) return checked_folder(name, needs);
  if (is_there(name)) {
    return bad_input("{}: is a file: give the folder that holds config.json and model.safetensors", name);
  }
  if (looks_like_a_path(name)) {
    return io_error(
        "{}: there is no such folder: give a folder with config.json and model.safetensors, or a repository "
        "name such as gpt2",
        name);
  }
  PENFIELD_TRY(const auto repository, parse_repository(name));
  if (cache.hub.empty()) return not_in_cache(repository, "no place: set HF_HOME or HOME");

  std::string looked_in;
  for (const std::string& id : known_as(repository.id)) {
    const fs::path repository_folder = fs::path(cache.hub) / cache_folder_name(id);
    looked_in += (looked_in.empty() ? "" : " and ") + repository_folder.string();
    PENFIELD_TRY(const auto commit, commit_of(repository_folder, repository.revision));
    const fs::path snapshot = repository_folder / "snapshots" / commit;
    if (!commit.empty() && is_folder(snapshot)) return checked_folder(snapshot, needs);
  }
  return not_in_cache(repository, looked_in);
}

}  // namespace penfield::hub
