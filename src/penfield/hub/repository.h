// A repository as it is named on the command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"

namespace penfield::hub {

struct Repository {
  std::string id;        // "gpt2" or "openai-community/gpt2"
  std::string revision;  // branch, tag or commit; "main" where none was named
  std::string file;  // the one file that is meant, a path inside the repository; empty: the model as a whole
};

// "OWNER/NAME[@REV][:FILE]" or "NAME[@REV][:FILE]". In NAME and OWNER only letters, digits and - _ . are
// allowed (in REV also /); no part begins or ends with '-' or '.', none holds "--" or ".."; FILE
// is_safe_path. A name can then lead nowhere but into its own folder of the cache. kUsage says which rule is
// broken.
[[nodiscard]] Result<Repository> parse_repository(std::string_view name);

// "gpt2@main", "owner/name@v1:model.gguf": for messages.
[[nodiscard]] std::string full_name(const Repository& repository);
// As a user would type it: without "@main".
[[nodiscard]] std::string short_name(const Repository& repository);

// A path inside a folder that cannot lead out of it: parts of 1 to 255 bytes between single slashes, none of
// them
// "." or "..", no control character, no backslash; at most 1024 bytes.
[[nodiscard]] bool is_safe_path(std::string_view path);

// 40 lower-case hexadecimal digits.
[[nodiscard]] bool is_commit(std::string_view revision);

// "models--openai-community--gpt2".
[[nodiscard]] std::string cache_folder_name(std::string_view repository_id);

// The id itself, then the other name under which the same repository is known, if any.
[[nodiscard]] std::vector<std::string> known_as(const std::string& repository_id);

// The name with an owner, under which the hub serves it.
[[nodiscard]] std::string hub_id(const std::string& repository_id);

}  // namespace penfield::hub
