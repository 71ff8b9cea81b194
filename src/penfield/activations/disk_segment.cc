#include "penfield/activations/disk_segment.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "penfield/base/check.h"
#include "penfield/base/file_type.h"
#include "penfield/base/half.h"
#include "penfield/base/parallel.h"
#include "penfield/formats/crc32.h"

namespace penfield::activations {
namespace {

namespace fs = std::filesystem;
using formats::FileDescriptor;
using formats::MappedFile;

// "passes", "journal" -> "passes.journal", or "passes-2-of-4.journal".
std::string path_of(const std::string& folder, const char* stem, const char* extension, const Share& share) {
  const std::string part = share.is_all() ? "" : fmt::format("-{}-of-{}", share.index + 1, share.n);
  return (fs::path(folder) / fmt::format("{}{}.{}", stem, part, extension)).string();
}

std::string values_path(const std::string& folder, const Share& share) {
  return path_of(folder, "activations", "bin", share);
}

std::string journal_path(const std::string& folder, const Share& share) {
  return path_of(folder, "passes", "journal", share);
}

PassJournal::Subject subject_of(const CapturePlan& plan, const DiskLayout& layout, const Share& share) {
  return {.n_passes = plan.passes.size(),
          .n_checksums = layout.n_all_chunks(),
          .n_value_bytes = layout.n_bytes(),
          .value_bytes = layout.value_bytes(),
          .share = share};
}

Result<bool> is_whole(const std::string& path, std::uint64_t n_bytes) {
  PENFIELD_TRY(const fs::file_type type, file_type(path));
  std::error_code error;
  return type == fs::file_type::regular && fs::file_size(path, error) == n_bytes;
}

// The columns of a chunk of the pass's rows, as they lie on disk.
void stage(MatrixView<const float> values, std::span<const std::uint32_t> rows,
           const DiskLayout::Chunk& chunk, StoredAs stored_as, std::vector<std::byte>& out) {
  out.resize(rows.size() * chunk.row_bytes);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = values.row(rows[i]).subspan(chunk.first_col, chunk.n_cols);
    std::byte* to = out.data() + i * chunk.row_bytes;
    if (stored_as == StoredAs::kF32) {
      std::memcpy(to, row.data(), chunk.row_bytes);
      continue;
    }
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::uint16_t bits = float_to_bfloat16(row[c]);
      std::memcpy(to + c * sizeof bits, &bits, sizeof bits);
    }
  }
}

}  // namespace

Result<std::vector<Share>> DiskSegment::list(const std::string& folder) {
  std::vector<Share> shares;
  std::error_code error;
  for (fs::directory_iterator file(folder, error), end; !error && file != end; file.increment(error)) {
    const std::string name = file->path().filename().string();
    Share share;
    if (std::sscanf(name.c_str(), "passes-%u-of-%u", &share.index, &share.n) == 2)
      share.index -= 1;  // NOLINT
    if (share.n > share.index && journal_path(folder, share) == file->path().string())
      shares.push_back(share);
  }
  if (error && error != std::errc::no_such_file_or_directory)
    return io_error("{}: the folder cannot be read: {}", folder, error.message());
  std::ranges::sort(shares, [](const Share& a, const Share& b) {
    return std::pair(a.n, a.index) < std::pair(b.n, b.index);
  });
  return shares;
}

Result<void> DiskSegment::remove(const std::string& folder, const Share& share) {
  for (const std::string& path : {journal_path(folder, share), values_path(folder, share)}) {
    std::error_code error;
    fs::remove(path, error);
    if (error) return io_error("{}: cannot be removed: {}", path, error.message());
  }
  return {};
}

DiskSegment::DiskSegment(std::string path, const CapturePlan& plan, DiskLayout layout, const Share& share,
                         PassJournal journal)
    : plan_(&plan),
      path_(std::move(path)),
      layout_(std::move(layout)),
      share_(share),
      journal_(std::move(journal)),
      first_row_(plan.passes.size()) {
  std::pair<std::size_t, std::size_t> next;
  for (std::size_t p = 0; p < plan.passes.size(); ++p) {
    if (!share.has(p)) continue;
    first_row_[p] = next;
    next.first += plan.passes[p].samples.from.size();
    next.second += plan.passes[p].inputs.from.size();
  }
}

Result<DiskSegment> DiskSegment::open(const std::string& folder, const CapturePlan& plan, StoredAs stored_as,
                                      const Share& share, const formats::FileCalls& calls) {
  const DiskLayout layout(plan, stored_as, share);
  const std::string path = values_path(folder, share), journal_file = journal_path(folder, share);
  const PassJournal::Subject subject = subject_of(plan, layout, share);
  std::error_code error;
  PENFIELD_TRY(auto found, PassJournal::take_up(journal_file, subject, calls));
  FileDescriptor fd;
  PENFIELD_TRY(const bool has_values, is_whole(path, layout.n_bytes()));
  if (found && has_values) {
    fd = FileDescriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd.is_open()) return io_error("{}: cannot be written: {}", path, formats::error_text(errno));
  } else {
    fs::remove(journal_file, error);
    fs::remove(path, error);
    fd = FileDescriptor(calls.create(path.c_str()));
    if (!fd.is_open()) return io_error("{}: cannot be written: {}", path, formats::error_text(errno));
    if (layout.n_bytes() > 0 && calls.reserve(fd.get(), static_cast<off_t>(layout.n_bytes())) != 0) {
      const int reason = errno;
      fs::remove(path, error);
      return io_error("{}: {} bytes of disk cannot be reserved: {}", path, layout.n_bytes(),
                      formats::error_text(reason));
    }
    PENFIELD_TRY(found, PassJournal::create(journal_file, subject, calls));
  }
  DiskSegment segment(path, plan, layout, share, *std::move(found));
  segment.fd_ = std::move(fd);
  segment.calls_ = &calls;
  segment.checksums_.resize(layout.n_all_chunks());
  segment.staged_.resize(static_cast<std::size_t>(n_threads()));
  return segment;
}

Result<std::optional<DiskSegment>> DiskSegment::read(const std::string& folder, const CapturePlan& plan,
                                                     StoredAs stored_as, const Share& share) {
  const DiskLayout layout(plan, stored_as, share);
  std::string path = values_path(folder, share);
  PENFIELD_TRY(auto found, PassJournal::read(journal_path(folder, share), subject_of(plan, layout, share)));
  PENFIELD_TRY(const bool has_values, is_whole(path, layout.n_bytes()));
  if (!found || !has_values) return std::optional<DiskSegment>();
  return std::optional(DiskSegment(std::move(path), plan, layout, share, *std::move(found)));
}

Result<MappedFile> DiskSegment::map_chunk(std::size_t matrix, std::size_t index) const {
  const DiskLayout::Chunk chunk = layout_.chunk(matrix, index);
  return MappedFile::open_range(path_, chunk.first_byte, chunk.n_bytes);
}

std::span<const std::byte> DiskSegment::rows_of(std::size_t pass, std::size_t matrix, std::size_t index,
                                                std::span<const std::byte> chunk) const {
  const CapturedMatrix::Kind kind = plan_->matrices[matrix].kind;
  const std::uint64_t row_bytes = layout_.chunk(matrix, index).row_bytes;
  const auto& [in_samples, in_inputs] = first_row_[pass];
  const std::size_t first = kind == CapturedMatrix::Kind::kSamples ? in_samples : in_inputs;
  return chunk.subspan(first * row_bytes, plan_->passes[pass].rows(kind).from.size() * row_bytes);
}

std::vector<char> DiskSegment::damaged_in(std::size_t matrix, std::size_t index,
                                          std::span<const std::byte> chunk) const {
  const std::size_t checksum = layout_.first_chunk(matrix) + index;
  std::vector<char> damaged(plan_->passes.size());
  parallel_for(damaged.size(), [&](std::size_t p, int) {
    if (!journal_.has(p)) return;
    damaged[p] = formats::crc32(rows_of(p, matrix, index, chunk)) != journal_.checksums(p)[checksum] ? 1 : 0;
  });
  return damaged;
}

Result<void> DiskSegment::put(std::size_t pass, std::size_t matrix, MatrixView<const float> values) {
  PENFIELD_CHECK(share_.has(pass) && calls_ != nullptr);
  const CapturedMatrix& shape = plan_->matrices[matrix];
  const RowRange& rows = plan_->passes[pass].rows(shape.kind);
  PENFIELD_CHECK(values.cols == shape.n_cols);
  const auto& [in_samples, in_inputs] = first_row_[pass];
  const std::size_t first = shape.kind == CapturedMatrix::Kind::kSamples ? in_samples : in_inputs;
  std::vector<Result<void>> results(layout_.n_chunks(matrix));
  parallel_for(results.size(), [&](std::size_t c, int thread) {
    const DiskLayout::Chunk chunk = layout_.chunk(matrix, c);
    std::vector<std::byte>& staged = staged_[static_cast<std::size_t>(thread)];
    stage(values, rows.from, chunk, layout_.stored_as(), staged);
    checksums_[layout_.first_chunk(matrix) + c] = formats::crc32(staged);
    results[c] = write_at(chunk.first_byte + first * chunk.row_bytes, staged);
  });
  for (Result<void>& result : results) {
    if (!result) return std::move(result);
  }
  return {};
}

Result<void> DiskSegment::write_at(std::uint64_t at, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t n = calls_->pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("{}: cannot be written: {}", path_, formats::error_text(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    at += static_cast<std::uint64_t>(n);
  }
  return {};
}

Result<void> DiskSegment::sync() const {
  if (calls_->fsync(fd_.get()) != 0)
    return io_error("{}: cannot be written: {}", path_, formats::error_text(errno));
  return journal_.sync();
}

}  // namespace penfield::activations
