#include "penfield/hub/repository.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "penfield/hub/ascii.h"

namespace penfield::hub {
namespace {

constexpr std::size_t kLongestId = 96;  // as on the hub
constexpr std::string_view kGpt2Owner = "openai-community/";
constexpr std::array<std::string_view, 4> kGpt2 = {"gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl"};

bool is_name_part(std::string_view part) {
  const auto allowed = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; };
  const auto edge = [](char c) { return c == '-' || c == '.'; };
  return !part.empty() && std::all_of(part.begin(), part.end(), allowed) && !edge(part.front()) &&
         !edge(part.back()) && part.find("--") == std::string_view::npos &&
         part.find("..") == std::string_view::npos;
}

std::vector<std::string_view> split_at_slashes(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool are_name_parts(std::string_view text, std::size_t at_most) {
  const std::vector<std::string_view> parts = split_at_slashes(text);
  return parts.size() <= at_most && std::all_of(parts.begin(), parts.end(), is_name_part);
}

}  // namespace

bool is_safe_path(std::string_view path) {
  constexpr std::size_t kLongestPath = 1024, kLongestPart = 255;
  const auto is_unsafe_byte = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\';
  };
  if (path.size() > kLongestPath || std::any_of(path.begin(), path.end(), is_unsafe_byte)) return false;
  const std::vector<std::string_view> parts = split_at_slashes(path);
  return std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
    return !part.empty() && part.size() <= kLongestPart && part != "." && part != "..";
  });
}

Result<Repository> parse_repository(std::string_view name) {
  const std::size_t colon = name.find(':');
  const std::string_view whole = name.substr(0, colon);
  const std::size_t at = whole.find('@');
  const std::string_view id = whole.substr(0, at);
  if (id.size() > kLongestId || !are_name_parts(id, 2)) {
    return usage_error(
        "model '{}': neither a folder nor a repository: write a path, gpt2, or OWNER/NAME[@REV][:FILE] of "
        "letters, digits and - _ .",
        name);
  }
  Repository repository{.id = std::string(id), .revision = "main", .file = {}};
  if (at != std::string_view::npos) {
    repository.revision = whole.substr(at + 1);
    if (repository.revision.size() > 255 || !are_name_parts(repository.revision, 8)) {
      return usage_error(
          "model '{}': '{}' is not a revision: write a branch, a tag or a full commit hash after the @", name,
          repository.revision);
    }
  }
  if (colon != std::string_view::npos) {
    repository.file = name.substr(colon + 1);
    if (!is_safe_path(repository.file)) {
      return usage_error("model '{}': the part after the : is not the path of a file in a repository", name);
    }
  }
  return repository;
}

std::string full_name(const Repository& repository) {
  return repository.id + "@" + repository.revision + (repository.file.empty() ? "" : ":" + repository.file);
}

std::string short_name(const Repository& repository) {
  return repository.id + (repository.revision == "main" ? "" : "@" + repository.revision) +
         (repository.file.empty() ? "" : ":" + repository.file);
}

bool is_commit(std::string_view revision) {
  return revision.size() == 40 && std::all_of(revision.begin(), revision.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string cache_folder_name(std::string_view repository_id) {
  std::string folder = "models--";
  for (const char c : repository_id) {
    if (c == '/') {
      folder += "--";
    } else {
      folder += c;
    }
  }
  return folder;
}

std::vector<std::string> known_as(const std::string& repository_id) {
  for (const std::string_view size : kGpt2) {
    const std::string with_owner = std::string(kGpt2Owner).append(size);
    if (repository_id == size) return {repository_id, with_owner};
    if (repository_id == with_owner) return {repository_id, std::string(size)};
  }
  return {repository_id};
}

std::string hub_id(const std::string& repository_id) {
  for (const std::string& id : known_as(repository_id)) {
    if (id.find('/') != std::string::npos) return id;
  }
  return repository_id;
}

}  // namespace penfield::hub
