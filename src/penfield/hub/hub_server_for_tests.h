// For tests and tools/serve_hub only: a server that plays the hub on the loopback interface, well or badly.
//
// It serves the repositories that it is given as huggingface.co does: the listing, HEAD and GET of a file
// with the fields from which huggingface_hub names it, ranges, large files by a redirect to another place. A
// `disturb` function sees every request first and may answer it otherwise, or with no HTTP at all.
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "penfield/formats/digest.h"
#include "penfield/hub/url.h"

namespace penfield::hub {

struct HubFile {
  std::string contents;
  bool is_large = false;  // as Git LFS keeps it: named by SHA-256, served from /large/

  [[nodiscard]] std::string sha1() const {
    formats::Digest digest = formats::git_blob_digest(contents.size());
    digest.update(contents);
    return digest.hex();
  }
  [[nodiscard]] std::string etag() const {
    if (!is_large) return sha1();
    formats::Digest digest(formats::Digest::Algorithm::kSha256);
    digest.update(contents);
    return digest.hex();
  }
};

struct HubRepository {
  std::string commit = std::string(40, 'c');
  std::map<std::string, HubFile> files;
  std::set<std::string> revisions = {"main"};
  bool is_gated = false;
  std::string token;  // that opens it where it is gated; others are refused
};

struct HubRequest {
  std::string method, target;
  std::map<std::string, std::string> fields;  // names in lower case

  [[nodiscard]] std::string field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
  }
  // n of "bytes=n-"; 0 where there is none.
  [[nodiscard]] std::size_t first_byte() const {
    const std::string range = field("range");
    return range.starts_with("bytes=") ? std::stoull(range.substr(6)) : 0;
  }
};

// The other end of a connection.
class HubConnection {
 public:
  using Tcp = boost::asio::ip::tcp;
  using Fields = std::vector<std::pair<std::string, std::string>>;
  HubConnection(Tcp::socket socket, const std::atomic<bool>& is_over)
      : socket_(std::move(socket)), is_over_(is_over) {}

  // A whole answer; without a body where the request was HEAD.
  void answer(int status, const Fields& fields, std::string_view body) {
    send(head(status, fields, body.size()));
    if (!is_head_) send(body);
  }
  static std::string head(int status, const Fields& fields, std::size_t length) {
    std::string out = "HTTP/1.1 " + std::to_string(status) + " x\r\n";
    for (const auto& [name, value] : fields) out += name + ": " + value + "\r\n";
    return out + "Content-Length: " + std::to_string(length) + "\r\n\r\n";
  }
  void refuse(int status, const std::string& code, const std::string& message = "") {
    answer(status, {{"X-Error-Code", code}, {"X-Error-Message", message}}, "{\"error\":\"" + message + "\"}");
  }
  // Bytes as they are; what the client does not take is lost.
  void send(std::string_view bytes) {
    boost::system::error_code error;
    boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (error) close();
  }
  void close() {
    boost::system::error_code ignored;
    socket_.shutdown(Tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
  }
  // Until the time is over, the server ends or `until` is true.
  void wait(
      std::chrono::milliseconds time, const std::function<bool()>& until = [] { return false; }) const {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end && !is_over_ && !until()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }

 private:
  friend class HubServer;
  bool read(HubRequest& request) {
    namespace http = boost::beast::http;
    http::request<http::string_body> parsed;
    boost::system::error_code error;
    http::read(socket_, buffer_, parsed, error);
    if (error) return false;
    request.method = parsed.method_string().to_string();
    request.target = parsed.target().to_string();
    for (const auto& field : parsed) {
      std::string name = field.name_string().to_string();
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      request.fields[name] = field.value().to_string();
    }
    is_head_ = request.method == "HEAD";
    return true;
  }
  Tcp::socket socket_;
  const std::atomic<bool>& is_over_;
  boost::beast::flat_buffer buffer_;
  bool is_head_ = false;
};

class HubServer {
 public:
  // True where it has answered the request.
  using Disturb = std::function<bool(const HubRequest&, HubConnection&)>;

  explicit HubServer(unsigned short port = 0)
      : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), port}), large_files_at_(url()) {
    thread_ = std::thread([this] { accept(); });
  }
  HubServer(const HubServer&) = delete;
  HubServer& operator=(const HubServer&) = delete;
  ~HubServer() {
    is_over_ = true;
    HubConnection::Tcp::socket wake(io_);  // accept() waits for one
    boost::system::error_code ignored;
    wake.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
    {
      const std::scoped_lock lock(mutex_);
      for (const auto& connection : connections_) ::shutdown(connection->socket_.native_handle(), SHUT_RDWR);
    }
    for (std::thread& worker : workers_) worker.join();
  }

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }
  // Before requests come; the repositories may be changed between them.
  HubRepository& add(const std::string& id) { return repositories_[id]; }
  void disturb(Disturb disturb) {
    const std::scoped_lock lock(mutex_);
    disturb_ = std::move(disturb);
  }
  // Where large files are redirected to: another server, which holds the same repository.
  void keep_large_files_at(const std::string& url) { large_files_at_ = url; }

  [[nodiscard]] std::vector<HubRequest> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }
  // Of the requests, those whose target holds the text.
  [[nodiscard]] std::size_t count(const std::string& method, const std::string& text) const {
    std::size_t n = 0;
    for (const HubRequest& request : requests()) {
      n += request.method == method && request.target.find(text) != std::string::npos ? 1 : 0;
    }
    return n;
  }

  // The usual answer.
  void serve(const HubRequest& request, HubConnection& connection) {
    const std::string path = request.target.substr(0, request.target.find('?'));
    for (const auto& [id, repository] : repositories_) {
      const std::string api = "/api/models/" + id + "/", resolve = "/" + id + "/resolve/";
      if (path.starts_with(api)) return serve_listing(id, repository, path.substr(api.size()), connection);
      if (path.starts_with(resolve)) {
        return serve_file(repository, path.substr(resolve.size()), request, connection);
      }
      for (const auto& [name, file] : repository.files) {
        if (path == "/large/" + file.etag())
          return send_contents(file, {{"ETag", "\"large\""}}, request, connection);
      }
    }
    connection.refuse(401, "RepoNotFound", "Repository not found");
  }

 private:
  void accept() {
    while (!is_over_) {
      HubConnection::Tcp::socket socket(io_);
      boost::system::error_code error;
      acceptor_.accept(socket, error);
      if (error || is_over_) continue;
      boost::system::error_code ignored;
      socket.set_option(HubConnection::Tcp::no_delay(true), ignored);
      const std::scoped_lock lock(mutex_);
      connections_.push_back(std::make_unique<HubConnection>(std::move(socket), is_over_));
      workers_.emplace_back([this, connection = connections_.back().get()] { talk(*connection); });
    }
  }
  void talk(HubConnection& connection) {
    for (HubRequest request; connection.is_open() && connection.read(request); request = {}) {
      Disturb disturb;
      {
        const std::scoped_lock lock(mutex_);
        requests_.push_back(request);
        disturb = disturb_;
      }
      if (!disturb || !disturb(request, connection)) serve(request, connection);
    }
    boost::system::error_code ignored;
    connection.socket_.shutdown(HubConnection::Tcp::socket::shutdown_both, ignored);
  }

  static void serve_listing(const std::string& id, const HubRepository& repository, const std::string& rest,
                            HubConnection& connection) {
    const bool is_tree = rest.starts_with("tree/");
    const std::string revision = rest.substr(rest.find('/') + 1);
    if (!knows(repository, revision)) return connection.refuse(404, "RevisionNotFound", "Invalid rev id");
    nlohmann::json tree = nlohmann::json::array(), siblings = nlohmann::json::array();
    for (const auto& [path, file] : repository.files) {
      siblings.push_back({{"rfilename", path}});
      tree.push_back(
          {{"type", "file"}, {"oid", file.sha1()}, {"size", file.contents.size()}, {"path", path}});
      if (file.is_large) {
        tree.back()["lfs"] = {{"oid", file.etag()}, {"size", file.contents.size()}, {"pointerSize", 130}};
      }
    }
    const nlohmann::json info = {
        {"id", id}, {"modelId", id}, {"sha", repository.commit}, {"siblings", siblings}};
    connection.answer(200, {{"Content-Type", "application/json"}}, (is_tree ? tree : info).dump());
  }
  // "COMMIT/PATH"
  void serve_file(const HubRepository& repository, const std::string& rest, const HubRequest& request,
                  HubConnection& connection) const {
    const std::size_t slash = rest.find('/');
    if (!knows(repository, rest.substr(0, slash)))
      return connection.refuse(404, "RevisionNotFound", "Invalid rev id");
    const std::string authorization = request.field("authorization");
    if (repository.is_gated && authorization != "Bearer " + repository.token) {
      return connection.refuse(authorization.empty() ? 401 : 403, "GatedRepo",
                               "Access to model is restricted");
    }
    HubConnection::Fields fields = {{"X-Repo-Commit", repository.commit}, {"Accept-Ranges", "bytes"}};
    for (const auto& [path, file] : repository.files) {
      if (url_quoted(path, true) != rest.substr(slash + 1)) continue;
      if (!file.is_large) {
        fields.emplace_back("ETag", "\"" + file.etag() + "\"");
        return send_contents(file, fields, request, connection);
      }
      fields.emplace_back("X-Linked-Etag", "\"" + file.etag() + "\"");
      fields.emplace_back("X-Linked-Size", std::to_string(file.contents.size()));
      fields.emplace_back("Location", large_files_at_ + "/large/" + file.etag());
      return connection.answer(302, fields, "Found");
    }
    connection.answer(404, {{"X-Error-Code", "EntryNotFound"}, {"X-Repo-Commit", repository.commit}}, "");
  }
  static void send_contents(const HubFile& file, HubConnection::Fields fields, const HubRequest& request,
                            HubConnection& connection) {
    std::string etag;
    for (const auto& [name, value] : fields) etag = name == "ETag" ? value : etag;
    const std::size_t first = request.first_byte(), size = file.contents.size();
    const std::string if_range = request.field("if-range");
    if (first == 0 || (!if_range.empty() && if_range != etag))
      return connection.answer(200, fields, file.contents);
    if (first >= size)
      return connection.answer(416, {{"Content-Range", "bytes */" + std::to_string(size)}}, "");
    fields.emplace_back("Content-Range", "bytes " + std::to_string(first) + "-" + std::to_string(size - 1) +
                                             "/" + std::to_string(size));
    connection.answer(206, fields, std::string_view(file.contents).substr(first));
  }
  static bool knows(const HubRepository& repository, const std::string& revision) {
    if (revision == repository.commit) return true;
    for (const std::string& name : repository.revisions) {
      if (revision == name || revision == url_quoted(name, false)) return true;
    }
    return false;
  }

  boost::asio::io_context io_;
  HubConnection::Tcp::acceptor acceptor_;
  std::string large_files_at_;
  std::map<std::string, HubRepository> repositories_;
  std::atomic<bool> is_over_ = false;
  mutable std::mutex mutex_;  // of what follows
  Disturb disturb_;
  std::vector<HubRequest> requests_;
  std::vector<std::unique_ptr<HubConnection>> connections_;
  std::vector<std::thread> workers_;
  std::thread thread_;
};

}  // namespace penfield::hub
