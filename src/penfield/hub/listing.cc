#include "penfield/hub/listing.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "penfield/formats/json.h"
#include "penfield/formats/message_text.h"
#include "penfield/hub/cache.h"
#include "penfield/hub/url.h"

namespace penfield::hub {
namespace {

constexpr std::size_t kMostListingBytes = std::size_t{32} << 20;

std::string address_of(const HttpClient& client, const Repository& repository) {
  return client.endpoint() + "/" + repository.id;
}

Error network_error(std::string message) {
  return {ErrorKind::kNetwork, std::move(message)};
}

// Why somebody may not have it, and what helps.
Error no_access(const HttpClient& client, const Repository& repository, std::string_view code, int status) {
  const std::string where = address_of(client, repository);
  const Token& token = client.token();
  if (code == "GatedRepo" && token.text.empty()) {
    return network_error(
        fmt::format("model {}: is gated: log in at {}, accept its conditions there, and give a token of "
                    "yours in HF_TOKEN "
                    "(made at {}/settings/tokens)",
                    short_name(repository), where, client.endpoint()));
  }
  if (code == "GatedRepo") {
    return network_error(
        fmt::format("model {}: is gated, and the token in {} has no access yet: accept the conditions at {} "
                    "with the account of "
                    "that token, or wait until its owners let you in",
                    short_name(repository), token.source, where));
  }
  if (status == 401 && !token.text.empty()) {
    return network_error(
        fmt::format("model {}: the hub does not know the token in {}, or there is no such repository: look "
                    "at {}/settings/tokens "
                    "and at the name",
                    short_name(repository), token.source, client.endpoint()));
  }
  return network_error(fmt::format(
      "model {}: no such repository at {}, or it is private: look at the name; for a private one {}",
      short_name(repository), client.endpoint(),
      token.text.empty() ? std::string("give a token in HF_TOKEN")
                         : fmt::format("the token in {} must have access", token.source)));
}

// A failure of a request, said in the words of whoever asked for the model.
Error explained(const HttpClient& client, const Repository& repository, const HttpFailure& failure) {
  if (!failure.head) return failure.error;
  const int status = failure.head->status;
  const std::string_view code = failure.head->field("x-error-code");
  if (code == "RevisionNotFound") {
    return network_error(fmt::format("model {}: has no branch, tag or commit '{}'; see {}/tree/main",
                                     repository.id, repository.revision, address_of(client, repository)));
  }
  if (code == "EntryNotFound") {
    return network_error(fmt::format("model {}: has no such file; see {}/tree/{}", short_name(repository),
                                     address_of(client, repository), repository.revision));
  }
  if (status == 401 || status == 403 || code == "GatedRepo" || code == "RepoNotFound" || status == 404) {
    Error error = no_access(client, repository, code, status);
    if (const std::string_view why = failure.head->field("x-error-message"); status == 403 && !why.empty()) {
      error.message += fmt::format(" (\"{}\")", formats::message_text(why));
    }
    return error;
  }
  return {failure.error.kind, fmt::format("model {}: {}", short_name(repository), failure.error.message)};
}

tl::unexpected<Error> no_hub(const HttpClient& client, std::string_view what) {
  return fail(ErrorKind::kNetwork,
              "{}: {}: this is not a Hugging Face hub; check HF_ENDPOINT, or a proxy in between",
              client.endpoint(), what);
}

// W/"abc" and "abc" -> abc, as huggingface_hub does.
std::string_view bare_etag(std::string_view etag) {
  etag.remove_prefix(std::min(etag.find_first_not_of("W/"), etag.size()));
  etag.remove_prefix(std::min(etag.find_first_not_of('"'), etag.size()));
  while (etag.ends_with('"')) etag.remove_suffix(1);
  return etag;
}

}  // namespace

bool Listing::holds(std::string_view path) const {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

Result<Listing> list_files(HttpClient& client, const Repository& repository, const Waiting& waiting) {
  const std::string url = fmt::format("{}/api/models/{}/revision/{}", client.endpoint(), repository.id,
                                      url_quoted(repository.revision, false));
  const auto text = try_repeatedly(client.patience(), waiting,
                                   [&] { return client.get_text(url, kMostListingBytes, waiting.keep_on); });
  if (!text) return tl::unexpected(explained(client, repository, text.error()));
  const auto json = formats::parse_json(*text, url);
  if (!json) return no_hub(client, "what it says of the model is not JSON");
  const auto commit = formats::get_string(*json, "sha", url);
  if (!commit || !is_commit(*commit)) return no_hub(client, "names no commit of the model");
  const auto files = formats::get_array(*json, "siblings", url);
  if (!files) return no_hub(client, "lists no files of the model");
  Listing listing{.commit = *commit, .paths = {}};
  for (const nlohmann::json& file : **files) {
    auto path = formats::get_string(file, "rfilename", url);
    if (path && is_safe_path(*path)) listing.paths.push_back(std::move(*path));
  }
  return listing;
}

Result<RemoteFile> look_up(HttpClient& client, const Repository& repository, const std::string& commit,
                           const std::string& path, const Waiting& waiting) {
  RemoteFile file{.path = path,
                  .url = fmt::format("{}/{}/resolve/{}/{}", client.endpoint(), repository.id, commit,
                                     url_quoted(path, true)),
                  .etag = {},
                  .n_bytes = 0};
  const HttpRequest request{
      .url = file.url, .head_only = true, .follow = Follow::kWithinHost, .first_byte = 0, .if_range = {}};
  const auto head =
      try_repeatedly(client.patience(), waiting, [&] { return client.send(request, {}, waiting.keep_on); });
  if (!head) {
    Repository asked = repository;
    asked.file = path;
    return tl::unexpected(explained(client, asked, head.error()));
  }
  if (head->field("x-repo-commit") != commit) return no_hub(client, "does not say which commit a file is of");
  // Of a large file, which lies elsewhere, the redirect says what it is.
  const std::string_view linked_etag = head->field("x-linked-etag"),
                         linked_size = head->field("x-linked-size");
  file.etag = bare_etag(linked_etag.empty() ? head->field("etag") : linked_etag);
  if (!is_safe_etag(file.etag)) return no_hub(client, "gives a file no ETag that could name it");
  constexpr int kFirstRedirect = 300;
  const std::string_view size =
      linked_size.empty() && head->status < kFirstRedirect ? head->field("content-length") : linked_size;
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), file.n_bytes);
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 50;
  if (size.empty() || error != std::errc() || end != size.data() + size.size() || file.n_bytes > kMostBytes) {
    return no_hub(client, "does not say how large a file is");
  }
  return file;
}

}  // namespace penfield::hub
