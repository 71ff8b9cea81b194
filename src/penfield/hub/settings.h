// How the hub is reached and where its files are kept, as huggingface_hub takes it from the environment.
//
// The library reads no environment: whoever calls passes in what the variables and the system say.
// Source: huggingface_hub, "Environment variables".
#pragma once

#include <functional>
#include <string>

#include "penfield/base/result.h"

namespace penfield::hub {

struct Environment {
  // As std::getenv: the value, or null.
  std::function<const char*(const char* name)> variable;
  // The home folder of a user by name, of this one for ""; empty where there is none.
  std::function<std::string(const std::string& user)> home_of;
};

struct Proxies {
  std::string for_http, for_https;  // empty: none
  std::string not_for;              // hosts that are reached directly, as NO_PROXY lists them
};

struct Settings {
  // The folder that holds models--…: HF_HUB_CACHE, else HUGGINGFACE_HUB_CACHE, else HF_HOME/hub, else
  // XDG_CACHE_HOME/huggingface/hub, else HOME/.cache/huggingface/hub. Empty where none of them is set.
  std::string cache_folder;
  // HF_ENDPOINT; scheme and host, perhaps a path, no / at the end.
  std::string endpoint = "https://huggingface.co";
  bool offline = false;      // HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE: 1, on, yes or true
  std::string token;         // HF_TOKEN, else HUGGING_FACE_HUB_TOKEN
  std::string token_path;    // where a token lies that is used otherwise; may not exist
  Proxies proxies;           // http_proxy, https_proxy, all_proxy, no_proxy
  std::string certificates;  // SSL_CERT_FILE and the like: a PEM file in place of the system's
};

// An empty variable counts as unset. In paths a leading ~ or ~user and $NAME or ${NAME} are expanded; a name
// that is not set stays as it is.
[[nodiscard]] Settings settings_from(const Environment& environment);

// The token to send, and where it is from (for messages); both empty where there is none. kUsage: the token
// holds a character that no token has. kIo: the file is there and cannot be read.
struct Token {
  std::string text;
  std::string source;
};
[[nodiscard]] Result<Token> read_token(const Settings& settings);

}  // namespace penfield::hub
