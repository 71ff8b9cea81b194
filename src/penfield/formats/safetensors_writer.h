// Writes one float32 matrix as a safetensors file, row by row; the number of rows is known beforehand.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "penfield/base/result.h"
#include "penfield/formats/atomic_file.h"

namespace penfield::formats {

class SafetensorsWriter {
 public:
  // name: of the tensor, [rows, cols]. kIo: as AtomicFile.
  [[nodiscard]] static Result<SafetensorsWriter> create(const std::string& path, std::string_view name,
                                                        std::uint64_t rows, std::uint64_t cols);

  // One or more whole rows.
  [[nodiscard]] Result<void> append(std::span<const float> values);
  // Flushes, syncs and renames; see AtomicFile::commit. All announced rows must have been appended.
  [[nodiscard]] Result<void> commit();

 private:
  SafetensorsWriter(AtomicFile file, std::uint64_t n_values, std::uint64_t cols)
      : file_(std::move(file)), n_values_left_(n_values), cols_(cols) {}
  AtomicFile file_;
  std::uint64_t n_values_left_;
  std::uint64_t cols_;
};

}  // namespace penfield::formats
