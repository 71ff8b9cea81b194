#include "penfield/activations/pass_journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "penfield/base/check.h"
#include "penfield/base/file_type.h"
#include "penfield/formats/crc32.h"
#include "penfield/formats/mapped_file.h"

namespace penfield::activations {
namespace {

using formats::crc32;

// In the byte order of the machine: a journal goes on where it was begun.
using Header = std::array<std::uint64_t, 8>;
constexpr std::uint64_t kMagic = 0x3253534150464550;  // "PEFPASS2"

Header header_of(const PassJournal::Subject& subject) {
  Header header = {kMagic,
                   subject.n_passes,
                   subject.n_checksums,
                   subject.n_value_bytes,
                   subject.value_bytes,
                   subject.share.index,
                   subject.share.n,
                   0};
  header.back() = crc32(std::as_bytes(std::span(header).first<7>()));
  return header;
}

// pass, checksums, checksum of both.
std::vector<std::uint32_t> record_of(std::size_t pass, std::span<const std::uint32_t> checksums) {
  std::vector<std::uint32_t> record = {static_cast<std::uint32_t>(pass)};
  record.insert(record.end(), checksums.begin(), checksums.end());
  record.push_back(crc32(std::as_bytes(std::span(record))));
  return record;
}

tl::unexpected<Error> cannot(const std::string& path, const char* what, int error_number) {
  return io_error("{}: cannot be {}: {}", path, what, formats::error_text(error_number));
}

}  // namespace

Result<std::optional<PassJournal>> PassJournal::read(const std::string& path, const Subject& subject) {
  PENFIELD_TRY(const std::filesystem::file_type type, file_type(path));
  if (type != std::filesystem::file_type::regular) return std::optional<PassJournal>();
  PENFIELD_TRY(const formats::MappedFile file, formats::MappedFile::open(path));
  const std::span<const std::byte> bytes = file.bytes();
  const Header header = header_of(subject);
  if (bytes.size() < sizeof header || std::memcmp(bytes.data(), header.data(), sizeof header) != 0)
    return std::optional<PassJournal>();
  PassJournal journal(path, subject, formats::system_file_calls());
  std::vector<std::uint32_t> record(subject.n_checksums + 2);
  const std::size_t record_bytes = record.size() * sizeof record[0];
  std::size_t at = sizeof header;
  for (; bytes.size() - at >= record_bytes; at += record_bytes) {
    std::memcpy(record.data(), bytes.data() + at, record_bytes);
    const std::span<const std::uint32_t> said(record.data(), record.size() - 1);
    const bool is_record = crc32(std::as_bytes(said)) == record.back() && said[0] < subject.n_passes &&
                           subject.share.has(said[0]);
    if (!is_record) break;
    journal.checksums_[said[0]].assign(said.begin() + 1, said.end());
  }
  journal.n_whole_bytes_ = at;
  return std::optional(std::move(journal));
}

Result<std::optional<PassJournal>> PassJournal::take_up(const std::string& path, const Subject& subject,
                                                        const formats::FileCalls& calls) {
  PENFIELD_TRY(std::optional<PassJournal> journal, read(path, subject));
  if (!journal) return journal;
  journal->calls_ = &calls;
  journal->fd_ = formats::FileDescriptor(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
  if (!journal->fd_.is_open()) return cannot(path, "opened", errno);
  if (::ftruncate(journal->fd_.get(), static_cast<off_t>(journal->n_whole_bytes_)) != 0)
    return cannot(path, "written", errno);
  return journal;
}

Result<PassJournal> PassJournal::create(const std::string& path, const Subject& subject,
                                        const formats::FileCalls& calls) {
  PassJournal journal(path, subject, calls);
  journal.fd_ = formats::FileDescriptor(calls.create(path.c_str()));
  if (!journal.fd_.is_open()) return cannot(path, "written", errno);
  const Header header = header_of(subject);
  PENFIELD_TRY_VOID(journal.write(std::as_bytes(std::span(header))));
  return journal;
}

std::size_t PassJournal::n_passes_done() const {
  return static_cast<std::size_t>(std::count_if(checksums_.begin(), checksums_.end(),
                                                [](const auto& of_pass) { return !of_pass.empty(); }));
}

Result<void> PassJournal::append(std::size_t pass, std::vector<std::uint32_t> checksums) {
  PENFIELD_CHECK(!checksums.empty());
  const std::vector<std::uint32_t> record = record_of(pass, checksums);
  PENFIELD_TRY_VOID(write(std::as_bytes(std::span(record))));
  checksums_[pass] = std::move(checksums);
  return {};
}

Result<void> PassJournal::sync() const {
  if (calls_->fsync(fd_.get()) != 0) return cannot(path_, "written", errno);
  return {};
}

Result<void> PassJournal::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = calls_->write(fd_.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return cannot(path_, "written", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace penfield::activations
