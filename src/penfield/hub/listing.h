// What the hub says of a repository: its commit, the names of its files, and of one file its size and etag.
//
// Everything here comes from a server and is not believed: names are checked before they become paths, sizes
// before they become memory, and a refusal is said with what to do about it.
#pragma once

#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/hub/blob_transfer.h"
#include "penfield/hub/http.h"
#include "penfield/hub/repository.h"
#include "penfield/hub/waiting.h"

namespace penfield::hub {

struct Listing {
  std::string commit;
  std::vector<std::string> paths;  // is_safe_path; others that the server named are left out

  [[nodiscard]] bool holds(std::string_view path) const;
};

// kNetwork: no such repository or revision, no access (gated, private, a wrong token), or no hub at that
// address.
[[nodiscard]] Result<Listing> list_files(HttpClient& client, const Repository& repository,
                                         const Waiting& waiting);

// Where a file of a commit lies, how large it is and what it is called in the cache. kNetwork as above.
[[nodiscard]] Result<RemoteFile> look_up(HttpClient& client, const Repository& repository,
                                         const std::string& commit, const std::string& path,
                                         const Waiting& waiting);

}  // namespace penfield::hub
