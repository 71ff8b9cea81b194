#include "penfield/activations/disk_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "penfield/base/aligned_floats.h"
#include "penfield/base/check.h"
#include "penfield/base/half.h"
#include "penfield/base/parallel.h"
#include "penfield/formats/crc32.h"
#include "penfield/formats/mapped_file.h"

namespace penfield::activations {
namespace {

namespace fs = std::filesystem;
using formats::FileDescriptor;
using formats::MappedFile;

constexpr const char* kValues = "activations.bin";
constexpr const char* kJournal = "passes.journal";

PassJournal::Subject subject_of(const CapturePlan& plan, const DiskLayout& layout) {
  return {.n_passes = plan.passes.size(),
          .n_checksums = layout.n_all_chunks(),
          .n_value_bytes = layout.n_bytes(),
          .value_bytes = layout.value_bytes()};
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

// A chunk of bfloat16 as floats.
void widen(std::span<const std::byte> chunk, std::size_t n_rows, std::size_t n_cols, float* out) {
  parallel_for(n_rows, [&](std::size_t row, int) {
    const std::byte* from = chunk.data() + row * n_cols * sizeof(std::uint16_t);
    for (std::size_t c = 0; c < n_cols; ++c) {
      std::uint16_t bits = 0;
      std::memcpy(&bits, from + c * sizeof bits, sizeof bits);
      out[row * n_cols + c] = bfloat16_to_float(bits);
    }
  });
}

}  // namespace

std::uint64_t DiskStore::disk_bytes(const CapturePlan& plan, StoredAs stored_as) {
  return DiskLayout(plan, stored_as).n_bytes();
}

std::uint64_t DiskStore::memory_bytes(const CapturePlan& plan, StoredAs stored_as, int n_threads) {
  const DiskLayout layout(plan, stored_as);
  std::size_t most_rows = 0, most_cols = 0;
  for (const CapturePass& pass : plan.passes)
    most_rows = std::max({most_rows, pass.samples.from.size(), pass.inputs.from.size()});
  for (std::size_t m = 0; m < plan.matrices.size(); ++m)
    most_cols = std::max(most_cols, layout.chunk(m, 0).n_cols);
  const std::uint64_t writing =
      std::uint64_t{most_rows} * most_cols * layout.value_bytes() * static_cast<std::uint64_t>(n_threads);
  const std::uint64_t widened = stored_as == StoredAs::kF32 ? 0 : layout.max_chunk_values() * sizeof(float);
  const std::uint64_t checksums = plan.passes.size() * layout.n_all_chunks() * sizeof(std::uint32_t);
  return writing + layout.max_chunk_values() * layout.value_bytes() + widened + checksums;
}

Result<std::unique_ptr<DiskStore>> DiskStore::open(const std::string& folder, const CapturePlan& plan,
                                                   StoredAs stored_as, const formats::FileCalls& calls) {
  const DiskLayout layout(plan, stored_as);
  const std::string path = (fs::path(folder) / kValues).string();
  const std::string journal_path = (fs::path(folder) / kJournal).string();
  std::error_code error;
  PENFIELD_TRY(auto found, PassJournal::take_up(journal_path, subject_of(plan, layout), calls));
  if (found && fs::is_regular_file(path, error) && fs::file_size(path, error) == layout.n_bytes()) {
    FileDescriptor fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd.is_open()) return io_error("{}: cannot be written: {}", path, formats::error_text(errno));
    std::unique_ptr<DiskStore> store(
        new DiskStore(path, plan, layout, *std::move(found), std::move(fd), calls));
    PENFIELD_TRY_VOID(store->check_found());
    return store;
  }
  fs::remove(journal_path, error);
  fs::remove(path, error);
  FileDescriptor fd(calls.create(path.c_str()));
  if (!fd.is_open()) return io_error("{}: cannot be written: {}", path, formats::error_text(errno));
  if (calls.reserve(fd.get(), static_cast<off_t>(layout.n_bytes())) != 0) {
    const int reason = errno;
    fs::remove(path, error);
    return io_error("{}: {} bytes of disk cannot be reserved: {}", path, layout.n_bytes(),
                    formats::error_text(reason));
  }
  PENFIELD_TRY(PassJournal journal, PassJournal::create(journal_path, subject_of(plan, layout), calls));
  return std::unique_ptr<DiskStore>(
      new DiskStore(path, plan, layout, std::move(journal), std::move(fd), calls));
}

DiskStore::DiskStore(std::string path, const CapturePlan& plan, DiskLayout layout, PassJournal journal,
                     FileDescriptor fd, const formats::FileCalls& calls)
    : ActivationStore(plan),
      path_(std::move(path)),
      layout_(std::move(layout)),
      journal_(std::move(journal)),
      fd_(std::move(fd)),
      calls_(&calls),
      checksums_(layout_.n_all_chunks()),
      staged_(static_cast<std::size_t>(n_threads())) {}

// Forgets the passes whose values are not what was written.
Result<void> DiskStore::check_found() {
  std::vector<char> damaged(plan().passes.size());
  for (std::size_t m = 0; m < plan().matrices.size(); ++m) {
    for (std::size_t c = 0; c < layout_.n_chunks(m); ++c) {
      const DiskLayout::Chunk chunk = layout_.chunk(m, c);
      PENFIELD_TRY(const MappedFile file, MappedFile::open_range(path_, chunk.first_byte, chunk.n_bytes));
      n_bytes_read_ += chunk.n_bytes;
      const std::vector<char> here = damaged_in(m, c, file.bytes());
      std::transform(here.begin(), here.end(), damaged.begin(), damaged.begin(), std::bit_or<>());
    }
  }
  for (std::size_t p = 0; p < damaged.size(); ++p) {
    if (damaged[p] == 0) continue;
    journal_.forget(p);
    ++n_passes_damaged_;
  }
  n_passes_found_ = journal_.n_passes_done();
  return {};
}

// By pass: 1 where it has ended and its rows of the chunk are not what was written.
std::vector<char> DiskStore::damaged_in(std::size_t matrix, std::size_t index,
                                        std::span<const std::byte> chunk) const {
  const CapturedMatrix::Kind kind = plan().matrices[matrix].kind;
  const std::uint64_t row_bytes = layout_.chunk(matrix, index).row_bytes;
  const std::size_t checksum = layout_.first_chunk(matrix) + index;
  std::vector<char> damaged(plan().passes.size());
  parallel_for(damaged.size(), [&](std::size_t p, int) {
    if (!journal_.has(p)) return;
    const RowRange& rows = plan().passes[p].rows(kind);
    const auto written = chunk.subspan(rows.first * row_bytes, rows.from.size() * row_bytes);
    damaged[p] = formats::crc32(written) != journal_.checksums(p)[checksum] ? 1 : 0;
  });
  return damaged;
}

Result<void> DiskStore::put(std::size_t pass, std::size_t matrix, MatrixView<const float> values) {
  const CapturedMatrix& shape = plan().matrices[matrix];
  const RowRange& rows = plan().passes[pass].rows(shape.kind);
  PENFIELD_CHECK(values.cols == shape.n_cols);
  std::vector<Result<void>> results(layout_.n_chunks(matrix));
  parallel_for(results.size(), [&](std::size_t c, int thread) {
    const DiskLayout::Chunk chunk = layout_.chunk(matrix, c);
    std::vector<std::byte>& staged = staged_[static_cast<std::size_t>(thread)];
    stage(values, rows.from, chunk, layout_.stored_as(), staged);
    checksums_[layout_.first_chunk(matrix) + c] = formats::crc32(staged);
    results[c] = write_at(chunk.first_byte + rows.first * chunk.row_bytes, staged);
  });
  for (Result<void>& result : results) {
    if (!result) return std::move(result);
  }
  n_bytes_written_ += std::uint64_t{rows.from.size()} * shape.n_cols * layout_.value_bytes();
  return {};
}

Result<void> DiskStore::write_at(std::uint64_t at, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t n = calls_->pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("{}: cannot be written: {}", path_, formats::error_text(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    at += static_cast<std::uint64_t>(n);
  }
  return {};
}

Result<void> DiskStore::end_pass(std::size_t pass) {
  return journal_.append(pass, checksums_);
}

Result<void> DiskStore::visit_columns(std::size_t matrix, const ColumnsVisitor& visit) const {
  const std::size_t n_rows = plan().matrices[matrix].n_rows;
  AlignedFloats widened;
  for (std::size_t c = 0; c < layout_.n_chunks(matrix); ++c) {
    const DiskLayout::Chunk chunk = layout_.chunk(matrix, c);
    PENFIELD_TRY(const MappedFile file, MappedFile::open_range(path_, chunk.first_byte, chunk.n_bytes));
    n_bytes_read_ += chunk.n_bytes;
    const std::vector<char> damaged = damaged_in(matrix, c, file.bytes());
    if (std::find(damaged.begin(), damaged.end(), 1) != damaged.end()) {
      return io_error(
          "{}: has changed since it was written (a disk error, or another program); give the same "
          "command "
          "again: it does anew what is damaged, and only that",
          path_);
    }
    const float* values = nullptr;
    if (layout_.stored_as() == StoredAs::kF32) {
      values = reinterpret_cast<const float*>(file.bytes().data());
    } else {
      if (!widened) widened = allocate_aligned(layout_.max_chunk_values());
      widen(file.bytes(), n_rows, chunk.n_cols, widened.get());
      values = widened.get();
    }
    PENFIELD_TRY_VOID(visit(chunk.first_col, {values, n_rows, chunk.n_cols}));
  }
  return {};
}

}  // namespace penfield::activations
