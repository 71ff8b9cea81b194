// A model from the hub into the cache: the files that Penfield reads of it, and nothing else.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/hub/blob_transfer.h"
#include "penfield/hub/download.h"
#include "penfield/hub/http.h"
#include "penfield/hub/needed_files.h"
#include "penfield/hub/repository.h"
#include "penfield/hub/settings.h"

namespace penfield::hub {

struct FetchOptions {
  Needs needs = Needs::kModel;
  Existing existing = Existing::kTrusted;
  Patience patience = {};
  Note note = {};  // what is to be downloaded, and why it takes longer; may be empty
  // Called with the folder that holds config.json before the weights are fetched; an error ends it there. May
  // be empty.
  std::function<Result<void>(const std::string& folder)> accept = {};
};

struct Fetched {
  std::string path;  // the snapshot's folder, or the file in it that was named
  std::string commit;
  std::size_t n_files = 0;
  std::uint64_t n_bytes = 0;             // of those files
  std::uint64_t n_downloaded_bytes = 0;  // of them, what was not in the cache
};

// Asks the hub for the revision's commit and fetches what is missing of it: config.json, the tokenizer, and
// the weights as safetensors (model.safetensors, or the shards of its index); or the file that is named, with
// the other parts of a GGUF file in parts. A branch or tag is written to the cache last: until then it names
// the commit that it named before. kNetwork: see listing.h and blob_transfer.h. kBadInput: the repository
// holds no weights or no tokenizer that Penfield reads. kIo: the cache cannot be written, or the disk has too
// little room. kUsage: see settings.h. kInterrupted: watch; the next call goes on where it was.
[[nodiscard]] Result<Fetched> fetch(const Repository& repository, const Settings& settings,
                                    const FetchOptions& options, const Watch& watch);

}  // namespace penfield::hub
