// The values of a tensor as float32. A tensor may begin at any byte.
#include "penfield/base/check.h"
#include "penfield/formats/message_text.h"
#include "penfield/formats/tensor_file.h"
#include "penfield/numeric/widen_blocks.h"

namespace penfield::formats {
namespace {

tl::unexpected<Error> not_usable(const Tensor& tensor) {
  return bad_input(
      "{}: tensor '{}': values of type {} cannot be used as weights; Penfield reads F32, F16, BF16 and "
      "the block formats of GGUF",
      tensor.file, message_text(tensor.name), dtype_name(tensor.dtype));
}

}  // namespace

Result<void> check_finite(const Tensor& tensor) {
  const auto encoding = encoding_of(tensor.dtype);
  if (!encoding) return not_usable(tensor);
  const numeric::EncodedBlock block = numeric::block_of(*encoding);
  const auto found =
      numeric::find_non_finite_block(*encoding, tensor.bytes.data(), tensor.bytes.size() / block.n_bytes);
  if (!found) return {};
  if (block.n_values == 1) {
    return bad_input("{}: tensor '{}': value {} is NaN or infinite", tensor.file, message_text(tensor.name),
                     *found);
  }
  return bad_input("{}: tensor '{}': the scale of values {} to {} is NaN or infinite", tensor.file,
                   message_text(tensor.name), *found * block.n_values, (*found + 1) * block.n_values - 1);
}

Result<void> copy_to_float(const Tensor& tensor, std::span<float> out) {
  PENFIELD_TRY_VOID(check_finite(tensor));
  PENFIELD_CHECK(out.size() == tensor.n_values());
  numeric::widen_run(*encoding_of(tensor.dtype), tensor.bytes.data(), 0, out);
  return {};
}

Result<std::span<const float>> as_float_view(const Tensor& tensor) {
  if (tensor.dtype != Dtype::kF32) {
    return bad_input("{}: tensor '{}': its values are {} in the file, so they must be converted to float32",
                     tensor.file, message_text(tensor.name), dtype_name(tensor.dtype));
  }
  if (reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % alignof(float) != 0) {
    return bad_input("{}: tensor '{}': its data begin at an odd byte, so they must be copied", tensor.file,
                     message_text(tensor.name));
  }
  return std::span<const float>(reinterpret_cast<const float*>(tensor.bytes.data()),
                                tensor.bytes.size() / sizeof(float));
}

}  // namespace penfield::formats
