// One file of the hub into the cache: resumed, bounded by its size, checked, and put in place whole.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "penfield/hub/cache.h"
#include "penfield/hub/http.h"
#include "penfield/hub/partial_blob.h"
#include "penfield/hub/waiting.h"

namespace penfield::hub {

// What the hub says of a file before it is fetched.
struct RemoteFile {
  std::string path;  // in the repository
  std::string url;   // where its contents are
  std::string etag;  // is_safe_etag: the name of the blob
  std::uint64_t n_bytes = 0;
};

enum class Existing : std::uint8_t {
  kTrusted,  // a blob that is there with the right size is right, as for huggingface_hub
  kChecked,  // its digest is computed, and a wrong one is fetched anew
};

// Fetches the blob unless it is there, under its lock. n_done: grows and shrinks with the bytes of this file
// that are there, for a display of progress; n_bytes when it succeeds. kNetwork: the server fails for good,
// or sends other bytes than it announced; the cache is as it was, but for the .incomplete file, which the
// next call goes on with. kIo: the disk. What keep_on returns.
[[nodiscard]] Result<void> transfer_blob(HttpClient& client, const RemoteFile& file,
                                         const RepositoryCache& cache, Existing existing,
                                         const Waiting& waiting, std::atomic<std::uint64_t>& n_done);

}  // namespace penfield::hub
