// A matrix of weights where it lies: float32 or narrower, either way round. It is widened while a product
// packs it, so that no float32 copy of a model is ever made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "penfield/base/matrix_view.h"

namespace penfield::numeric {

// Values first … first + n − 1 of a stored row as float32, exactly. first is a multiple of kWidenStep, and so
// is n unless the row ends there: types whose values are stored in blocks are read block by block.
inline constexpr std::size_t kWidenStep = 256;
using WidenValues = void (*)(const std::byte* row, std::size_t first, std::size_t n, float* out);

// The right factor [n_in, n_out] of a product.
struct WeightView {
  enum class Order : std::uint8_t {
    kInOut,  // stored [n_in, n_out]
    kOutIn,  // stored [n_out, n_in]: a row is the weights of one output
  };
  const std::byte* data = nullptr;
  WidenValues widen = nullptr;  // nullptr: float32 at an aligned address
  Order order = Order::kInOut;
  std::size_t n_in = 0, n_out = 0;
  std::size_t row_bytes = 0;  // from one stored row to the next
  // Output 0 of the view among the outputs that are stored together: of a tensor that holds several matrices,
  // or of some columns of one.
  std::size_t first_output = 0;
  // kOutIn alone: outputs stored in groups of `group` rows, group_step rows apart (0: one row after the
  // other).
  std::size_t group = 0, group_step = 0;
  // kOutIn alone: within a group, output j of the first half is row 2j, and of the second half row 2j + 1
  // behind it.
  bool interleaved = false;

  WeightView() = default;
  explicit WeightView(MatrixView<const float> matrix);  // kInOut, float32

  [[nodiscard]] bool is_present() const { return data != nullptr; }
  // Some of the outputs. kInOut with a `widen`: first is a multiple of kWidenStep only where the type has
  // blocks.
  [[nodiscard]] WeightView outputs(std::size_t first, std::size_t n) const;
  // The stored row of one output; kOutIn.
  [[nodiscard]] const std::byte* output_row(std::size_t output) const;
  // What one output is made with: [n_in].
  void read_output(std::size_t output, std::span<float> weights) const;
};

}  // namespace penfield::numeric
