#include "penfield/matrix_file/open_matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "penfield/formats/message_text.h"
#include "penfield/formats/safetensors.h"
#include "penfield/matrix_file/associate.h"

namespace penfield::matrix_file {
namespace {

using formats::Dtype;

class OwnNpyMatrix final : public MatrixSource {
 public:
  explicit OwnNpyMatrix(formats::NpyFile file)
      : MatrixSource(file.path(), file.shape()[0], file.shape()[1], formats::fits_float32(file.dtype())),
        file_(std::move(file)),
        matrix_(file_) {}
  void copy_columns(std::uint64_t first, MatrixView<float> out) const override {
    matrix_.copy_columns(first, out);
  }
  void copy_columns(std::uint64_t first, MatrixView<double> out) const override {
    matrix_.copy_columns(first, out);
  }

 private:
  formats::NpyFile file_;
  NpyMatrix matrix_;
};

// Copied some rows at a time, whose pages are then given back.
class TensorMatrix final : public MatrixSource {
 public:
  TensorMatrix(std::string name, std::size_t row_bytes, formats::TensorFile file, const ArrayLayout& layout)
      : MatrixSource(std::move(name), layout.n_rows, layout.n_cols, ArrayMatrix("", layout).fits_float32()),
        row_bytes_(row_bytes),
        file_(std::move(file)),
        layout_(layout) {}
  void copy_columns(std::uint64_t first, MatrixView<float> out) const override { copy(first, out); }
  void copy_columns(std::uint64_t first, MatrixView<double> out) const override { copy(first, out); }

 private:
  template <class T>
  void copy(std::uint64_t first, MatrixView<T> out) const {
    constexpr std::uint64_t kValues = std::uint64_t{1} << 24;
    const std::size_t n_rows = std::max<std::size_t>(1, kValues / layout_.n_cols);
    for (std::size_t row = 0; row < out.rows; row += n_rows) {
      const std::size_t n = std::min(n_rows, out.rows - row);
      ArrayMatrix("", rows_of(row, n)).copy_columns(first, out.block(row, n, 0, out.cols));
      file_.release_pages();
    }
  }
  [[nodiscard]] ArrayLayout rows_of(std::size_t first, std::size_t n) const {
    ArrayLayout rows = layout_;
    rows.data = static_cast<const std::byte*>(layout_.data) + first * row_bytes_;
    rows.n_rows = n;
    return rows;
  }

  std::size_t row_bytes_;
  formats::TensorFile file_;
  ArrayLayout layout_;
};

std::optional<ValueType> value_type(Dtype dtype) {
  switch (dtype) {
    case Dtype::kF16:
      return ValueType::kFloat16;
    case Dtype::kBF16:
      return ValueType::kBfloat16;
    case Dtype::kF32:
      return ValueType::kFloat32;
    case Dtype::kF64:
      return ValueType::kFloat64;
    case Dtype::kI8:
      return ValueType::kInt8;
    case Dtype::kI16:
      return ValueType::kInt16;
    case Dtype::kI32:
      return ValueType::kInt32;
    case Dtype::kI64:
      return ValueType::kInt64;
    case Dtype::kU8:
    case Dtype::kBool:
      return ValueType::kUint8;
    case Dtype::kU16:
      return ValueType::kUint16;
    case Dtype::kU32:
      return ValueType::kUint32;
    case Dtype::kU64:
      return ValueType::kUint64;
    default:
      return std::nullopt;
  }
}

std::string names_of(const formats::TensorFile& file) {
  constexpr std::size_t kShown = 8;
  std::string out;
  for (std::size_t i = 0; i < std::min(kShown, file.tensors().size()); ++i)
    out += (i == 0 ? "" : ", ") + formats::message_text(file.tensors()[i].name);
  return out + (file.tensors().size() > kShown ? ", …" : "");
}

Result<const formats::Tensor*> choose(const formats::TensorFile& file, const std::string& path,
                                      const std::string& name) {
  if (file.tensors().empty()) return bad_input("{}: holds no tensor", path);
  if (name.empty() && file.tensors().size() == 1) return &file.tensors().front();
  if (name.empty()) {
    return usage_error("{}: holds {} tensors; name the one that is X with --tensor: {}", path,
                       file.tensors().size(), names_of(file));
  }
  if (const formats::Tensor* found = file.find(name)) return found;
  return usage_error("--tensor {}: {} has no such tensor; it has {}", name, path, names_of(file));
}

Result<std::unique_ptr<MatrixSource>> open_tensor(const std::string& path, const std::string& name) {
  PENFIELD_TRY(formats::TensorFile file, formats::open_safetensors(path));
  PENFIELD_TRY(const formats::Tensor* const tensor, choose(file, path, name));
  const std::string full_name = fmt::format("{}: tensor '{}'", path, formats::message_text(tensor->name));
  PENFIELD_TRY_VOID(check_matrix(full_name, tensor->shape));
  const auto type = value_type(tensor->dtype);
  if (!type) {
    return bad_input("{}: values of type {}; X has real numbers of 8 to 64 bits, and no 8-bit floats",
                     full_name, formats::dtype_name(tensor->dtype));
  }
  const ArrayLayout layout{.data = tensor->bytes.data(),
                           .type = *type,
                           .n_rows = tensor->shape[0],
                           .n_cols = tensor->shape[1],
                           .row_stride = static_cast<std::int64_t>(tensor->shape[1]),
                           .col_stride = 1,
                           .is_paged = true};
  const std::size_t row_bytes = tensor->bytes.size() / static_cast<std::size_t>(layout.n_rows);
  return std::make_unique<TensorMatrix>(full_name, row_bytes, std::move(file), layout);
}

}  // namespace

Result<std::unique_ptr<MatrixSource>> open_matrix(const std::string& path, const std::string& tensor) {
  if (path.ends_with(".safetensors")) return open_tensor(path, tensor);
  if (!tensor.empty())
    return usage_error("--tensor {}: {} is no .safetensors file, which alone has names", tensor, path);
  PENFIELD_TRY(formats::NpyFile file, formats::NpyFile::open(path, formats::NpyOrder::kFortran));
  PENFIELD_TRY_VOID(check_matrix(path, file.shape()));
  return std::make_unique<OwnNpyMatrix>(std::move(file));
}

}  // namespace penfield::matrix_file
