#include "penfield/hub/blob_transfer.h"

#include <sys/stat.h>

#include <charconv>
#include <optional>

#include "penfield/formats/message_text.h"
#include "penfield/hub/blob_lock.h"

namespace penfield::hub {
namespace {

// An attempt that brings so much is worth as many attempts again.
constexpr std::uint64_t kProgressBytes = std::uint64_t{1} << 20;

struct ContentRange {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> total;  // nothing for "*"
};

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number ? std::optional(value) : std::nullopt;
}

// "bytes 100-199/200"
std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  const std::size_t dash = text.find('-'), slash = text.find('/');
  if (!text.starts_with(kUnit) || dash == std::string_view::npos || slash == std::string_view::npos ||
      slash < dash) {
    return std::nullopt;
  }
  const auto first = whole_number(text.substr(kUnit.size(), dash - kUnit.size()));
  const std::string_view total = text.substr(slash + 1);
  if (!first || (total != "*" && !whole_number(total))) return std::nullopt;
  return ContentRange{.first = *first, .total = total == "*" ? std::nullopt : whole_number(total)};
}

class Transfer {
 public:
  Transfer(HttpClient& client, const RemoteFile& file, PartialBlob partial, const Waiting& waiting,
           std::atomic<std::uint64_t>& n_done)
      : client_(client), file_(file), partial_(std::move(partial)), waiting_(waiting), n_done_(n_done) {
    n_done_ = partial_.size();
  }

  Result<void> run(const std::string& blob) {
    PENFIELD_TRY_VOID(receive_all());
    if (!partial_.is_right() && partial_.was_begun_elsewhere()) {
      PENFIELD_TRY_VOID(begin_anew());
      PENFIELD_TRY_VOID(receive_all());
    }
    if (!partial_.is_right()) {
      PENFIELD_TRY_VOID(begin_anew());  // nothing wrong is left behind
      return fail(ErrorKind::kNetwork,
                  "{}: what {} sends is not the file that the hub announces (its checksum is wrong); nothing "
                  "of it was "
                  "kept: try again, and if it stays so, a proxy or mirror in between changes it",
                  formats::message_text(file_.path), client_.endpoint());
    }
    return partial_.move_to(blob);
  }

 private:
  Result<void> begin_anew() {
    PENFIELD_TRY_VOID(partial_.clear());
    n_done_ = 0;
    validator_.clear();
    return {};
  }

  Result<void> receive_all() {
    Attempts attempts(client_.patience());
    while (!partial_.is_whole()) {
      const std::uint64_t before = partial_.size();
      const auto failure = receive_some();
      if (!failure) continue;
      const bool has_progressed = partial_.size() >= before + kProgressBytes;
      PENFIELD_TRY_VOID(attempts.wait_for_next(*failure, has_progressed, waiting_));
    }
    return {};
  }

  // One request for what is missing; nothing where all of it came.
  std::optional<HttpFailure> receive_some() {
    const HttpRequest request{.url = file_.url,
                              .head_only = false,
                              .follow = Follow::kAnywhere,
                              .first_byte = partial_.size(),
                              .if_range = validator_};
    const HttpSink sink{.on_head = [this](const HttpHead& head) { return take_head(head); },
                        .on_bytes = [this](std::string_view bytes) { return take_bytes(bytes); }};
    auto head = client_.send(request, sink, waiting_.keep_on);
    if (head) {
      if (partial_.is_whole()) return std::nullopt;
      return passing(network_error("ends after {} of {} bytes", partial_.size(), file_.n_bytes));
    }
    constexpr int kRangeNotSatisfiable = 416;
    HttpFailure& failure = head.error();
    if (failure.head && failure.head->status == kRangeNotSatisfiable && partial_.size() > 0) {
      failure.may_pass = true;
      if (auto anew = begin_anew(); !anew) return lasting(std::move(anew).error());
    }
    if (!failure.head) return std::move(failure);
    failure.error.message =
        fmt::format("{} for {}", failure.error.message, formats::message_text(file_.path));
    return std::move(failure);
  }

  // Decides whether what follows goes on where the file ends, or begins it anew.
  HttpResult<void> take_head(const HttpHead& head) {
    constexpr int kPartialContent = 206;
    const std::string_view etag = head.field("etag");
    if (head.status == kPartialContent) {
      const auto range = parse_content_range(head.field("content-range"));
      const bool is_same_file = validator_.empty() || etag.empty() || etag == validator_;
      if (!range || range->first != partial_.size() ||
          range->total.value_or(file_.n_bytes) != file_.n_bytes || !is_same_file) {
        if (auto anew = begin_anew(); !anew) return tl::unexpected(lasting(std::move(anew).error()));
        return tl::unexpected(
            passing(network_error("sends a different part of the file than was requested")));
      }
    } else {
      if (partial_.size() > 0) {
        if (auto anew = begin_anew(); !anew) return tl::unexpected(lasting(std::move(anew).error()));
      }
      const std::string_view length = head.field("content-length");
      if (!length.empty() && whole_number(length) != file_.n_bytes) {
        return tl::unexpected(passing(network_error("sends {} bytes where {} were announced",
                                                    formats::message_text(length), file_.n_bytes)));
      }
    }
    // A weak one, W/"…", says nothing about bytes.
    if (etag.starts_with('"')) validator_ = etag;
    return {};
  }

  HttpResult<void> take_bytes(std::string_view bytes) {
    if (bytes.size() > file_.n_bytes - partial_.size()) {
      if (auto anew = begin_anew(); !anew) return tl::unexpected(lasting(std::move(anew).error()));
      return tl::unexpected(
          lasting(network_error("sends more than the {} bytes that were announced", file_.n_bytes)));
    }
    if (auto written = partial_.append(bytes); !written)
      return tl::unexpected(lasting(std::move(written).error()));
    n_done_ = partial_.size();
    return {};
  }

  template <class... Args>
  [[nodiscard]] Error network_error(fmt::format_string<Args...> format, Args&&... args) const {
    return {ErrorKind::kNetwork, fmt::format("{}: the server {}", formats::message_text(file_.path),
                                             fmt::format(format, std::forward<Args>(args)...))};
  }

  HttpClient& client_;
  const RemoteFile& file_;
  PartialBlob partial_;
  const Waiting& waiting_;
  std::atomic<std::uint64_t>& n_done_;
  std::string validator_;  // the strong ETag of what came last in this run
};

Result<bool> is_there(const RemoteFile& file, const std::string& blob, Existing existing,
                      const KeepOn& keep_on) {
  struct stat status {};
  if (::stat(blob.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  if (existing == Existing::kChecked) return is_blob(blob, file.etag, file.n_bytes, keep_on);
  return static_cast<std::uint64_t>(status.st_size) == file.n_bytes;
}

}  // namespace

Result<void> transfer_blob(HttpClient& client, const RemoteFile& file, const RepositoryCache& cache,
                           Existing existing, const Waiting& waiting, std::atomic<std::uint64_t>& n_done) {
  const std::string blob = cache.blob(file.etag);
  PENFIELD_TRY(bool is_done, is_there(file, blob, existing, waiting.keep_on));
  if (!is_done) {
    PENFIELD_TRY(const BlobLock lock, BlobLock::acquire(cache.lock(file.etag), waiting));
    // Whoever held the lock may have brought it.
    PENFIELD_TRY(is_done, is_there(file, blob, existing, waiting.keep_on));
    if (!is_done) {
      PENFIELD_TRY(PartialBlob partial, PartialBlob::open(cache.partial_blob(file.etag), file.etag,
                                                          file.n_bytes, waiting.keep_on));
      PENFIELD_TRY_VOID(Transfer(client, file, std::move(partial), waiting, n_done).run(blob));
    }
  }
  n_done = file.n_bytes;
  return {};
}

}  // namespace penfield::hub
