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
};

// "OWNER/NAME[@REV]" or "NAME[@REV]". Only letters, digits and - _ . are allowed (in REV also /); no part
// begins or ends with '-' or '.', none holds "--" or "..": a name can then lead nowhere but into its own
// folder of the cache. kUsage says which rule is broken.
[[nodiscard]] Result<Repository> parse_repository(std::string_view name);

// 40 lower-case hexadecimal digits.
[[nodiscard]] bool is_commit(std::string_view revision);

// "models--openai-community--gpt2".
[[nodiscard]] std::string cache_folder_name(std::string_view repository_id);

// The id itself, then the other name under which the same repository is known, if any.
[[nodiscard]] std::vector<std::string> known_as(const std::string& repository_id);

// The name with an owner, under which the hub serves it.
[[nodiscard]] std::string hub_id(const std::string& repository_id);

}  // namespace penfield::hub
