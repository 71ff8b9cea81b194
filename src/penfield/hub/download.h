// Several files at once into the cache, with one display of progress.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/hub/blob_transfer.h"
#include "penfield/hub/cache.h"
#include "penfield/hub/http.h"

namespace penfield::hub {

using Note = std::function<void(const std::string& line)>;

// Fetches the files of a commit that are not there yet, the largest first, and links each into the snapshot
// as soon as it is whole. step and note are called by this thread alone, step at least every tenth of a
// second. The first failure ends all; what came in stays and is gone on with by the next call (see
// transfer_blob).
[[nodiscard]] Result<void> download_files(const HttpClient& client, const std::vector<RemoteFile>& files,
                                          const RepositoryCache& cache, const std::string& commit,
                                          Existing existing, const Watch& watch, const Note& note);

// The bytes of them that are not in the cache, not even in part.
[[nodiscard]] std::uint64_t missing_bytes(const std::vector<RemoteFile>& files, const RepositoryCache& cache);

}  // namespace penfield::hub
