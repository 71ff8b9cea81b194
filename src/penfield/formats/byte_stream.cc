#include "penfield/formats/byte_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cerrno>
#include <limits>
#include <vector>

#include "penfield/base/check.h"
#include "penfield/formats/file_descriptor.h"
#include "penfield/formats/sha256.h"

namespace penfield::formats {
namespace {

constexpr std::size_t kReadBufferBytes = std::size_t{256} << 10;

struct InflateDelete {
  void operator()(z_stream* stream) const {
    inflateEnd(stream);
    delete stream;
  }
};
struct ZstdDelete {
  void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

bool is_gzip(std::string_view start) {
  return start.starts_with("\x1f\x8b\x08");
}
bool is_zstd(std::string_view start) {
  return start.starts_with("\x28\xb5\x2f\xfd");
}
// A zstd frame that holds no data; some compressors put one first.
bool is_zstd_skippable(std::string_view start) {
  return start.size() >= 4 && (start[0] & 0xf0) == 0x50 && start.substr(1, 3) == "\x2a\x4d\x18";
}

struct OtherForm {
  std::string_view start, name, advice;
};

// What people have and this cannot read, told by its first bytes. None of them begins a text in UTF-8, but
// for bzip2's, ten characters that no text begins with.
constexpr std::array kOtherForms = {
    OtherForm{std::string_view("\xfd"
                               "7zXZ\0",
                               6),
              "xz data", "decompress it with xz -d"},
    OtherForm{"BZh91AY&SY", "bzip2 data", "decompress it with bzip2 -d"},
    OtherForm{"PK\x03\x04", "a zip archive", "unpack it"},
    OtherForm{"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"},
    OtherForm{"\x04\x22\x4d\x18", "lz4 data", "decompress it with lz4 -d"},
    OtherForm{"\x1f\x9d", "data of compress", "decompress it with uncompress"},
    OtherForm{std::string_view("\xff\xfe", 2), "text in UTF-16", "convert it with iconv -f UTF-16 -t UTF-8"},
    OtherForm{std::string_view("\xfe\xff", 2), "text in UTF-16", "convert it with iconv -f UTF-16 -t UTF-8"}};
constexpr std::size_t kMostStartBytes = 10;

Result<FileDescriptor> open_source(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    return io_error("{}: cannot be opened: {}", path, error_text(errno));
  if (S_ISDIR(status.st_mode)) return bad_input("{}: is a folder; name the files in it", path);
  // A pipe is welcome, as in `-t <(command)`; a device may have no end.
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
    return bad_input("{}: is a device, not a text file", path);
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd.is_open()) return io_error("{}: cannot be opened: {}", path, error_text(errno));
  return fd;
}

}  // namespace

struct ByteStream::Impl {
  std::string name;
  FileDescriptor file;  // not open for standard input, which is not ours to close
  int fd = STDIN_FILENO;

  std::vector<char> buffer = std::vector<char>(kReadBufferBytes);  // stored bytes not yet used: [begin, end)
  std::size_t begin = 0, end = 0;
  bool source_ended = false;
  Sha256 hash;
  std::uint64_t n_stored_bytes = 0;

  std::unique_ptr<z_stream, InflateDelete> gzip;
  std::unique_ptr<ZSTD_DStream, ZstdDelete> zstd;
  bool in_member = false;  // within a gzip member or zstd frame, so the data may not end here

  [[nodiscard]] bool is_empty() const { return begin == end; }
  [[nodiscard]] std::string_view stored() const { return {buffer.data() + begin, end - begin}; }

  Result<void> fill();
  Result<void> choose_form();
  Result<std::size_t> read_plain(std::span<char> out);
  Result<std::size_t> read_gzip(std::span<char> out);
  Result<std::size_t> read_zstd(std::span<char> out);
  [[nodiscard]] tl::unexpected<Error> ends_early() const {
    return bad_input("{}: the compressed data end early, at byte {}; the file is incomplete", name,
                     n_stored_bytes);
  }
  [[nodiscard]] tl::unexpected<Error> is_corrupt(const char* why) const {
    return bad_input("{}: the compressed data are corrupt before byte {}: {}", name,
                     n_stored_bytes - (end - begin), why);
  }
};

// Reads more stored bytes behind those not yet used; at least one, or source_ended is set.
Result<void> ByteStream::Impl::fill() {
  if (is_empty()) begin = end = 0;
  PENFIELD_CHECK(end < buffer.size());
  for (;;) {
    const ssize_t n_read = ::read(fd, buffer.data() + end, buffer.size() - end);
    if (n_read < 0 && errno == EINTR) continue;
    if (n_read < 0) return io_error("{}: cannot be read: {}", name, error_text(errno));
    const auto size = static_cast<std::size_t>(n_read);
    hash.update(std::string_view(buffer.data() + end, size));
    n_stored_bytes += size;
    end += size;
    source_ended = size == 0;
    return {};
  }
}

Result<void> ByteStream::Impl::choose_form() {
  while (end - begin < kMostStartBytes && !source_ended) PENFIELD_TRY_VOID(fill());
  for (const OtherForm& form : kOtherForms) {
    if (stored().starts_with(form.start)) return bad_input("{}: is {}; {}", name, form.name, form.advice);
  }
  const bool named_gzip = name.ends_with(".gz");
  const bool named_zstd = name.ends_with(".zst");
  if (is_gzip(stored())) {
    gzip.reset(new z_stream{});
    // 16: a gzip header and trailer, whose checksum and length zlib verifies.
    if (inflateInit2(gzip.get(), MAX_WBITS + 16) != Z_OK)
      return io_error("{}: no memory to decompress it", name);
    in_member = true;
  } else if (is_zstd(stored()) || (named_zstd && is_zstd_skippable(stored()))) {
    zstd.reset(ZSTD_createDStream());
    if (zstd == nullptr) return io_error("{}: no memory to decompress it", name);
  } else if (named_gzip || named_zstd) {
    return bad_input("{}: the name says {}, but the contents are not {} data", name,
                     named_gzip ? ".gz" : ".zst", named_gzip ? "gzip" : "zstd");
  }
  return {};
}

Result<std::size_t> ByteStream::Impl::read_plain(std::span<char> out) {
  if (is_empty() && !source_ended) PENFIELD_TRY_VOID(fill());
  const std::string_view piece = stored().substr(0, out.size());
  piece.copy(out.data(), piece.size());
  begin += piece.size();
  return piece.size();
}

Result<std::size_t> ByteStream::Impl::read_gzip(std::span<char> out) {
  const std::size_t room = std::min<std::size_t>(out.size(), std::numeric_limits<uInt>::max());
  for (;;) {
    if (is_empty() && !source_ended) PENFIELD_TRY_VOID(fill());
    if (!in_member) {
      // Zero bytes behind the last member, as of tapes and blocks, are no data; gzip takes them so too.
      while (!is_empty() && buffer[begin] == 0) ++begin;
      if (is_empty() && !source_ended) continue;
      if (is_empty()) return std::size_t{0};
      inflateReset(gzip.get());  // what follows must be a further member; if not, inflate says so
      in_member = true;
    }
    const std::size_t n_before = end - begin;
    gzip->next_in = reinterpret_cast<Bytef*>(buffer.data() + begin);
    gzip->avail_in = static_cast<uInt>(n_before);
    gzip->next_out = reinterpret_cast<Bytef*>(out.data());
    gzip->avail_out = static_cast<uInt>(room);
    const int status = inflate(gzip.get(), Z_NO_FLUSH);
    begin += n_before - gzip->avail_in;
    const std::size_t n_out = room - gzip->avail_out;
    if (status == Z_STREAM_END) {
      in_member = false;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      return is_corrupt(gzip->msg != nullptr ? gzip->msg : "not gzip data");
    }
    if (n_out > 0) return n_out;
    if (in_member && is_empty() && source_ended) return ends_early();
  }
}

Result<std::size_t> ByteStream::Impl::read_zstd(std::span<char> out) {
  for (;;) {
    if (is_empty() && !source_ended) PENFIELD_TRY_VOID(fill());
    if (is_empty() && !in_member) return std::size_t{0};
    ZSTD_inBuffer input{buffer.data() + begin, end - begin, 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t status = ZSTD_decompressStream(zstd.get(), &output, &input);
    begin += input.pos;
    if (ZSTD_isError(status) != 0) return is_corrupt(ZSTD_getErrorName(status));
    in_member = status != 0;
    if (output.pos > 0) return output.pos;
    if (in_member && is_empty() && source_ended) return ends_early();
  }
}

Result<ByteStream> ByteStream::open(const std::string& path) {
  auto impl = std::make_unique<Impl>();
  if (path == "-") {
    impl->name = "standard input";
  } else {
    impl->name = path;
    PENFIELD_TRY(impl->file, open_source(path));
    impl->fd = impl->file.get();
  }
  PENFIELD_TRY_VOID(impl->choose_form());
  return ByteStream(std::move(impl));
}

Result<std::size_t> ByteStream::read(std::span<char> out) {
  PENFIELD_CHECK(!out.empty());
  if (impl_->gzip != nullptr) return impl_->read_gzip(out);
  if (impl_->zstd != nullptr) return impl_->read_zstd(out);
  return impl_->read_plain(out);
}

ByteStream::ByteStream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ByteStream::ByteStream(ByteStream&&) noexcept = default;
ByteStream& ByteStream::operator=(ByteStream&&) noexcept = default;
ByteStream::~ByteStream() = default;

const std::string& ByteStream::name() const {
  return impl_->name;
}
std::string ByteStream::sha256_hex() const {
  return impl_->hash.hex();
}
std::uint64_t ByteStream::n_stored_bytes() const {
  return impl_->n_stored_bytes;
}

}  // namespace penfield::formats
