// Where each value of a capture lies in its file on disk, or in that of one share of its passes.
//
// The file is one matrix after the other, and a matrix is cut into chunks of columns: a chunk is all rows of
// some columns, row after row. So what is read together (some units, all of their samples) is one piece of
// the file, and what a pass writes of a chunk (all of its rows) is one piece too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "penfield/activations/capture_plan.h"
#include "penfield/base/share.h"

namespace penfield::activations {

enum class StoredAs : std::uint8_t { kF32, kBf16 };  // bf16: rounded to the nearest

class DiskLayout {
 public:
  // Of the rows of the share's passes. Chunks have the same columns in the files of all shares.
  DiskLayout(const CapturePlan& plan, StoredAs stored_as, const Share& share = {});

  struct Chunk {
    std::size_t first_col = 0, n_cols = 0;
    std::uint64_t first_byte = 0;  // of row 0
    std::uint64_t row_bytes = 0, n_bytes = 0;
  };
  [[nodiscard]] std::size_t n_chunks(std::size_t matrix) const;
  [[nodiscard]] Chunk chunk(std::size_t matrix, std::size_t index) const;

  // Chunks of all matrices are numbered through, for their checksums.
  [[nodiscard]] std::size_t first_chunk(std::size_t matrix) const { return places_[matrix].first_chunk; }
  [[nodiscard]] std::size_t n_all_chunks() const { return n_all_chunks_; }

  [[nodiscard]] StoredAs stored_as() const { return stored_as_; }
  [[nodiscard]] std::size_t value_bytes() const { return stored_as_ == StoredAs::kF32 ? 4 : 2; }
  [[nodiscard]] std::uint64_t n_bytes() const { return n_bytes_; }
  [[nodiscard]] std::uint64_t max_chunk_values() const;

 private:
  struct Place {
    std::size_t n_rows = 0, n_cols = 0, chunk_cols = 0;
    std::uint64_t first_byte = 0;
    std::size_t first_chunk = 0;
  };
  StoredAs stored_as_;
  std::vector<Place> places_;
  std::uint64_t n_bytes_ = 0;
  std::size_t n_all_chunks_ = 0;
};

}  // namespace penfield::activations
