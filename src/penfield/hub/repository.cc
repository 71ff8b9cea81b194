#include "penfield/hub/repository.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace penfield::hub {
namespace {

constexpr std::size_t kLongestId = 96;  // as on the hub
constexpr std::string_view kGpt2Owner = "openai-community/";
constexpr std::array<std::string_view, 4> kGpt2 = {"gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl"};

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

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

Result<Repository> parse_repository(std::string_view name) {
  const std::size_t at = name.find('@');
  const std::string_view id = name.substr(0, at);
  if (id.size() > kLongestId || !are_name_parts(id, 2)) {
    return usage_error(
        "model '{}': neither a folder nor a repository: write a path, gpt2, or OWNER/NAME[@REV] of letters, "
        "digits and "
        "- _ .",
        name);
  }
  if (at == std::string_view::npos) return Repository{.id = std::string(id), .revision = "main"};
  const std::string_view revision = name.substr(at + 1);
  if (revision.size() > 255 || !are_name_parts(revision, 8)) {
    return usage_error(
        "model '{}': '{}' is not a revision: write a branch, a tag or a full commit hash after the @", name,
        revision);
  }
  return Repository{.id = std::string(id), .revision = std::string(revision)};
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
