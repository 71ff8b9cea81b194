#include "penfield/hub/settings.h"

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <string_view>
#include <system_error>

#include "penfield/base/file_type.h"
#include "penfield/formats/mapped_file.h"
#include "penfield/hub/ascii.h"

namespace penfield::hub {
namespace {

std::string value_of(const Environment& environment, const std::string& name) {
  const char* const found = environment.variable ? environment.variable(name.c_str()) : nullptr;
  return found == nullptr ? "" : found;
}

// The first of the variables that is not empty.
std::string first_of(const Environment& environment, std::initializer_list<const char*> names) {
  for (const char* const name : names) {
    if (std::string value = value_of(environment, name); !value.empty()) return value;
  }
  return "";
}

bool is_true(std::string_view value) {
  const std::string word = lower(value);
  return word == "1" || word == "on" || word == "yes" || word == "true";
}

std::string home_folder(const Environment& environment) {
  std::string home = value_of(environment, "HOME");
  if (home.empty() && environment.home_of) home = environment.home_of("");
  while (home.size() > 1 && home.back() == '/') home.pop_back();
  return home;
}

// A leading ~ or ~user; the path as it is where that user has no home.
std::string with_home(const std::string& path, const Environment& environment) {
  if (!path.starts_with('~')) return path;
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string user = path.substr(1, slash - 1);
  std::string home = user.empty()          ? home_folder(environment)
                     : environment.home_of ? environment.home_of(user)
                                           : "";
  return home.empty() ? path : home + path.substr(slash);
}

bool is_name_character(char c) {
  return is_letter_or_digit(c) || c == '_';
}

// $NAME and ${NAME}; the values are not expanded again.
std::string with_variables(const std::string& path, const Environment& environment) {
  std::string out;
  for (std::size_t i = 0; i < path.size();) {
    const bool braced = path[i] == '$' && i + 1 < path.size() && path[i + 1] == '{';
    const std::size_t first = i + (braced ? 2 : 1);
    std::size_t last = first;
    if (path[i] == '$') {
      while (last < path.size() && (braced ? path[last] != '}' : is_name_character(path[last]))) ++last;
    }
    const bool is_variable = last > first && (!braced || last < path.size());
    const std::string value = is_variable ? value_of(environment, path.substr(first, last - first)) : "";
    if (value.empty()) {
      out += path[i++];
    } else {
      out += value;
      i = last + (braced ? 1 : 0);
    }
  }
  return out;
}

std::string expanded(const std::string& path, const Environment& environment) {
  return with_variables(with_home(path, environment), environment);
}

// HF_HOME; empty where there is no place for it.
std::string hugging_face_home(const Environment& environment) {
  if (const std::string hf = value_of(environment, "HF_HOME"); !hf.empty()) return expanded(hf, environment);
  if (const std::string xdg = value_of(environment, "XDG_CACHE_HOME"); !xdg.empty()) {
    return expanded(xdg + "/huggingface", environment);
  }
  const std::string home = home_folder(environment);
  return home.empty() ? "" : home + "/.cache/huggingface";
}

// A token is sent as a header field: nothing in it may end the field or begin another.
Result<Token> checked_token(std::string_view text, const std::string& source) {
  constexpr std::size_t kLongestToken = 4096;
  const std::string token(trimmed(text));
  const bool is_sendable =
      token.size() <= kLongestToken &&
      std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!is_sendable) {
    return usage_error(
        "{}: does not hold a token: one word of printable ASCII (hf_…) and nothing else is expected", source);
  }
  return Token{.text = token, .source = token.empty() ? "" : source};
}

}  // namespace

Settings settings_from(const Environment& environment) {
  Settings settings;
  const std::string home = hugging_face_home(environment);
  const std::string cache = first_of(environment, {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"});
  if (!cache.empty()) {
    settings.cache_folder = expanded(cache, environment);
  } else if (!home.empty()) {
    settings.cache_folder = home + "/hub";
  }
  if (std::string endpoint = value_of(environment, "HF_ENDPOINT"); !endpoint.empty()) {
    while (endpoint.ends_with('/')) endpoint.pop_back();
    settings.endpoint = endpoint;
  }
  settings.offline = is_true(first_of(environment, {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"}));
  if (!is_true(value_of(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN"))) {
    settings.token = first_of(environment, {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"});
    const std::string path = value_of(environment, "HF_TOKEN_PATH");
    settings.token_path = !path.empty() ? expanded(path, environment) : home.empty() ? "" : home + "/token";
  }
  settings.proxies = {
      .for_http = first_of(environment, {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}),
      .for_https = first_of(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}),
      .not_for = first_of(environment, {"no_proxy", "NO_PROXY"})};
  settings.certificates = first_of(environment, {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"});
  return settings;
}

Result<Token> read_token(const Settings& settings) {
  if (!settings.token.empty()) return checked_token(settings.token, "HF_TOKEN");
  if (settings.token_path.empty()) return Token{};
  PENFIELD_TRY(const auto type, file_type(settings.token_path));
  if (type == std::filesystem::file_type::not_found) return Token{};
  PENFIELD_TRY(const auto file, formats::MappedFile::open(settings.token_path));
  return checked_token(file.text(), settings.token_path);
}

}  // namespace penfield::hub
