#include "penfield/formats/npy.h"

#include <algorithm>
#include <array>
#include <bit>

#include "penfield/base/checked.h"
#include "penfield/formats/message_text.h"
#include "penfield/formats/npy_header.h"

static_assert(std::endian::native == std::endian::little, "values are used where they lie in the file");

namespace penfield::formats {
namespace {

struct NpyDtypeRow {
  NpyDtype dtype;
  std::string_view descr;  // without byte order
  std::string_view name;
  std::size_t size;
};

constexpr std::array<NpyDtypeRow, 12> kNpyDtypes = {{
    {NpyDtype::kF2, "f2", "float16", 2},
    {NpyDtype::kF4, "f4", "float32", 4},
    {NpyDtype::kF8, "f8", "float64", 8},
    {NpyDtype::kI1, "i1", "int8", 1},
    {NpyDtype::kU1, "u1", "uint8", 1},
    {NpyDtype::kB1, "b1", "bool", 1},
    {NpyDtype::kI2, "i2", "int16", 2},
    {NpyDtype::kI4, "i4", "int32", 4},
    {NpyDtype::kI8, "i8", "int64", 8},
    {NpyDtype::kU2, "u2", "uint16", 2},
    {NpyDtype::kU4, "u4", "uint32", 4},
    {NpyDtype::kU8, "u8", "uint64", 8},
}};

// descr: '<f4', '|u1', …
Result<NpyDtypeRow> find_dtype(const std::string& path, std::string_view descr) {
  const std::string_view kind = descr.substr(std::min<std::size_t>(1, descr.size()));
  const auto row = std::find_if(kNpyDtypes.begin(), kNpyDtypes.end(),
                                [&](const NpyDtypeRow& r) { return r.descr == kind; });
  if (row == kNpyDtypes.end()) {
    return bad_input(
        "{}: values of type '{}' cannot be read; save as float16, float32, float64, bool or an integer type",
        path, message_text(descr));
  }
  const char order = descr.front();
  if (order == '>') {
    return bad_input("{}: values are big-endian ('{}'); save with .astype('<{}')", path, message_text(descr),
                     kind);
  }
  if (order != '<' && !(order == '|' && row->size == 1)) {
    return bad_input("{}: '{}' is not a NumPy type", path, message_text(descr));
  }
  return *row;
}

}  // namespace

std::string_view npy_dtype_name(NpyDtype dtype) {
  return std::find_if(kNpyDtypes.begin(), kNpyDtypes.end(),
                      [&](const NpyDtypeRow& r) { return r.dtype == dtype; })
      ->name;
}

Result<NpyFile> NpyFile::open(const std::string& path, NpyOrder widest) {
  PENFIELD_TRY(MappedFile mapped, MappedFile::open(path));
  NpyFile file(std::move(mapped));
  PENFIELD_TRY(const NpyHeader header, parse_npy_header(file.file_.text(), path));
  PENFIELD_TRY(const NpyDtypeRow dtype, find_dtype(path, header.descr));
  // With one axis, or none, both orders are the same.
  const bool fortran = header.fortran_order && header.shape.size() > 1;
  if (fortran && widest == NpyOrder::kC) {
    return bad_input("{}: the array is in Fortran order; save it with numpy.ascontiguousarray", path);
  }
  std::optional<std::uint64_t> n_values = 1;
  for (const std::uint64_t n : header.shape) n_values = n_values ? checked_mul(*n_values, n) : std::nullopt;
  const auto n_bytes = n_values ? checked_mul<std::uint64_t>(*n_values, dtype.size) : std::nullopt;
  const std::span<const std::byte> data = file.file_.bytes().subspan(header.n_bytes);
  if (!n_bytes || *n_bytes != data.size()) {
    return bad_input("{}: its shape needs {} bytes of values, the file has {}; it is damaged or incomplete",
                     path, n_bytes ? std::to_string(*n_bytes) : "more than 2^64", data.size());
  }
  file.dtype_ = dtype.dtype;
  file.order_ = fortran ? NpyOrder::kFortran : NpyOrder::kC;
  file.shape_ = header.shape;
  file.n_values_ = *n_values;
  file.data_ = data;
  if (reinterpret_cast<std::uintptr_t>(data.data()) % dtype.size != 0) {
    file.aligned_.assign(data.begin(), data.end());
    file.data_ = file.aligned_;
  }
  if (file.dtype_ == NpyDtype::kB1) {
    const auto odd = std::find_if(data.begin(), data.end(), [](std::byte b) { return b > std::byte{1}; });
    if (odd != data.end()) {
      return bad_input("{}: value {} is neither False nor True", path, odd - data.begin());
    }
  }
  return file;
}

bool NpyFile::is_vector() const {
  return !shape_.empty() &&
         std::count_if(shape_.begin(), shape_.end(), [](std::uint64_t n) { return n != 1; }) <= 1;
}

std::vector<double> NpyFile::to_doubles() const {
  std::vector<double> out;
  visit_values([&](const auto values) {
    out.reserve(values.size());
    for (const auto value : values) out.push_back(static_cast<double>(value));
  });
  return out;
}

void NpyFile::forget(std::uint64_t first, std::uint64_t n) const {
  if (!aligned_.empty()) return;
  const std::uint64_t size = n_values_ == 0 ? 0 : data_.size() / n_values_;
  const auto before = static_cast<std::uint64_t>(data_.data() - file_.bytes().data());
  file_.forget(before + first * size, n * size);
}

Result<NpyWriter> NpyWriter::create(const std::string& path, std::uint64_t rows, std::uint64_t cols) {
  const auto n_values = checked_mul(rows, cols);
  PENFIELD_CHECK(n_values.has_value());
  PENFIELD_TRY(AtomicFile file, AtomicFile::create(path));
  const std::array<std::uint64_t, 2> shape = {rows, cols};
  PENFIELD_TRY_VOID(file.write(npy_header("'<f4'", shape)));
  return NpyWriter(std::move(file), *n_values, cols);
}

Result<void> NpyWriter::append(std::span<const float> values) {
  PENFIELD_CHECK(values.size() <= n_values_left_ && (values.empty() || values.size() % cols_ == 0));
  n_values_left_ -= values.size();
  return file_.write(std::as_bytes(values));
}

Result<void> NpyWriter::finish() {
  PENFIELD_CHECK(n_values_left_ == 0);
  return file_.finish();
}

Result<void> NpyWriter::commit() {
  PENFIELD_CHECK(n_values_left_ == 0);
  return file_.commit();
}

Result<void> write_npy(const std::string& path, MatrixView<const float> matrix) {
  PENFIELD_TRY(NpyWriter writer, NpyWriter::create(path, matrix.rows, matrix.cols));
  for (std::size_t r = 0; r < matrix.rows; ++r) PENFIELD_TRY_VOID(writer.append(matrix.row(r)));
  return writer.commit();
}

}  // namespace penfield::formats
