#include "penfield/recorded/layer_files.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "penfield/base/checked.h"
#include "penfield/formats/message_text.h"
#include "penfield/formats/npy_header.h"
#include "penfield/formats/safetensors_header.h"
#include "penfield/recorded/layer_name.h"

namespace penfield::recorded {
namespace {

using formats::Dtype;
using formats::message_text;

// An array of a file, before it is known what its axes are.
struct Array {
  std::string name;  // for messages
  std::string stem;  // that says site and layers
  std::size_t file = 0;
  Dtype dtype = Dtype::kF32;
  std::vector<std::uint64_t> shape;
  bool fortran = false;
  std::span<const std::byte> bytes;
};

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

std::optional<std::uint64_t> product(std::span<const std::uint64_t> shape) {
  std::optional<std::uint64_t> n = 1;
  for (const std::uint64_t axis : shape) n = n ? checked_mul(*n, axis) : std::nullopt;
  return n;
}

Result<Dtype> npy_dtype(std::string_view descr, const std::string& path) {
  if (descr == "<f4") return Dtype::kF32;
  if (descr == "<f2") return Dtype::kF16;
  if (descr == "<f8") return Dtype::kF64;
  return bad_input(
      "{}: values of type '{}' are no activations; save as float16, float32 or float64, little-endian", path,
      message_text(descr));
}

Result<Array> read_npy(const formats::MappedFile& file, std::string stem) {
  const std::string& path = file.path();
  PENFIELD_TRY(const formats::NpyHeader header, formats::parse_npy_header(file.text(), path));
  PENFIELD_TRY(const Dtype dtype, npy_dtype(header.descr, path));
  Array out{.name = path,
            .stem = std::move(stem),
            .dtype = dtype,
            .shape = header.shape,
            .fortran = header.fortran_order && header.shape.size() > 1,
            .bytes = file.bytes().subspan(header.n_bytes)};
  const auto n_values = product(header.shape);
  const auto n_bytes =
      n_values ? checked_mul<std::uint64_t>(*n_values, formats::dtype_block(dtype).n_bytes) : std::nullopt;
  if (n_bytes != out.bytes.size()) {
    return bad_input(
        "{}: its shape {} needs {} bytes of values, the file has {}; it is damaged or incomplete", path,
        shape_text(header.shape), n_bytes ? std::to_string(*n_bytes) : "more than 2^64", out.bytes.size());
  }
  if (out.fortran && header.shape.size() > 2)
    return bad_input("{}: an array of {} axes in Fortran order; save it with numpy.ascontiguousarray", path,
                     header.shape.size());
  return out;
}

Result<std::vector<Array>> read_safetensors(const formats::MappedFile& file) {
  PENFIELD_TRY(std::vector<formats::Tensor> tensors, formats::parse_safetensors(file.bytes(), file.path()));
  std::vector<Array> out;
  for (formats::Tensor& tensor : tensors) {
    std::string name = fmt::format("{}: tensor '{}'", file.path(), message_text(tensor.name));
    constexpr std::array kFloats = {Dtype::kF16, Dtype::kBF16, Dtype::kF32, Dtype::kF64};
    if (std::find(kFloats.begin(), kFloats.end(), tensor.dtype) == kFloats.end()) {
      return bad_input("{}: values of type {} are no activations; save as F16, BF16, F32 or F64", name,
                       formats::dtype_name(tensor.dtype));
    }
    out.push_back({.name = std::move(name),
                   .stem = std::move(tensor.name),
                   .dtype = tensor.dtype,
                   .shape = std::move(tensor.shape),
                   .bytes = tensor.bytes});
  }
  return out;
}

// Where tokens, layers and units are in the values of an array.
struct Axes {
  std::uint64_t n_units = 0;  // of a layer
  std::uint64_t token_stride = 0, unit_stride = 1, layer_stride = 0;
};

// The number of leading axes of `shape` whose product is n_tokens; at least one axis is left.
std::optional<std::size_t> axes_of_tokens(std::span<const std::uint64_t> shape, std::uint64_t n_tokens) {
  for (std::size_t k = 1; k < shape.size(); ++k) {
    if (product(shape.first(k)) == n_tokens) return k;
  }
  return std::nullopt;
}

Result<Axes> axes_of(const Array& array, std::uint64_t n_layers, std::uint64_t n_tokens) {
  const std::span<const std::uint64_t> shape = array.shape;
  const bool layers_first = n_layers > 1 && shape.size() > 2 && shape[0] == n_layers;
  Axes out;
  if (const auto k = axes_of_tokens(shape, n_tokens)) {
    const std::uint64_t n_cols = product(shape.subspan(*k)).value_or(0);
    if (n_cols % n_layers != 0) {
      return bad_input("{}: its {} columns are to be {} layers, as its name says, and cannot be divided so",
                       array.name, n_cols, n_layers);
    }
    out = {.n_units = n_cols / n_layers, .token_stride = n_cols};
    out.layer_stride = out.n_units;
    if (array.fortran) out = {out.n_units, 1, n_tokens, out.n_units * n_tokens};
  } else if (const auto inner = layers_first ? axes_of_tokens(shape.subspan(1), n_tokens) : std::nullopt) {
    const std::uint64_t n_units = product(shape.subspan(1 + *inner)).value_or(0);
    out = {.n_units = n_units, .token_stride = n_units, .layer_stride = n_tokens * n_units};
  } else {
    return bad_input("{}: its shape {} is not of the {} tokens of tokens.tsv; it is [tokens, units]",
                     array.name, shape_text(array.shape), n_tokens);
  }
  if (out.n_units == 0 || out.n_units > std::numeric_limits<std::uint32_t>::max())
    return bad_input("{}: {} units a layer, of shape {}; a layer has 1 to 2^32 - 1", array.name, out.n_units,
                     shape_text(array.shape));
  return out;
}

Result<void> add_layers(const Array& array, const LayerName& name, std::uint32_t first_layer,
                        std::uint64_t n_tokens, std::vector<LayerMatrix>& out) {
  PENFIELD_TRY(const Axes axes, axes_of(array, name.n_layers, n_tokens));
  const std::size_t size = formats::dtype_block(array.dtype).n_bytes;
  for (std::uint32_t i = 0; i < name.n_layers; ++i) {
    out.push_back({.name = array.name,
                   .site = name.site,
                   .layer = first_layer + i,
                   .file = array.file,
                   .n_tokens = n_tokens,
                   .n_units = static_cast<std::uint32_t>(axes.n_units),
                   .dtype = array.dtype,
                   .values = array.bytes.data() + i * axes.layer_stride * size,
                   .token_stride = axes.token_stride,
                   .unit_stride = axes.unit_stride});
  }
  return {};
}

bool is_before(const LayerMatrix& a, const LayerMatrix& b) {
  return std::pair(a.site, a.layer) < std::pair(b.site, b.layer);
}

// Paths of the folder's .npy and .safetensors files, by name.
Result<std::vector<std::filesystem::path>> list_files(const std::string& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> out;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string extension = at->path().extension().string();
    if (extension == ".npy" || extension == ".safetensors") out.push_back(at->path());
  }
  if (error) return io_error("{}: the folder cannot be read: {}", folder, error.message());
  if (out.empty()) {
    return bad_input(
        "{}: holds no .npy and no .safetensors file; activations are [tokens, units], a file a layer",
        folder);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Result<LayerFiles> LayerFiles::open(const std::string& folder, std::uint64_t n_tokens) {
  PENFIELD_TRY(const std::vector<std::filesystem::path> paths, list_files(folder));
  LayerFiles out;
  std::vector<Array> arrays;
  for (const std::filesystem::path& path : paths) {
    PENFIELD_TRY(formats::MappedFile file, formats::MappedFile::open(path.string()));
    std::vector<Array> found;
    if (path.extension() == ".npy") {
      PENFIELD_TRY(found.emplace_back(), read_npy(file, path.stem().string()));
    } else {
      PENFIELD_TRY(found, read_safetensors(file));
    }
    for (Array& array : found) {
      array.file = out.files_.size();
      arrays.push_back(std::move(array));
    }
    out.files_.push_back(std::move(file));
  }
  if (arrays.empty()) return bad_input("{}: its files hold no tensor", folder);
  const auto has_layer = [](const Array& array) {
    return parse_layer_name(array.stem).first_layer.has_value();
  };
  const bool are_numbered = std::any_of(arrays.begin(), arrays.end(), has_layer);
  for (std::uint32_t i = 0; i < arrays.size(); ++i) {
    const LayerName name = parse_layer_name(arrays[i].stem);
    if (are_numbered && !name.first_layer) {
      return bad_input(
          "{}: other names in {} have the number of a layer, this one has none; name it as L5.npy",
          arrays[i].name, folder);
    }
    PENFIELD_TRY_VOID(add_layers(arrays[i], name, name.first_layer.value_or(i), n_tokens, out.matrices_));
  }
  std::stable_sort(out.matrices_.begin(), out.matrices_.end(), is_before);
  const auto twice =
      std::adjacent_find(out.matrices_.begin(), out.matrices_.end(),
                         [](const LayerMatrix& a, const LayerMatrix& b) { return !is_before(a, b); });
  if (twice != out.matrices_.end()) {
    return bad_input("{}: is layer {} of {}, and so is {}; remove or rename one of them",
                     std::next(twice)->name, twice->layer, site_name(twice->site), twice->name);
  }
  return out;
}

std::vector<Site> LayerFiles::sites() const {
  std::vector<Site> out;
  for (const LayerMatrix& matrix : matrices_) {
    if (out.empty() || out.back() != matrix.site) out.push_back(matrix.site);
  }
  return out;
}

std::vector<std::uint32_t> LayerFiles::layers_of(Site site) const {
  std::vector<std::uint32_t> out;
  for (const LayerMatrix& matrix : matrices_) {
    if (matrix.site == site) out.push_back(matrix.layer);
  }
  return out;
}

const LayerMatrix* LayerFiles::find(Site site, std::uint32_t layer) const {
  const auto at = std::find_if(matrices_.begin(), matrices_.end(), [&](const LayerMatrix& matrix) {
    return matrix.site == site && matrix.layer == layer;
  });
  return at == matrices_.end() ? nullptr : &*at;
}

void LayerFiles::keep(Site site, std::span<const std::uint32_t> layers) {
  std::erase_if(matrices_, [&](const LayerMatrix& matrix) {
    return matrix.site != site || std::find(layers.begin(), layers.end(), matrix.layer) == layers.end();
  });
  std::vector<formats::MappedFile> kept;
  std::vector<std::size_t> place(files_.size(), files_.size());
  for (LayerMatrix& matrix : matrices_) {
    if (place[matrix.file] == files_.size()) {
      place[matrix.file] = kept.size();
      kept.push_back(std::move(files_[matrix.file]));
    }
    matrix.file = place[matrix.file];
  }
  files_ = std::move(kept);
}

}  // namespace penfield::recorded
