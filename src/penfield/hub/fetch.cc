#include "penfield/hub/fetch.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "penfield/base/amounts.h"
#include "penfield/formats/json.h"
#include "penfield/hub/cache.h"
#include "penfield/hub/listing.h"

namespace penfield::hub {
namespace {

// Of config.json and of an index, which are read whole.
constexpr std::uint64_t kMostBytesOfJson = std::uint64_t{64} << 20;

class Fetch {
 public:
  Fetch(HttpClient client, const Repository& repository, const Settings& settings,
        const FetchOptions& options, const Watch& watch)
      : client_(std::move(client)),
        repository_(repository),
        cache_(settings.cache_folder, repository.id),
        options_(options),
        watch_(watch),
        waiting_{.keep_on = [this] { return watch_.step("look up", n_looked_up_, n_to_look_up_, "files"); },
                 .note = options.note} {}

  Result<Fetched> run() {
    PENFIELD_TRY(listing_, list_files(client_, repository_, waiting_));
    if (!repository_.file.empty()) {
      PENFIELD_TRY_VOID(fetch_named_file());
    } else if (options_.needs == Needs::kTokenizer) {
      PENFIELD_TRY_VOID(fetch_tokenizer());
    } else {
      PENFIELD_TRY_VOID(fetch_model());
    }
    PENFIELD_TRY_VOID(cache_.write_reference(repository_.revision, listing_.commit));
    fetched_.commit = listing_.commit;
    fetched_.path = cache_.snapshot(listing_.commit);
    if (!repository_.file.empty()) fetched_.path += "/" + repository_.file;
    return fetched_;
  }

 private:
  [[nodiscard]] bool has(std::string_view path) const { return listing_.holds(path); }
  [[nodiscard]] HasFile has_file() const {
    return [this](std::string_view path) { return has(path); };
  }

  Result<void> fetch_named_file() {
    const std::vector<std::string> series = gguf_series(repository_.file);
    for (const std::string& path : series) {
      if (has(path)) continue;
      return fail(ErrorKind::kNetwork, "model {}: the repository has no {}; see {}/{}/tree/{}",
                  short_name(repository_), path, client_.endpoint(), repository_.id, repository_.revision);
    }
    return bring(series);
  }

  Result<void> fetch_tokenizer() {
    PENFIELD_TRY_VOID(check_tokenizer());
    std::vector<std::string> paths = small_files(has_file());
    if (has(kConfigFile)) paths.emplace_back(kConfigFile);
    return bring(paths);
  }

  Result<void> fetch_model() {
    PENFIELD_TRY_VOID(check_model());
    const bool in_shards = !has(kWeightsFile);
    std::vector<std::string> first = {std::string(kConfigFile)};
    if (in_shards) first.emplace_back(kWeightsIndexFile);
    PENFIELD_TRY_VOID(bring_quietly(first));
    const std::string folder = cache_.snapshot(listing_.commit);
    if (options_.accept) PENFIELD_TRY_VOID(options_.accept(folder));

    std::vector<std::string> paths = small_files(has_file());
    if (in_shards) {
      const std::string index_path = folder + "/" + std::string(kWeightsIndexFile);
      PENFIELD_TRY(const nlohmann::json index, formats::read_json_file(index_path));
      PENFIELD_TRY(const std::vector<std::string> shards, shards_of(index, index_path));
      paths.insert(paths.end(), shards.begin(), shards.end());
    } else {
      paths.emplace_back(kWeightsFile);
    }
    return bring(paths);
  }

  Result<void> check_tokenizer() const {
    if (has_tokenizer(has_file())) return {};
    return bad_input("model {}: the repository holds neither tokenizer.json nor vocab.json and merges.txt",
                     short_name(repository_));
  }

  // What the repository holds is a model that Penfield can read.
  Result<void> check_model() const {
    const std::string name = short_name(repository_);
    if (has(kConfigFile) && (has(kWeightsFile) || has(kWeightsIndexFile))) return check_tokenizer();
    std::vector<std::string> ggufs;
    std::copy_if(listing_.paths.begin(), listing_.paths.end(), std::back_inserter(ggufs), is_gguf);
    if (!ggufs.empty()) {
      constexpr std::size_t kMostNamed = 8;
      const bool has_more = ggufs.size() > kMostNamed;
      ggufs.resize(std::min(ggufs.size(), kMostNamed));
      return bad_input("model {}: the repository holds GGUF files; name one of them, {}:FILE: {}{}", name,
                       name, fmt::join(ggufs, ", "), has_more ? ", …" : "");
    }
    const bool is_pickled = has("pytorch_model.bin") || has("pytorch_model.bin.index.json");
    if (has(kConfigFile) && is_pickled) {
      return bad_input(
          "model {0}: the repository holds its weights as pytorch_model.bin alone, which Penfield does not "
          "read; "
          "convert it: python -c \"from transformers import AutoModelForCausalLM as M, AutoTokenizer as T; "
          "M.from_pretrained('{1}').save_pretrained('DIR'); "
          "T.from_pretrained('{1}').save_pretrained('DIR')\", and "
          "give DIR",
          name, repository_.id);
    }
    return bad_input(
        "model {}: the repository has no {}: a model is config.json and model.safetensors, or a GGUF "
        "file",
        name, has(kConfigFile) ? kWeightsFile : kConfigFile);
  }

  Result<std::vector<RemoteFile>> look_up_all(const std::vector<std::string>& paths) {
    std::vector<RemoteFile> files;
    n_to_look_up_ = paths.size();
    for (const std::string& path : paths) {
      n_looked_up_ = files.size();
      if (!has(path)) {
        return fail(ErrorKind::kNetwork, "model {}: the repository names {} and does not hold it",
                    short_name(repository_), path);
      }
      PENFIELD_TRY(RemoteFile file, look_up(client_, repository_, listing_.commit, path, waiting_));
      fetched_.n_bytes += file.n_bytes;
      ++fetched_.n_files;
      files.push_back(std::move(file));
    }
    return files;
  }

  // Files that are read before the others can be named: small, so nothing is said.
  Result<void> bring_quietly(const std::vector<std::string>& paths) {
    PENFIELD_TRY(const std::vector<RemoteFile> files, look_up_all(paths));
    for (const RemoteFile& file : files) {
      if (file.n_bytes <= kMostBytesOfJson) continue;
      return bad_input("model {}: {} has {} bytes; at most {} are read", short_name(repository_), file.path,
                       file.n_bytes, kMostBytesOfJson);
    }
    return download(files, watch_.silent());
  }

  Result<void> bring(const std::vector<std::string>& paths) {
    PENFIELD_TRY(const std::vector<RemoteFile> files, look_up_all(paths));
    PENFIELD_TRY_VOID(cache_.prepare());
    const std::uint64_t missing = missing_bytes(files, cache_);
    std::error_code error;
    const auto space = std::filesystem::space(cache_.folder(), error);
    if (!error && space.available < missing) {
      return io_error(
          "{}: has room for {}, and {} of model {} are missing; make room, or set HF_HUB_CACHE to another "
          "disk",
          cache_.folder(), format_bytes(space.available), format_bytes(missing), short_name(repository_));
    }
    if (missing > 0 && options_.note) {
      options_.note(fmt::format("downloading {} of {} from {} into {}", format_bytes(missing),
                                short_name(repository_), client_.endpoint(), cache_.folder()));
    }
    return download(files, watch_);
  }

  Result<void> download(const std::vector<RemoteFile>& files, const Watch& watch) {
    fetched_.n_downloaded_bytes += missing_bytes(files, cache_);
    return download_files(client_, files, cache_, listing_.commit, options_.existing, watch, options_.note);
  }

  HttpClient client_;
  const Repository& repository_;
  RepositoryCache cache_;
  const FetchOptions& options_;
  const Watch& watch_;
  std::uint64_t n_looked_up_ = 0, n_to_look_up_ = 0;
  Waiting waiting_;
  Listing listing_;
  Fetched fetched_;
};

}  // namespace

Result<Fetched> fetch(const Repository& repository, const Settings& settings, const FetchOptions& options,
                      const Watch& watch) {
  if (settings.cache_folder.empty()) {
    return usage_error("the location of the Hugging Face cache is unknown: set HF_HOME or HOME");
  }
  PENFIELD_TRY(Token token, read_token(settings));
  PENFIELD_TRY(HttpClient client, HttpClient::open(settings, std::move(token), options.patience));
  Repository on_hub = repository;
  on_hub.id = hub_id(repository.id);
  Result<Fetched> fetched = Fetch(std::move(client), on_hub, settings, options, watch).run();
  if (!fetched && fetched.error().kind == ErrorKind::kInterrupted) {
    return fail(ErrorKind::kInterrupted, "stopped; run the same command again to continue");
  }
  return fetched;
}

}  // namespace penfield::hub
