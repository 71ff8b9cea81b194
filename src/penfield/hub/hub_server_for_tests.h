// For tests and tools/serve_hub only: a server that plays the hub on the loopback interface, well or badly.
//
// It serves the repositories that it is given as huggingface.co does: the listing, HEAD and GET of a file
// with the fields from which huggingface_hub names it, ranges, large files by a redirect to another place. A
// `disturb` function sees every request first and may answer it otherwise, or with no HTTP at all.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "penfield/formats/file_descriptor.h"

namespace penfield::hub {

struct HubFile {
  std::string contents;
  bool is_large = false;  // as Git LFS keeps it: named by SHA-256, served from /large/

  [[nodiscard]] std::string sha1() const;  // Git's name of it
  [[nodiscard]] std::string etag() const;
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

  [[nodiscard]] std::string field(const std::string& name) const;  // empty where there is none
  [[nodiscard]] std::size_t first_byte() const;                    // n of "bytes=n-"; 0 where there is none
};

// The other end of a connection.
class HubConnection {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;
  HubConnection(formats::FileDescriptor socket, const std::atomic<bool>& is_over)
      : socket_(std::move(socket)), is_over_(is_over) {}

  // A whole answer; without a body where the request was HEAD.
  void answer(int status, const Fields& fields, std::string_view body);
  [[nodiscard]] static std::string head(int status, const Fields& fields, std::size_t length);
  void refuse(int status, const std::string& code, const std::string& message = "");
  // Bytes as they are; what the client does not take is lost.
  void send(std::string_view bytes);
  void close();
  // Until the time is over, the server ends or `until` is true.
  void wait(
      std::chrono::milliseconds time, const std::function<bool()>& until = [] { return false; }) const;
  [[nodiscard]] bool is_open() const { return is_open_; }

 private:
  friend class HubServer;
  bool read(HubRequest& request);
  formats::FileDescriptor socket_;
  const std::atomic<bool>& is_over_;
  std::atomic<bool> is_open_ = true;
  std::string received_;
  bool is_head_ = false;
};

class HubServer {
 public:
  // True where it has answered the request.
  using Disturb = std::function<bool(const HubRequest&, HubConnection&)>;

  HubServer();
  HubServer(const HubServer&) = delete;
  HubServer& operator=(const HubServer&) = delete;
  ~HubServer();

  // Publishes what was added before to the server's threads, also where another process connects.
  [[nodiscard]] std::string url() const;
  // Repositories are added and changed while no request is under way.
  HubRepository& add(const std::string& id) { return repositories_[id]; }
  void disturb(Disturb disturb);
  // Where large files are redirected to: another server, which holds the same repository.
  void keep_large_files_at(const std::string& url) { large_files_at_ = url; }

  [[nodiscard]] std::vector<HubRequest> requests() const;
  // The last one that asked for a range; files are fetched in parallel, so others may have come later.
  [[nodiscard]] HubRequest last_of_a_range() const;
  // Of the requests, those of this method whose target holds the text.
  [[nodiscard]] std::size_t count(const std::string& method, const std::string& text) const;

 private:
  void accept_all();
  void talk(HubConnection& connection);
  void serve(const HubRequest& request, HubConnection& connection) const;
  void serve_file(const HubRepository& repository, const std::string& rest, const HubRequest& request,
                  HubConnection& connection) const;

  formats::FileDescriptor listener_;
  unsigned short port_ = 0;
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
