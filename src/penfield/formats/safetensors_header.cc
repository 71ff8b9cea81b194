#include "penfield/formats/safetensors_header.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "penfield/base/checked.h"
#include "penfield/formats/json_sax.h"
#include "penfield/formats/message_text.h"

namespace penfield::formats {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
constexpr std::size_t kMaxRank = 8;
constexpr std::size_t kMaxDepth = 128;

// The header's events, one tensor at a time: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0,
// 24]}, …}. Offsets are checked against the data's length at once, so that a tensor is known to lie in the
// file when it is kept.
class HeaderReader : public StrictSax {
 public:
  HeaderReader(std::span<const std::byte> data, std::string_view path)
      : StrictSax(kMaxDepth), data_(data), path_(path) {}

  bool null() { return misplaced("null"); }
  bool boolean(bool) { return misplaced("true or false"); }
  bool number_integer(std::int64_t) { return misplaced("a negative number"); }
  bool number_float(double, const std::string&) {
    return misplaced("a number that is not a plain whole number below 2^64");
  }
  bool number_unsigned(std::uint64_t value);
  bool string(std::string& value);
  bool start_object(std::size_t);
  bool key(std::string& name);
  bool end_object();
  bool start_array(std::size_t);
  bool end_array();

  [[nodiscard]] std::vector<Tensor> take_tensors() { return std::move(tensors_); }
  [[nodiscard]] std::vector<std::string> take_metadata_keys() { return std::move(metadata_keys_); }

 private:
  enum class In : std::uint8_t { kNothing, kHeader, kMetadata, kTensor, kShape, kOffsets };
  enum class Field : std::uint8_t { kNone, kDtype, kShape, kOffsets };

  bool misplaced(std::string_view what);
  bool refuse_tensor(std::string_view why);
  bool keep_tensor();

  std::span<const std::byte> data_;
  std::string_view path_;
  In in_ = In::kNothing;
  Field field_ = Field::kNone;  // whose value comes next, in a tensor
  std::string name_;            // of the tensor being read, or "__metadata__"
  bool has_metadata_ = false;
  Tensor tensor_;
  bool has_dtype_ = false, has_shape_ = false, has_offsets_ = false;
  std::vector<std::uint64_t> offsets_;
  std::vector<Tensor> tensors_;
  std::vector<std::string> metadata_keys_;
};

bool HeaderReader::refuse_tensor(std::string_view why) {
  return refuse(fmt::format("tensor '{}': {}", message_text(name_), why));
}

bool HeaderReader::misplaced(std::string_view what) {
  switch (in_) {
    case In::kNothing:
      return refuse(fmt::format("the header must be an object, not {}", what));
    case In::kHeader:
      return refuse_tensor(fmt::format("its entry must be an object, not {}", what));
    case In::kMetadata:
      return refuse(fmt::format("__metadata__ maps strings to strings, not to {}", what));
    case In::kTensor:
      return refuse_tensor(fmt::format("its {} cannot be {}",
                                       field_ == Field::kDtype   ? "dtype"
                                       : field_ == Field::kShape ? "shape"
                                                                 : "data_offsets",
                                       what));
    case In::kShape:
      return refuse_tensor(fmt::format("its shape holds {}", what));
    case In::kOffsets:
      return refuse_tensor(fmt::format("its data_offsets hold {}", what));
  }
  return false;
}

bool HeaderReader::number_unsigned(std::uint64_t value) {
  if (in_ == In::kShape) {
    if (tensor_.shape.size() == kMaxRank)
      return refuse_tensor(fmt::format("it has more than {} axes", kMaxRank));
    tensor_.shape.push_back(value);
    return true;
  }
  if (in_ == In::kOffsets) {
    if (offsets_.size() == 2) return refuse_tensor("its data_offsets are more than two numbers");
    offsets_.push_back(value);
    return true;
  }
  return misplaced("a number");
}

bool HeaderReader::string(std::string& value) {
  if (in_ == In::kMetadata) return true;
  if (in_ != In::kTensor || field_ != Field::kDtype) return misplaced("a string");
  const std::optional<Dtype> dtype = safetensors_dtype(value);
  if (!dtype) return refuse_tensor(fmt::format("its dtype '{}' is not known", message_text(value)));
  tensor_.dtype = *dtype;
  return true;
}

bool HeaderReader::start_object(std::size_t) {
  if (!enter()) return false;
  switch (in_) {
    case In::kNothing:
      in_ = In::kHeader;
      return true;
    case In::kHeader:
      if (name_ == "__metadata__") {
        in_ = In::kMetadata;
        return true;
      }
      in_ = In::kTensor;
      tensor_ = Tensor{};
      offsets_.clear();
      has_dtype_ = has_shape_ = has_offsets_ = false;
      return true;
    default:
      return misplaced("an object");
  }
}

bool HeaderReader::key(std::string& name) {
  if (in_ == In::kMetadata) {
    metadata_keys_.push_back(std::move(name));
    return true;
  }
  if (in_ == In::kHeader) {
    name_ = std::move(name);
    if (name_ != "__metadata__") return true;
    if (has_metadata_) return refuse("the key \"__metadata__\" stands twice");
    has_metadata_ = true;
    return true;
  }
  bool* seen = nullptr;
  if (name == "dtype") {
    field_ = Field::kDtype;
    seen = &has_dtype_;
  } else if (name == "shape") {
    field_ = Field::kShape;
    seen = &has_shape_;
  } else if (name == "data_offsets") {
    field_ = Field::kOffsets;
    seen = &has_offsets_;
  } else {
    return refuse_tensor(
        fmt::format("its field '{}' is not one of dtype, shape and data_offsets", message_text(name)));
  }
  if (*seen) return refuse_tensor(fmt::format("its {} stands twice", name));
  *seen = true;
  return true;
}

bool HeaderReader::start_array(std::size_t) {
  if (!enter()) return false;
  if (in_ == In::kTensor && field_ == Field::kShape) {
    in_ = In::kShape;
  } else if (in_ == In::kTensor && field_ == Field::kOffsets) {
    in_ = In::kOffsets;
  } else {
    return misplaced("an array");
  }
  return true;
}

bool HeaderReader::end_array() {
  in_ = In::kTensor;
  return leave();
}

bool HeaderReader::end_object() {
  if (in_ == In::kTensor && !keep_tensor()) return false;
  in_ = in_ == In::kHeader ? In::kNothing : In::kHeader;
  return leave();
}

bool HeaderReader::keep_tensor() {
  if (!has_dtype_) return refuse_tensor("it has no dtype");
  if (!has_shape_) return refuse_tensor("it has no shape");
  if (!has_offsets_) return refuse_tensor("it has no data_offsets");
  if (offsets_.size() != 2) return refuse_tensor("its data_offsets are not two numbers");
  const auto [begin, end] = std::pair(offsets_[0], offsets_[1]);
  if (end < begin)
    return refuse_tensor(fmt::format("its data end at byte {}, before they begin at {}", end, begin));
  if (end > data_.size()) {
    return refuse_tensor(fmt::format(
        "its data end at byte {}, but the file holds {} bytes of data; it is incomplete", end, data_.size()));
  }
  std::optional<std::uint64_t> n_values = 1;
  for (const std::uint64_t n : tensor_.shape) n_values = n_values ? checked_mul(*n_values, n) : std::nullopt;
  if (!n_values) return refuse_tensor("its shape has more values than a file can hold");
  if (*n_values % dtype_block(tensor_.dtype).n_values != 0)
    return refuse_tensor("its shape does not fill whole bytes");
  const std::optional<std::uint64_t> n_bytes = dtype_bytes(tensor_.dtype, *n_values);
  if (!n_bytes) return refuse_tensor("its shape has more values than a file can hold");
  if (*n_bytes != end - begin) {
    return refuse_tensor(
        fmt::format("its shape and dtype need {} bytes, its data_offsets give {}", *n_bytes, end - begin));
  }
  tensor_.name = std::move(name_);
  tensor_.bytes = data_.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
  tensor_.file = path_;
  tensors_.push_back(std::move(tensor_));
  return true;
}

// Sorted by place, every tensor must begin where the one before ends, the first at 0, and the last end with
// the file.
Result<void> check_layout(std::vector<Tensor>& tensors, std::span<const std::byte> data,
                          std::string_view path) {
  std::sort(tensors.begin(), tensors.end(), [](const Tensor& a, const Tensor& b) {
    return std::pair(a.bytes.data(), a.bytes.size()) < std::pair(b.bytes.data(), b.bytes.size());
  });
  const std::byte* expected = data.data();
  for (const Tensor& tensor : tensors) {
    const std::ptrdiff_t begin = tensor.bytes.data() - data.data();
    if (tensor.bytes.data() < expected) {
      return bad_input("{}: tensor '{}': its data at byte {} overlap those of another tensor", path,
                       message_text(tensor.name), begin);
    }
    if (tensor.bytes.data() > expected) {
      return bad_input("{}: tensor '{}': the {} bytes before its data belong to no tensor", path,
                       message_text(tensor.name), tensor.bytes.data() - expected);
    }
    expected = tensor.bytes.data() + tensor.bytes.size();
  }
  const std::ptrdiff_t n_left = data.data() + data.size() - expected;
  if (n_left != 0) {
    return bad_input(
        "{}: {} bytes follow the last tensor{}", path, n_left,
        tensors.empty() ? std::string() : fmt::format(" '{}'", message_text(tensors.back().name)));
  }
  return {};
}

Result<void> check_unique(std::vector<std::string> keys, std::string_view path) {
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice == keys.end()) return {};
  return bad_input("{}: the key '{}' stands twice in __metadata__", path, message_text(*twice));
}

}  // namespace

Result<std::vector<Tensor>> parse_safetensors(std::span<const std::byte> file, std::string_view path) {
  if (file.size() < kLengthBytes) {
    return bad_input("{}: {} bytes are too few for a safetensors file", path, file.size());
  }
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), kLengthBytes);
  if (length > kMaxHeaderBytes) {
    return bad_input(
        "{}: a header of {} bytes is longer than the format allows ({}); not a safetensors file?", path,
        length, kMaxHeaderBytes);
  }
  if (length > file.size() - kLengthBytes) {
    return bad_input("{}: its header should have {} bytes, but only {} follow; the file is incomplete", path,
                     length, file.size() - kLengthBytes);
  }
  const auto header_bytes = file.subspan(kLengthBytes, static_cast<std::size_t>(length));
  const std::string_view header(reinterpret_cast<const char*>(header_bytes.data()), header_bytes.size());
  if (!header.starts_with('{')) return bad_input("{}: its header does not begin with '{{'", path);

  const auto data = file.subspan(kLengthBytes + header.size());
  HeaderReader reader(data, path);
  PENFIELD_TRY_VOID(parse_json_events(header, path, reader));
  PENFIELD_TRY_VOID(check_unique(reader.take_metadata_keys(), path));
  std::vector<Tensor> tensors = reader.take_tensors();
  PENFIELD_TRY_VOID(check_layout(tensors, data, path));
  sort_by_name(tensors);
  if (const Tensor* twice = find_duplicate(tensors))
    return bad_input("{}: tensor '{}': its key stands twice", path, message_text(twice->name));
  return tensors;
}

}  // namespace penfield::formats
