#include "penfield/activations/disk_store.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "penfield/base/aligned_floats.h"
#include "penfield/base/check.h"
#include "penfield/base/half.h"
#include "penfield/base/parallel.h"

namespace penfield::activations {
namespace {

using formats::MappedFile;

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

// Chunks with the rows of all passes, from the files in which they are.
class DiskStore::Reader {
 public:
  explicit Reader(const DiskStore& store) : store_(store) {
    for (std::size_t p = 0; p < store.holder_.size(); ++p) PENFIELD_CHECK(store.has_pass(p));
  }

  // Good until the next call.
  [[nodiscard]] Result<const float*> read(std::size_t matrix, std::size_t index) {
    AlignedFloats& kept = store_.kept_[store_.layout_.first_chunk(matrix) + index];
    if (kept) return kept.get();
    PENFIELD_TRY(const float* const values, read_file(matrix, index));
    const std::size_t n_values =
        store_.plan().matrices[matrix].n_rows * store_.layout_.chunk(matrix, index).n_cols;
    if (store_.n_bytes_kept_ + n_values * sizeof(float) > store_.place_.kept_bytes) return values;
    store_.n_bytes_kept_ += n_values * sizeof(float);
    kept = allocate_aligned(n_values);
    std::copy_n(values, n_values, kept.get());
    return kept.get();
  }

 private:
  [[nodiscard]] Result<const float*> read_file(std::size_t matrix, std::size_t index) {
    const DiskLayout& layout = store_.layout_;
    PENFIELD_TRY(const std::span<const std::byte> bytes, read_bytes(matrix, index));
    if (layout.stored_as() == StoredAs::kF32) return reinterpret_cast<const float*>(bytes.data());
    if (!widened_) widened_ = allocate_aligned(layout.max_chunk_values());
    widen(bytes, store_.plan().matrices[matrix].n_rows, layout.chunk(matrix, index).n_cols, widened_.get());
    return widened_.get();
  }
  // In place where one file has all passes.
  [[nodiscard]] Result<std::span<const std::byte>> read_bytes(std::size_t matrix, std::size_t index) {
    const DiskLayout::Chunk chunk = store_.layout_.chunk(matrix, index);
    if (chunk.n_bytes > 0 && !gathered_ && store_.segments_.front().n_passes_done() < store_.holder_.size())
      gathered_ = allocate_aligned(store_.layout_.max_chunk_values());
    for (std::size_t s = 0; s < store_.segments_.size(); ++s) {
      const DiskSegment& segment = store_.segments_[s];
      if (std::ranges::count(store_.holder_, s) == 0) continue;
      PENFIELD_TRY(file_, segment.map_chunk(matrix, index));
      const std::span<const std::byte> bytes = file_->bytes();
      store_.n_bytes_read_ += bytes.size();
      PENFIELD_TRY_VOID(check(segment, s, matrix, index, bytes));
      if (!gathered_) return bytes;
      copy_rows(segment, s, matrix, index, bytes);
    }
    return std::span(reinterpret_cast<const std::byte*>(gathered_.get()), chunk.n_bytes);
  }

  [[nodiscard]] Result<void> check(const DiskSegment& segment, std::size_t s, std::size_t matrix,
                                   std::size_t index, std::span<const std::byte> bytes) const {
    const std::vector<char> damaged = segment.damaged_in(matrix, index, bytes);
    for (std::size_t p = 0; p < damaged.size(); ++p) {
      if (damaged[p] == 0 || store_.holder_[p] != s) continue;
      return io_error(
          "{}: has changed since it was written (a disk error, or another program); give the same command "
          "again: it does anew what is damaged, and only that",
          segment.path());
    }
    return {};
  }

  void copy_rows(const DiskSegment& segment, std::size_t s, std::size_t matrix, std::size_t index,
                 std::span<const std::byte> bytes) {
    const CapturedMatrix::Kind kind = store_.plan().matrices[matrix].kind;
    const std::uint64_t row_bytes = store_.layout_.chunk(matrix, index).row_bytes;
    auto* const to = reinterpret_cast<std::byte*>(gathered_.get());
    parallel_for(store_.holder_.size(), [&](std::size_t p, int) {
      if (store_.holder_[p] != s) return;
      const std::span<const std::byte> rows = segment.rows_of(p, matrix, index, bytes);
      std::copy(rows.begin(), rows.end(), to + store_.plan().passes[p].rows(kind).first * row_bytes);
    });
  }

  const DiskStore& store_;
  std::optional<MappedFile> file_;
  AlignedFloats gathered_, widened_;
};

std::uint64_t DiskStore::disk_bytes(const CapturePlan& plan, StoredAs stored_as, const Share& share) {
  return DiskLayout(plan, stored_as, share).n_bytes();
}

std::uint64_t DiskStore::memory_bytes(const CapturePlan& plan, StoredAs stored_as, int n_threads,
                                      bool gathers) {
  const DiskLayout layout(plan, stored_as);
  std::size_t most_rows = 0, most_cols = 0;
  for (const CapturePass& pass : plan.passes)
    most_rows = std::max({most_rows, pass.samples.from.size(), pass.inputs.from.size()});
  for (std::size_t m = 0; m < plan.matrices.size(); ++m)
    most_cols = std::max(most_cols, layout.chunk(m, 0).n_cols);
  const std::uint64_t writing =
      std::uint64_t{most_rows} * most_cols * layout.value_bytes() * static_cast<std::uint64_t>(n_threads);
  const std::uint64_t floats = layout.max_chunk_values() * sizeof(float);
  const std::uint64_t widened = stored_as == StoredAs::kF32 ? 0 : floats;
  const std::uint64_t checksums = plan.passes.size() * layout.n_all_chunks() * sizeof(std::uint32_t);
  return writing + layout.max_chunk_values() * layout.value_bytes() + widened + (gathers ? floats : 0) +
         checksums;
}

Result<std::unique_ptr<DiskStore>> DiskStore::open(DiskPlace place, const CapturePlan& plan,
                                                   StoredAs stored_as, const formats::FileCalls& calls,
                                                   const Team& team) {
  std::unique_ptr<DiskStore> store(new DiskStore(std::move(place), plan, stored_as, team));
  if (const auto& share = store->place_.share) {
    PENFIELD_TRY(DiskSegment own, DiskSegment::open(store->place_.folder, plan, stored_as, *share, calls));
    store->segments_.push_back(std::move(own));
  }
  PENFIELD_TRY_VOID(store->find_others());
  PENFIELD_TRY_VOID(store->check_found());
  return store;
}

Result<void> DiskStore::find_others() {
  const bool has_own = place_.share.has_value();
  const Share own = place_.share.value_or(Share{});
  segments_.erase(segments_.begin() + (has_own ? 1 : 0), segments_.end());
  std::vector<std::string> folders = place_.also;
  folders.insert(folders.begin(), place_.folder);
  for (const std::string& folder : folders) {
    PENFIELD_TRY(const std::vector<Share> shares, DiskSegment::list(folder));
    for (const Share& share : shares) {
      if (has_own && share == own && folder == place_.folder) continue;
      PENFIELD_TRY(auto found, DiskSegment::read(folder, plan(), layout_.stored_as(), share));
      if (found) segments_.push_back(*std::move(found));
    }
  }
  std::stable_partition(segments_.begin(), segments_.end(),
                        [&](const DiskSegment& segment) { return segment.share().n == own.n; });
  find_holders();
  return {};
}

void DiskStore::find_holders() {
  for (std::size_t p = 0; p < holder_.size(); ++p) {
    const auto first = std::ranges::find_if(segments_, [&](const DiskSegment& s) { return s.has(p); });
    holder_[p] = first == segments_.end() ? kNowhere : static_cast<std::size_t>(first - segments_.begin());
  }
}

// Forgets the passes of the own share whose values are not what was written; of all passes where there is
// none.
Result<void> DiskStore::check_found() {
  const Share own = place_.share.value_or(Share{});
  std::vector<char> damaged_pass(plan().passes.size());
  for (DiskSegment& segment : segments_) {
    std::vector<char> damaged(plan().passes.size());
    bool is_wanted = false;
    for (std::size_t p = own.index; p < damaged.size(); p += own.n) is_wanted |= segment.has(p);
    if (!is_wanted) continue;
    for (std::size_t m = 0; m < plan().matrices.size(); ++m) {
      for (std::size_t c = 0; c < layout_.n_chunks(m); ++c) {
        PENFIELD_TRY(const MappedFile file, segment.map_chunk(m, c));
        n_bytes_read_ += file.bytes().size();
        const std::vector<char> here = segment.damaged_in(m, c, file.bytes());
        std::transform(here.begin(), here.end(), damaged.begin(), damaged.begin(), std::bit_or<>());
      }
    }
    for (std::size_t p = own.index; p < damaged.size(); p += own.n) {
      if (damaged[p] == 0) continue;
      segment.forget(p);
      damaged_pass[p] = 1;
    }
  }
  find_holders();
  for (std::size_t p = 0; p < damaged_pass.size(); ++p)
    n_passes_damaged_ += damaged_pass[p] != 0 && !has_pass(p) ? 1 : 0;
  n_passes_found_ = n_passes_done();
  return {};
}

std::size_t DiskStore::n_passes_done() const {
  return holder_.size() - static_cast<std::size_t>(std::ranges::count(holder_, kNowhere));
}

Result<void> DiskStore::put(std::size_t pass, std::size_t matrix, MatrixView<const float> values) {
  PENFIELD_CHECK(place_.share.has_value());
  PENFIELD_TRY_VOID(segments_.front().put(pass, matrix, values));
  const CapturedMatrix& shape = plan().matrices[matrix];
  n_bytes_written_ +=
      std::uint64_t{plan().passes[pass].rows(shape.kind).from.size()} * shape.n_cols * layout_.value_bytes();
  return {};
}

Result<void> DiskStore::end_pass(std::size_t pass) {
  PENFIELD_TRY_VOID(segments_.front().end_pass(pass));
  holder_[pass] = 0;
  return {};
}

Result<void> DiskStore::end_passes() {
  if (team().is_alone()) return {};
  PENFIELD_TRY_VOID(team().meet(sync()));
  PENFIELD_TRY_VOID(find_others());
  const auto missing = missing_share();
  if (!missing) return {};
  return io_error(
      "{}: passes of process {} of {} are not there, though it has ended them; all must see the same folder",
      place_.folder, missing->index + 1, missing->n);
}

Result<void> DiskStore::sync() const {
  return place_.share ? segments_.front().sync() : Result<void>();
}

std::optional<Share> DiskStore::missing_share() const {
  const auto missing = std::ranges::find(holder_, kNowhere);
  if (missing == holder_.end()) return std::nullopt;
  const std::uint32_t n = segments_.empty() ? 1 : segments_.front().share().n;
  return Share{static_cast<std::uint32_t>(static_cast<std::size_t>(missing - holder_.begin()) % n), n};
}

Result<void> DiskStore::visit_columns(std::size_t matrix, const ColumnsVisitor& visit) const {
  const std::size_t n_rows = plan().matrices[matrix].n_rows;
  Reader reader(*this);
  for (std::size_t c = 0; c < layout_.n_chunks(matrix); ++c) {
    const DiskLayout::Chunk chunk = layout_.chunk(matrix, c);
    PENFIELD_TRY(const float* const values, reader.read(matrix, c));
    PENFIELD_TRY_VOID(visit(chunk.first_col, {values, n_rows, chunk.n_cols}));
  }
  return {};
}

}  // namespace penfield::activations
