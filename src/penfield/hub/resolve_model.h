// MODEL on the command line -> a folder or a .gguf file on this machine.
//
// What exists is itself; any other name is a repository, looked up in the Hugging Face cache (cache.h) and,
// where it is not there as a whole, fetched.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/hub/fetch.h"
#include "penfield/hub/needed_files.h"
#include "penfield/hub/repository.h"
#include "penfield/hub/settings.h"

namespace penfield::hub {

// Where a model is. Either path or repository is set.
struct ModelPlace {
  std::string path;                      // of the folder or the .gguf file
  std::optional<Repository> repository;  // not in the cache, or not all that is needed of it
  std::string looked_in;                 // then: the folders of the cache that were looked in
};

// name: a folder or a .gguf file; or NAME or OWNER/NAME, with @REV for a branch, a tag or a full commit hash
// (default: main) and :FILE for a .gguf file in it. GPT-2's four sizes are also found under the other of
// their two names (gpt2, openai-community/gpt2). Uses no network. kUsage: neither a path nor a possible
// repository name. kIo: looks like a path, or begins with a folder that is here, and is not there. kBadInput:
// another file; a folder without what it needs; a cache that is broken.
[[nodiscard]] Result<ModelPlace> find_model(std::string_view name, const std::string& cache_folder,
                                            Needs needs);

// The path of the model; kNetwork where it is not in the cache: says where it was looked for, and the command
// that fetches it.
[[nodiscard]] Result<std::string> resolve_model(std::string_view name, const Settings& settings,
                                                Needs needs = Needs::kModel);

// The same, fetching what is missing; kNetwork where settings.offline forbids it, and as fetch().
[[nodiscard]] Result<std::string> resolve_or_fetch_model(std::string_view name, const Settings& settings,
                                                         const FetchOptions& options, const Watch& watch);

}  // namespace penfield::hub
