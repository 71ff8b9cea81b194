#include "penfield/activations/disk_layout.h"

#include <algorithm>

namespace penfield::activations {
namespace {

// A chunk is what is in memory at a time: about so many values, whatever the number of samples.
constexpr std::size_t kChunkValues = std::size_t{2} << 20;
// The engine fits sixteen columns at a time: fewer than a few times that leave threads idle. More than the
// most leave them idle when a pass is written, which is done chunk by chunk.
constexpr std::size_t kLeastCols = 64, kMostCols = 256, kColsMultiple = 16;

std::size_t chunk_cols(std::size_t n_rows, std::size_t n_cols) {
  const std::size_t wanted = kChunkValues / std::max<std::size_t>(n_rows, 1) / kColsMultiple * kColsMultiple;
  return std::min(n_cols, std::clamp(wanted, kLeastCols, kMostCols));
}

// Rows of the matrix that the share's passes give.
std::size_t rows_of_share(const CapturePlan& plan, const CapturedMatrix& matrix, const Share& share) {
  if (share.is_all()) return matrix.n_rows;
  std::size_t n = 0;
  for (std::size_t p = share.index; p < plan.passes.size(); p += share.n)
    n += plan.passes[p].rows(matrix.kind).from.size();
  return n;
}

}  // namespace

DiskLayout::DiskLayout(const CapturePlan& plan, StoredAs stored_as, const Share& share)
    : stored_as_(stored_as) {
  for (const CapturedMatrix& matrix : plan.matrices) {
    const std::size_t n_rows = rows_of_share(plan, matrix, share);
    places_.push_back({.n_rows = n_rows,
                       .n_cols = matrix.n_cols,
                       .chunk_cols = chunk_cols(matrix.n_rows, matrix.n_cols),
                       .first_byte = n_bytes_,
                       .first_chunk = n_all_chunks_});
    n_bytes_ += std::uint64_t{n_rows} * matrix.n_cols * value_bytes();
    n_all_chunks_ += n_chunks(places_.size() - 1);
  }
}

std::size_t DiskLayout::n_chunks(std::size_t matrix) const {
  const Place& place = places_[matrix];
  return (place.n_cols + place.chunk_cols - 1) / place.chunk_cols;
}

DiskLayout::Chunk DiskLayout::chunk(std::size_t matrix, std::size_t index) const {
  const Place& place = places_[matrix];
  Chunk out;
  out.first_col = index * place.chunk_cols;
  out.n_cols = std::min(place.chunk_cols, place.n_cols - out.first_col);
  out.first_byte = place.first_byte + std::uint64_t{out.first_col} * place.n_rows * value_bytes();
  out.row_bytes = out.n_cols * value_bytes();
  out.n_bytes = out.row_bytes * place.n_rows;
  return out;
}

std::uint64_t DiskLayout::max_chunk_values() const {
  std::uint64_t most = 0;
  for (const Place& place : places_) most = std::max(most, std::uint64_t{place.n_rows} * place.chunk_cols);
  return most;
}

}  // namespace penfield::activations
