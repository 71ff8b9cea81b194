// The values of a tensor as float32. A tensor may begin at any byte, so every value is read with memcpy,
// which compiles to an unaligned load; the loops below vectorise.
#include <cstring>

#include "penfield/base/check.h"
#include "penfield/formats/half.h"
#include "penfield/formats/message_text.h"
#include "penfield/formats/tensor_file.h"

namespace penfield::formats {
namespace {

template <class Bits>
Bits load(const std::byte* bytes, std::size_t i) {
  Bits bits{};
  std::memcpy(&bits, bytes + i * sizeof(Bits), sizeof(Bits));
  return bits;
}

// NaN and the infinities are the values whose exponent is all ones.
template <class Bits>
bool is_finite(Bits bits, Bits exponent_mask) {
  return (bits & exponent_mask) != exponent_mask;
}

tl::unexpected<Error> not_usable(const Tensor& tensor) {
  return bad_input("{}: tensor '{}': values of type {} cannot be used; Penfield reads F32, F16 and BF16",
                   tensor.file, message_text(tensor.name), dtype_name(tensor.dtype));
}

template <class Bits>
Result<void> check_finite_as(const Tensor& tensor, Bits exponent_mask) {
  const std::size_t n = tensor.bytes.size() / sizeof(Bits);
  const std::byte* bytes = tensor.bytes.data();
  // In blocks: no branch inside, so that a block is vector instructions; a bad block is searched a second
  // time.
  constexpr std::size_t kBlock = 4096;
  for (std::size_t begin = 0; begin < n; begin += kBlock) {
    const std::size_t end = std::min(n, begin + kBlock);
    Bits n_bad = 0;  // at most kBlock, which fits 16 bits
    for (std::size_t i = begin; i < end; ++i) {
      n_bad = static_cast<Bits>(n_bad + (is_finite(load<Bits>(bytes, i), exponent_mask) ? 0 : 1));
    }
    if (n_bad == 0) continue;
    std::size_t i = begin;
    while (is_finite(load<Bits>(bytes, i), exponent_mask)) ++i;
    return bad_input("{}: tensor '{}': value {} is NaN or infinite", tensor.file, message_text(tensor.name),
                     i);
  }
  return {};
}

}  // namespace

Result<void> check_finite(const Tensor& tensor) {
  switch (tensor.dtype) {
    case Dtype::kF32:
      return check_finite_as<std::uint32_t>(tensor, 0x7f800000u);
    case Dtype::kF16:
      return check_finite_as<std::uint16_t>(tensor, 0x7c00u);
    case Dtype::kBF16:
      return check_finite_as<std::uint16_t>(tensor, 0x7f80u);
    default:
      return not_usable(tensor);
  }
}

Result<void> copy_to_float(const Tensor& tensor, std::span<float> out) {
  PENFIELD_TRY_VOID(check_finite(tensor));
  PENFIELD_CHECK(out.size() == tensor.n_values());
  const std::byte* bytes = tensor.bytes.data();
  if (tensor.dtype == Dtype::kF32) {
    if (!out.empty()) std::memcpy(out.data(), bytes, tensor.bytes.size());
  } else if (tensor.dtype == Dtype::kF16) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = half_to_float(load<std::uint16_t>(bytes, i));
  } else {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = bfloat16_to_float(load<std::uint16_t>(bytes, i));
  }
  return {};
}

Result<std::span<const float>> as_float_view(const Tensor& tensor) {
  if (tensor.dtype != Dtype::kF32) return not_usable(tensor);
  if (reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % alignof(float) != 0) {
    return bad_input("{}: tensor '{}': its data begin at an odd byte, so they must be copied", tensor.file,
                     message_text(tensor.name));
  }
  return std::span<const float>(reinterpret_cast<const float*>(tensor.bytes.data()),
                                tensor.bytes.size() / sizeof(float));
}

}  // namespace penfield::formats
