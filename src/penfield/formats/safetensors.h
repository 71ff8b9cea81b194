// Weights in the safetensors format: one file, or the shards of a folder, mapped and checked before anything
// is used.
//
// Source: the format's description in github.com/huggingface/safetensors (README, "Format"). Stricter than
// the reference reader: duplicate keys, unknown fields and ranks above 8 are refused. The memory of the
// checks is bounded by the file's length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/formats/mapped_file.h"

namespace penfield::formats {

// All element types of the format, so that every tensor's size can be checked; Penfield computes with the
// first three.
enum class Dtype : std::uint8_t {
  kF32,
  kF16,
  kBF16,
  kF64,
  kI64,
  kU64,
  kC64,
  kI32,
  kU32,
  kI16,
  kU16,
  kI8,
  kU8,
  kBool,
  kF8E5M2,
  kF8E4M3,
  kF8E8M0,
  kF6E2M3,
  kF6E3M2,
  kF4,
};

// "F32", "BF16", …, as the format writes it.
[[nodiscard]] std::string_view dtype_name(Dtype dtype);
[[nodiscard]] unsigned dtype_bits(Dtype dtype);

struct Tensor {
  std::string name;
  Dtype dtype = Dtype::kF32;
  std::vector<std::uint64_t> shape;
  std::span<const std::byte> bytes;  // little-endian, C order; may be unaligned
  std::string_view file;             // path of the file that holds it

  [[nodiscard]] std::uint64_t n_values() const;
};

class Safetensors {
 public:
  // kBadInput: the file breaks a rule of the format (file, tensor and rule named), or is not a regular file.
  // kIo: cannot be read.
  [[nodiscard]] static Result<Safetensors> open_file(const std::string& path);
  // Opens model.safetensors, or model.safetensors.index.json with its shards; kBadInput if there is neither.
  // Every tensor of the index must be in the shard it names, no shard may hold any other, and no file may be
  // outside the folder (see folder_file.h).
  [[nodiscard]] static Result<Safetensors> open_folder(const std::string& folder);

  [[nodiscard]] const Tensor* find(std::string_view name) const;                 // nullptr if there is none
  [[nodiscard]] const std::vector<Tensor>& tensors() const { return tensors_; }  // sorted by name
  [[nodiscard]] const std::vector<std::string>& file_paths() const { return file_paths_; }
  // Calls MappedFile::release_pages for every file.
  void release_pages() const;

 private:
  Safetensors() = default;
  std::vector<MappedFile> files_;
  std::vector<std::string> file_paths_;
  std::vector<Tensor> tensors_;
};

// Every value as float32 (exact for F32, F16 and BF16). out.size() == n_values(). kBadInput: another dtype,
// or NaN or infinity, with tensor and index named.
[[nodiscard]] Result<void> copy_to_float(const Tensor& tensor, std::span<float> out);
// The checks of copy_to_float without the copy.
[[nodiscard]] Result<void> check_finite(const Tensor& tensor);
// The values in place, for an F32 tensor at an address that is a multiple of 4; otherwise kBadInput. Does not
// check the values: see check_finite.
[[nodiscard]] Result<std::span<const float>> as_float_view(const Tensor& tensor);

}  // namespace penfield::formats
