// Weights in the safetensors format: one file, or the shards of a folder, mapped and checked before anything
// is used.
//
// Source: the format's description in github.com/huggingface/safetensors (README, "Format"). Stricter than
// the reference reader: a key twice, an unknown field or a rank above 8 is refused. The checks cost no memory
// that the file's own length does not bound.
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
  std::span<const std::byte> bytes;  // little-endian, C order; may lie at an odd address
  std::string_view file;             // path of the file that holds it

  [[nodiscard]] std::uint64_t n_values() const;
};

class Safetensors {
 public:
  // kBadInput: the file breaks a rule of the format (file, tensor and rule named), or is not a plain file.
  // kIo: cannot be read.
  [[nodiscard]] static Result<Safetensors> open_file(const std::string& path);
  // model.safetensors, or model.safetensors.index.json with its shards. Neither is there: kBadInput. Every
  // tensor of the index must be in the shard it names and no shard may hold another; no file may lie outside
  // the folder (see folder_file.h).
  [[nodiscard]] static Result<Safetensors> open_folder(const std::string& folder);

  [[nodiscard]] const Tensor* find(std::string_view name) const;  // nullptr where there is none
  [[nodiscard]] const std::vector<Tensor>& tensors() const { return tensors_; }  // sorted by name
  [[nodiscard]] const std::vector<std::string>& file_paths() const { return file_paths_; }
  // As MappedFile::release_pages, of every file.
  void release_pages() const;

 private:
  Safetensors() = default;
  std::vector<MappedFile> files_;
  std::vector<std::string> file_paths_;
  std::vector<Tensor> tensors_;
};

// Every value as float32: F32 as it is, F16 and BF16 exactly. out.size() == n_values(). kBadInput: another
// dtype, or NaN or infinity, with tensor and index named.
[[nodiscard]] Result<void> copy_to_float(const Tensor& tensor, std::span<float> out);
// kBadInput as copy_to_float, without copying.
[[nodiscard]] Result<void> check_finite(const Tensor& tensor);
// The values where they lie, for an F32 tensor at an address that is a multiple of 4; kBadInput otherwise.
// Does not look at the values: see check_finite.
[[nodiscard]] Result<std::span<const float>> as_float_view(const Tensor& tensor);

}  // namespace penfield::formats
