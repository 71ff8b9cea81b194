// MODEL on the command line -> a folder on this machine.
//
// A folder is itself; any other name is looked up in the Hugging Face cache, which keeps a repository as
//   models--OWNER--NAME/refs/REF            the commit that a branch or tag names
//   models--OWNER--NAME/snapshots/COMMIT/   the files
// Nothing is downloaded here. Source: huggingface_hub, "Understand caching".
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "penfield/base/result.h"

namespace penfield::hub {

struct CachePaths {
  std::string hub;  // the folder that holds models--…; empty where the environment names no place for it
};

// As std::getenv: the value, or null.
using GetEnv = std::function<const char*(const char* name)>;

// HF_HUB_CACHE, else HF_HOME/hub, else XDG_CACHE_HOME/huggingface/hub, else HOME/.cache/huggingface/hub. An
// empty variable is as good as none; a leading ~/ is HOME/.
[[nodiscard]] CachePaths cache_paths_from(const GetEnv& get_env);

// What the folder must hold.
enum class Needs : std::uint8_t {
  kModel,      // config.json
  kTokenizer,  // vocab.json and merges.txt
};

// name: a folder; or NAME or OWNER/NAME, with @REV for a branch, a tag or a full commit hash (default: main).
// GPT-2's four sizes are also found under the other of their two names (gpt2, openai-community/gpt2).
// kUsage: neither a folder nor a possible repository name. kIo: looks like a path, and is no folder.
// kNetwork: not in the cache; says where it looked, and the command that fetches it.
// kBadInput: a file in place of a folder; a folder without what it needs; a cache that is broken.
[[nodiscard]] Result<std::string> resolve_model(std::string_view name, const CachePaths& cache,
                                                Needs needs = Needs::kModel);

}  // namespace penfield::hub
