// Named tensors in mapped files, whatever the format of the files: what safetensors.h and gguf/gguf_file.h
// give.
//
// Nothing is copied: a tensor's bytes lie in the mapping, which the TensorFile owns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/formats/dtype.h"
#include "penfield/formats/mapped_file.h"

namespace penfield::formats {

struct Tensor {
  std::string name;
  Dtype dtype = Dtype::kF32;
  std::vector<std::uint64_t> shape;  // the fastest axis last, so that a linear layer's weights are [out, in]
  std::span<const std::byte> bytes;  // little-endian, rows of the last axis; may lie at an odd address
  std::string_view file;             // path of the file that holds it

  [[nodiscard]] std::uint64_t n_values() const;
};

void sort_by_name(std::vector<Tensor>& tensors);
// The first of two neighbours of the same name; nullptr where there is none. Expects tensors sorted by name.
[[nodiscard]] const Tensor* find_duplicate(const std::vector<Tensor>& tensors);

class TensorFile {
 public:
  // tensors: sorted by name, no two of one name; their bytes and file names lie in `files`.
  TensorFile(std::vector<MappedFile> files, std::vector<Tensor> tensors);

  [[nodiscard]] const Tensor* find(std::string_view name) const;  // nullptr where there is none
  [[nodiscard]] const std::vector<Tensor>& tensors() const { return tensors_; }  // sorted by name
  [[nodiscard]] const std::vector<std::string>& file_paths() const { return file_paths_; }
  [[nodiscard]] std::span<const MappedFile> files() const { return files_; }
  // As MappedFile::release_pages, of every file.
  void release_pages() const;

 private:
  std::vector<MappedFile> files_;
  std::vector<std::string> file_paths_;
  std::vector<Tensor> tensors_;
};

// Every value as float32, exactly as its format defines it (numeric/widen_blocks.h). out.size() ==
// n_values(). kBadInput: a dtype that is not for weights, or NaN or infinity in a value or in the scale of a
// block, with tensor and index named.
[[nodiscard]] Result<void> copy_to_float(const Tensor& tensor, std::span<float> out);
// kBadInput as copy_to_float, without copying.
[[nodiscard]] Result<void> check_finite(const Tensor& tensor);
// The values where they lie, for an F32 tensor at an address that is a multiple of 4; kBadInput otherwise.
// Does not look at the values: see check_finite.
[[nodiscard]] Result<std::span<const float>> as_float_view(const Tensor& tensor);

}  // namespace penfield::formats
