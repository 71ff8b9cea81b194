#include "penfield/hub/hub_server_for_tests.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <nlohmann/json.hpp>

#include "penfield/base/check.h"
#include "penfield/formats/digest.h"
#include "penfield/hub/ascii.h"
#include "penfield/hub/url.h"

namespace penfield::hub {
namespace {

bool knows(const HubRepository& repository, const std::string& revision) {
  return revision == repository.commit ||
         std::any_of(repository.revisions.begin(), repository.revisions.end(), [&](const std::string& name) {
           return revision == name || revision == url_quoted(name, false);
         });
}

// rest: "revision/REV" or "tree/REV".
void serve_listing(const std::string& id, const HubRepository& repository, const std::string& rest,
                   HubConnection& connection) {
  if (!knows(repository, rest.substr(rest.find('/') + 1))) {
    return connection.refuse(404, "RevisionNotFound", "Invalid rev id");
  }
  nlohmann::json tree = nlohmann::json::array(), siblings = nlohmann::json::array();
  for (const auto& [path, file] : repository.files) {
    siblings.push_back({{"rfilename", path}});
    tree.push_back({{"type", "file"}, {"oid", file.sha1()}, {"size", file.contents.size()}, {"path", path}});
    if (file.is_large) {
      tree.back()["lfs"] = {{"oid", file.etag()}, {"size", file.contents.size()}, {"pointerSize", 130}};
    }
  }
  const nlohmann::json info = {
      {"id", id}, {"modelId", id}, {"sha", repository.commit}, {"siblings", std::move(siblings)}};
  connection.answer(200, {{"Content-Type", "application/json"}},
                    (rest.starts_with("tree/") ? tree : info).dump());
}

void send_contents(const HubFile& file, const std::string& etag, HubConnection::Fields fields,
                   const HubRequest& request, HubConnection& connection) {
  fields.emplace_back("ETag", etag);
  const std::size_t first = request.first_byte(), size = file.contents.size();
  const std::string if_range = request.field("if-range");
  if (first == 0 || (!if_range.empty() && if_range != etag)) {
    return connection.answer(200, fields, file.contents);
  }
  if (first >= size)
    return connection.answer(416, {{"Content-Range", "bytes */" + std::to_string(size)}}, "");
  fields.emplace_back("Content-Range", "bytes " + std::to_string(first) + "-" + std::to_string(size - 1) +
                                           "/" + std::to_string(size));
  connection.answer(206, fields, std::string_view(file.contents).substr(first));
}

}  // namespace

std::string HubFile::sha1() const {
  formats::Digest digest = formats::git_blob_digest(contents.size());
  digest.update(contents);
  return digest.hex();
}

std::string HubFile::etag() const {
  if (!is_large) return sha1();
  formats::Digest digest(formats::Digest::Algorithm::kSha256);
  digest.update(contents);
  return digest.hex();
}

std::string HubRequest::field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

std::size_t HubRequest::first_byte() const {
  const std::string range = field("range");
  return range.starts_with("bytes=") ? std::stoull(range.substr(6)) : 0;
}

HubRequest HubServer::last_of_a_range() const {
  HubRequest last;
  for (HubRequest& request : requests()) {
    if (!request.field("range").empty()) last = std::move(request);
  }
  return last;
}

void HubConnection::answer(int status, const Fields& fields, std::string_view body) {
  send(head(status, fields, body.size()));
  if (!is_head_) send(body);
}

std::string HubConnection::head(int status, const Fields& fields, std::size_t length) {
  std::string out = "HTTP/1.1 " + std::to_string(status) + " x\r\n";
  for (const auto& [name, value] : fields) out += name + ": " + value + "\r\n";
  return out + "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}

void HubConnection::refuse(int status, const std::string& code, const std::string& message) {
  answer(status, {{"X-Error-Code", code}, {"X-Error-Message", message}}, R"({"error":")" + message + "\"}");
}

void HubConnection::send(std::string_view bytes) {
  while (!bytes.empty() && is_open_) {
    const ssize_t n = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return close();
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void HubConnection::close() {
  is_open_ = false;
  ::shutdown(socket_.get(), SHUT_RDWR);
}

void HubConnection::wait(std::chrono::milliseconds time, const std::function<bool()>& until) const {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end && !is_over_ && !until()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

bool HubConnection::read(HubRequest& request) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  std::size_t end = std::string::npos;
  while ((end = received_.find(kEnd)) == std::string::npos) {
    char bytes[4096];
    const ssize_t n = ::recv(socket_.get(), bytes, sizeof bytes, 0);
    if (n <= 0) return false;
    received_.append(bytes, static_cast<std::size_t>(n));
  }
  boost::beast::http::request_parser<boost::beast::http::string_body> parser;
  boost::system::error_code error;
  parser.put(boost::asio::buffer(received_.data(), end + kEnd.size()), error);
  received_.erase(0, end + kEnd.size());
  if (error) return false;
  request.method = parser.get().method_string().to_string();
  request.target = parser.get().target().to_string();
  for (const auto& field : parser.get()) {
    request.fields[lower(field.name_string().to_string())] = field.value().to_string();
  }
  is_head_ = request.method == "HEAD";
  return true;
}

HubServer::HubServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  PENFIELD_CHECK(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0);
  PENFIELD_CHECK(::listen(listener_.get(), SOMAXCONN) == 0);
  PENFIELD_CHECK(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  large_files_at_ = url();
  thread_ = std::thread([this] { accept_all(); });
}

HubServer::~HubServer() {
  is_over_ = true;
  ::shutdown(listener_.get(), SHUT_RDWR);  // ends accept()
  thread_.join();
  for (const auto& connection : connections_) connection->close();
  for (std::thread& worker : workers_) worker.join();
}

std::string HubServer::url() const {
  const std::scoped_lock lock(mutex_);
  return "http://127.0.0.1:" + std::to_string(port_);
}

void HubServer::disturb(Disturb disturb) {
  const std::scoped_lock lock(mutex_);
  disturb_ = std::move(disturb);
}

std::vector<HubRequest> HubServer::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

std::size_t HubServer::count(const std::string& method, const std::string& text) const {
  const std::vector<HubRequest> all = requests();
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const HubRequest& request) {
    return request.method == method && request.target.find(text) != std::string::npos;
  }));
}

void HubServer::accept_all() {
  for (;;) {
    formats::FileDescriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (is_over_) return;
    if (!socket.is_open()) continue;
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::scoped_lock lock(mutex_);
    connections_.push_back(std::make_unique<HubConnection>(std::move(socket), is_over_));
    workers_.emplace_back([this, connection = connections_.back().get()] { talk(*connection); });
  }
}

void HubServer::talk(HubConnection& connection) {
  for (HubRequest request; connection.is_open() && connection.read(request); request = {}) {
    Disturb disturb;
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(request);
      disturb = disturb_;
    }
    if (!disturb || !disturb(request, connection)) serve(request, connection);
  }
  connection.close();
}

void HubServer::serve(const HubRequest& request, HubConnection& connection) const {
  const std::string path = request.target.substr(0, request.target.find('?'));
  for (const auto& [id, repository] : repositories_) {
    const std::string api = "/api/models/" + id + "/", resolve = "/" + id + "/resolve/";
    if (path.starts_with(api)) return serve_listing(id, repository, path.substr(api.size()), connection);
    if (path.starts_with(resolve)) {
      return serve_file(repository, path.substr(resolve.size()), request, connection);
    }
    for (const auto& [name, file] : repository.files) {
      if (path == "/large/" + file.etag()) return send_contents(file, "\"large\"", {}, request, connection);
    }
  }
  connection.refuse(401, "RepoNotFound", "Repository not found");
}

// rest: "REV/PATH"
void HubServer::serve_file(const HubRepository& repository, const std::string& rest,
                           const HubRequest& request, HubConnection& connection) const {
  const std::size_t slash = rest.find('/');
  if (!knows(repository, rest.substr(0, slash))) {
    return connection.refuse(404, "RevisionNotFound", "Invalid rev id");
  }
  const std::string authorization = request.field("authorization");
  if (repository.is_gated && authorization != "Bearer " + repository.token) {
    return connection.refuse(authorization.empty() ? 401 : 403, "GatedRepo", "Access to model is restricted");
  }
  HubConnection::Fields fields = {{"X-Repo-Commit", repository.commit}, {"Accept-Ranges", "bytes"}};
  for (const auto& [path, file] : repository.files) {
    if (url_quoted(path, true) != rest.substr(slash + 1)) continue;
    if (!file.is_large) return send_contents(file, "\"" + file.etag() + "\"", fields, request, connection);
    fields.emplace_back("X-Linked-Etag", "\"" + file.etag() + "\"");
    fields.emplace_back("X-Linked-Size", std::to_string(file.contents.size()));
    fields.emplace_back("Location", large_files_at_ + "/large/" + file.etag());
    return connection.answer(302, fields, "Found");
  }
  connection.answer(404, {{"X-Error-Code", "EntryNotFound"}, {"X-Repo-Commit", repository.commit}}, "");
}

}  // namespace penfield::hub
