#include "penfield/formats/byte_stream.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <thread>
#include <vector>

#include "penfield/formats/scratch_folder_for_tests.h"
#include "penfield/formats/sha256.h"

namespace penfield::formats {
namespace {

using testing::HasSubstr;

std::string gzip(std::string_view text) {
  std::string in(text);  // zlib's pointer is not to const
  z_stream stream{};
  PENFIELD_CHECK(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, in.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  PENFIELD_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

// Half a megabyte that does not compress to nothing.
std::string long_text() {
  std::string text;
  for (std::size_t i = 0; i < 80'000; ++i) text += std::to_string(i * i % 1'000'003) + ' ';
  return text;
}

// All of the stream, `piece` bytes at a time.
Result<std::string> read_all(ByteStream& stream, std::size_t piece) {
  std::string text;
  std::vector<char> buffer(piece);
  for (;;) {
    PENFIELD_TRY(const std::size_t n, stream.read(buffer));
    if (n == 0) return text;
    text.append(buffer.data(), n);
  }
}

Result<std::string> read_path(const std::string& path, std::size_t piece = 4096) {
  PENFIELD_TRY(ByteStream stream, ByteStream::open(path));
  return read_all(stream, piece);
}

TEST(ByteStream, ReadsPlainAndCompressedInPiecesOfAnySize) {
  const ScratchFolder folder;
  const std::string text = long_text();
  const std::string stored[] = {text, gzip(text), zstd(text)};
  const char* names[] = {"a.txt", "a.txt.gz", "a.txt.zst"};
  for (int i = 0; i < 3; ++i) {
    const std::string path = folder.write(names[i], stored[i]);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{4097}, std::size_t{1} << 20}) {
      auto stream = ByteStream::open(path);
      ASSERT_TRUE(stream) << stream.error().message;
      EXPECT_EQ(stream->name(), path);
      const auto read = read_all(*stream, piece);
      ASSERT_TRUE(read) << read.error().message;
      EXPECT_TRUE(*read == text) << names[i] << ' ' << piece;
      EXPECT_EQ(stream->n_stored_bytes(), stored[i].size());
      EXPECT_EQ(stream->sha256_hex(), sha256_hex(stored[i]));
    }
  }
}

TEST(ByteStream, KnowsCompressedDataByTheirFirstBytes) {
  const ScratchFolder folder;
  EXPECT_EQ(read_path(folder.write("a", gzip("one\n"))).value(), "one\n");
  EXPECT_EQ(read_path(folder.write("b", zstd("two\n"))).value(), "two\n");
  EXPECT_EQ(read_path(folder.write("c", "")).value(), "");
  EXPECT_EQ(read_path(folder.write("d", "\x1f")).value(), "\x1f");
}

TEST(ByteStream, JoinsMembersAndFrames) {
  const ScratchFolder folder;
  EXPECT_EQ(read_path(folder.write("a.gz", gzip("one ") + gzip("") + gzip("two"))).value(), "one two");
  const std::string skippable("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
  EXPECT_EQ(
      read_path(folder.write("a.zst", skippable + zstd("one ") + zstd("") + skippable + zstd("two"))).value(),
      "one two");
  EXPECT_EQ(read_path(folder.write("empty.gz", gzip(""))).value(), "");
  EXPECT_EQ(read_path(folder.write("empty.zst", zstd(""))).value(), "");
}

TEST(ByteStream, RefusesDataThatEndEarlyWhereverTheyEnd) {
  const ScratchFolder folder;
  const std::string text = long_text().substr(0, 2000);
  for (const bool is_gzip : {true, false}) {
    const std::string name = is_gzip ? "a.gz" : "a.zst";
    const std::string stored = is_gzip ? gzip(text) : zstd(text);
    for (std::size_t size = 0; size < stored.size(); ++size) {
      const auto read = read_path(folder.write(name, stored.substr(0, size)));
      ASSERT_FALSE(read) << name << ' ' << size;
      EXPECT_EQ(read.error().kind, ErrorKind::kBadInput);
      EXPECT_THAT(read.error().message, HasSubstr(name));
    }
  }
}

TEST(ByteStream, RefusesCorruptData) {
  const ScratchFolder folder;
  const std::string text = long_text();
  std::string bad_sum = gzip(text);
  bad_sum[bad_sum.size() - 6] ^= 1;
  std::string bad_body = zstd(text);
  bad_body[bad_body.size() / 2] ^= 0x55;
  bad_body[bad_body.size() / 2 + 1] ^= 0x55;
  for (const std::string& path :
       {folder.write("sum.gz", bad_sum), folder.write("body.zst", bad_body),
        folder.write("tail.gz", gzip(text) + "tail"), folder.write("tail.zst", zstd(text) + "tail"),
        folder.write("text.gz", "plain"), folder.write("text.zst", "plain"),
        folder.write("zstd.gz", gzip(text).substr(0, 10) + zstd(text))}) {
    const auto read = read_path(path);
    ASSERT_FALSE(read) << path;
    EXPECT_EQ(read.error().kind, ErrorKind::kBadInput);
    EXPECT_THAT(read.error().message, HasSubstr(path));
  }
}

// As tape blocks and some servers leave them; gzip reads such files.
TEST(ByteStream, ZeroBytesBehindTheLastMemberAreNoData) {
  const ScratchFolder folder;
  const std::string text = "one\ntwo\n";
  for (const std::size_t n_zeros : {1u, 511u, 600'000u}) {
    const std::string path = folder.write("a.gz", gzip(text) + gzip(text) + std::string(n_zeros, '\0'));
    auto stream = ByteStream::open(path);
    ASSERT_TRUE(stream) << stream.error().message;
    const auto all = read_all(*stream, 100);
    ASSERT_TRUE(all) << all.error().message;
    EXPECT_EQ(*all, text + text) << n_zeros;
    EXPECT_EQ(stream->n_stored_bytes(), 2 * gzip(text).size() + n_zeros);
  }
  auto stream = ByteStream::open(folder.write("b.gz", gzip(text) + std::string(8, '\0') + "more"));
  ASSERT_TRUE(stream);
  EXPECT_FALSE(read_all(*stream, 100)) << "other bytes are a fault";
}

TEST(ByteStream, NamesTheFormsThatItCannotRead) {
  const ScratchFolder folder;
  for (const auto& [bytes, what] : {std::pair(std::string("\xfd"
                                                          "7zXZ\0\0\4",
                                                          8),
                                              "xz -d"),
                                    {std::string("BZh91AY&SY\x01\x02"), "bzip2 -d"},
                                    {std::string("PK\x03\x04rest"), "zip archive"},
                                    {std::string("\xff\xfeh\0i\0", 6), "iconv -f UTF-16"}}) {
    for (const char* name : {"a.txt", "a.xz", "a"}) {
      const auto stream = ByteStream::open(folder.write(name, bytes));
      ASSERT_FALSE(stream) << name;
      EXPECT_EQ(stream.error().kind, ErrorKind::kBadInput);
      EXPECT_THAT(stream.error().message, HasSubstr(what));
    }
  }
  EXPECT_TRUE(ByteStream::open(folder.write("b.txt", "BZh is how bzip2 data begin")));
}

TEST(ByteStream, RefusesFoldersAndDevices) {
  const ScratchFolder folder;
  for (const std::string& path : {folder.path(), std::string("/dev/zero")}) {
    const auto stream = ByteStream::open(path);
    ASSERT_FALSE(stream) << path;
    EXPECT_EQ(stream.error().kind, ErrorKind::kBadInput);
  }
  const auto missing = ByteStream::open(folder.path("nothing"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kIo);
}

TEST(ByteStream, ReadsANamedPipe) {
  const ScratchFolder folder;
  const std::string path = folder.path("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const std::string stored = gzip(long_text());
  std::thread writer([&] { folder.write("pipe", stored); });
  const auto read = read_path(path);
  writer.join();
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(*read == long_text());
}

TEST(ByteStream, ReadsStandardInput) {
  const ScratchFolder folder;
  const std::string path = folder.write("input", zstd("from a pipe\n"));
  const int kept = ::dup(STDIN_FILENO);
  const int fd = ::open(path.c_str(), O_RDONLY);
  ::dup2(fd, STDIN_FILENO);
  {
    auto stream = ByteStream::open("-");
    ASSERT_TRUE(stream) << stream.error().message;
    EXPECT_EQ(stream->name(), "standard input");
    EXPECT_EQ(read_all(*stream, 3).value(), "from a pipe\n");
  }
  EXPECT_NE(::fcntl(STDIN_FILENO, F_GETFD), -1) << "standard input is not the stream's to close";
  ::close(fd);
  if (kept >= 0) ::dup2(kept, STDIN_FILENO);
  if (kept >= 0) ::close(kept);
}

}  // namespace
}  // namespace penfield::formats
