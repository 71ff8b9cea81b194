#include "penfield/formats/tensor_file.h"

#include <algorithm>
#include <bit>

static_assert(std::endian::native == std::endian::little, "values are used where they lie in the file");

namespace penfield::formats {

std::uint64_t Tensor::n_values() const {
  const DtypeBlock block = dtype_block(dtype);
  return std::uint64_t{bytes.size()} / block.n_bytes * block.n_values;
}

void sort_by_name(std::vector<Tensor>& tensors) {
  std::sort(tensors.begin(), tensors.end(), [](const Tensor& a, const Tensor& b) { return a.name < b.name; });
}

const Tensor* find_duplicate(const std::vector<Tensor>& tensors) {
  const auto twice = std::adjacent_find(tensors.begin(), tensors.end(),
                                        [](const Tensor& a, const Tensor& b) { return a.name == b.name; });
  return twice == tensors.end() ? nullptr : &*twice;
}

TensorFile::TensorFile(std::vector<MappedFile> files, std::vector<Tensor> tensors)
    : files_(std::move(files)), tensors_(std::move(tensors)) {
  for (const MappedFile& file : files_) file_paths_.push_back(file.path());
}

void TensorFile::release_pages() const {
  for (const MappedFile& file : files_) file.release_pages();
}

const Tensor* TensorFile::find(std::string_view name) const {
  const auto at = std::lower_bound(tensors_.begin(), tensors_.end(), name,
                                   [](const Tensor& tensor, std::string_view n) { return tensor.name < n; });
  return at != tensors_.end() && at->name == name ? &*at : nullptr;
}

}  // namespace penfield::formats
