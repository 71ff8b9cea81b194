#include "penfield/formats/gguf/header.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "penfield/base/checked.h"
#include "penfield/formats/gguf/byte_reader.h"
#include "penfield/formats/gguf/read_metadata.h"
#include "penfield/formats/message_text.h"

namespace penfield::formats {
namespace {

constexpr std::string_view kMagic = "GGUF";
constexpr std::string_view kAlignmentKey = "general.alignment";
constexpr std::uint64_t kDefaultAlignment = 32;
constexpr std::uint64_t kMaxAlignment = std::uint64_t{1} << 20;
constexpr std::size_t kMaxNameBytes = 64;
constexpr std::uint32_t kMaxRank = 4;
// A name of one character, one dimension, a type, and an offset.
constexpr std::size_t kMinInfoBytes = 8 + 1 + 4 + 8 + 4 + 8;

// Numbers of tensor types in the file (enum ggml_type, ggml.h). Missing numbers are types that were taken out
// of the format (4, 5, 31 to 33, 36 to 38); types without a Dtype are known by name, so that the message can
// say what they are.
struct GgmlType {
  std::uint32_t number;
  std::string_view name;
  std::optional<Dtype> dtype;
};
constexpr std::array<GgmlType, 35> kGgmlTypes = {{
    {0, "F32", Dtype::kF32},        {1, "F16", Dtype::kF16},       {2, "Q4_0", Dtype::kQ4_0},
    {3, "Q4_1", Dtype::kQ4_1},      {6, "Q5_0", Dtype::kQ5_0},     {7, "Q5_1", Dtype::kQ5_1},
    {8, "Q8_0", Dtype::kQ8_0},      {9, "Q8_1", std::nullopt},     {10, "Q2_K", Dtype::kQ2_K},
    {11, "Q3_K", Dtype::kQ3_K},     {12, "Q4_K", Dtype::kQ4_K},    {13, "Q5_K", Dtype::kQ5_K},
    {14, "Q6_K", Dtype::kQ6_K},     {15, "Q8_K", std::nullopt},    {16, "IQ2_XXS", std::nullopt},
    {17, "IQ2_XS", std::nullopt},   {18, "IQ3_XXS", std::nullopt}, {19, "IQ1_S", std::nullopt},
    {20, "IQ4_NL", Dtype::kIQ4_NL}, {21, "IQ3_S", std::nullopt},   {22, "IQ2_S", std::nullopt},
    {23, "IQ4_XS", Dtype::kIQ4_XS}, {24, "I8", Dtype::kI8},        {25, "I16", Dtype::kI16},
    {26, "I32", Dtype::kI32},       {27, "I64", Dtype::kI64},      {28, "F64", Dtype::kF64},
    {29, "IQ1_M", std::nullopt},    {30, "BF16", Dtype::kBF16},    {34, "TQ1_0", std::nullopt},
    {35, "TQ2_0", std::nullopt},    {39, "MXFP4", Dtype::kMXFP4},  {40, "NVFP4", std::nullopt},
    {41, "Q1_0", std::nullopt},     {42, "Q2_0", std::nullopt},
}};

struct TensorInfo {
  std::string_view name;
  std::vector<std::uint64_t> dims;  // the fastest first
  Dtype dtype = Dtype::kF32;
  std::uint64_t offset = 0;  // from the beginning of the data
  std::uint64_t n_bytes = 0;
};

Result<void> check_version(GgufByteReader& reader) {
  PENFIELD_TRY(const auto version, reader.number<std::uint32_t>("the version"));
  if (version == 2 || version == 3) return {};
  if ((version & 0xffffu) == 0) {
    return bad_input(
        "{}: a GGUF file of big-endian numbers, which Penfield does not read; convert it with "
        "gguf-py's gguf_convert_endian.py",
        reader.path());
  }
  return bad_input("{}: GGUF version {}; Penfield reads versions 2 and 3", reader.path(), version);
}

Result<std::uint64_t> read_alignment(const GgufMetadata& metadata) {
  PENFIELD_TRY(const std::optional<std::uint32_t> alignment, metadata.find_u32(kAlignmentKey));
  const std::uint64_t value = alignment.value_or(kDefaultAlignment);
  if (value == 0 || value % 8 != 0 || value > kMaxAlignment) {
    return bad_input("{}: key '{}': {} is not a multiple of 8 between 8 and {}", metadata.path(),
                     kAlignmentKey, value, kMaxAlignment);
  }
  return value;
}

template <class... Args>
tl::unexpected<Error> refuse_tensor(std::string_view path, std::string_view name,
                                    fmt::format_string<Args...> why, Args&&... args) {
  return bad_input("{}: tensor '{}': {}", path, message_text(name),
                   fmt::format(why, std::forward<Args>(args)...));
}

Result<Dtype> read_dtype(GgufByteReader& reader, std::string_view name) {
  PENFIELD_TRY(const auto number, reader.number<std::uint32_t>("a tensor's type"));
  const auto type = std::find_if(kGgmlTypes.begin(), kGgmlTypes.end(),
                                 [&](const GgmlType& t) { return t.number == number; });
  if (type == kGgmlTypes.end()) return refuse_tensor(reader.path(), name, "its type {} is unknown", number);
  if (!type->dtype) {
    return refuse_tensor(
        reader.path(), name,
        "its type {} is not supported; use a file of F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, "
        "Q2_K to Q6_K, IQ4_NL, IQ4_XS or MXFP4",
        type->name);
  }
  return *type->dtype;
}

Result<void> measure(TensorInfo& info, std::string_view path) {
  std::optional<std::uint64_t> n_values = 1;
  for (const std::uint64_t n : info.dims) {
    if (n == 0) return refuse_tensor(path, info.name, "one of its dimensions is 0");
    n_values = n_values ? checked_mul(*n_values, n) : std::nullopt;
  }
  const DtypeBlock block = dtype_block(info.dtype);
  if (info.dims.front() % block.n_values != 0) {
    return refuse_tensor(path, info.name,
                         "its rows of {} values are not a whole number of blocks of {} (type {})",
                         info.dims.front(), block.n_values, dtype_name(info.dtype));
  }
  const auto n_bytes = n_values ? dtype_bytes(info.dtype, *n_values) : std::nullopt;
  if (!n_bytes) return refuse_tensor(path, info.name, "its dimensions have more values than a file can hold");
  info.n_bytes = *n_bytes;
  return {};
}

Result<TensorInfo> read_info(GgufByteReader& reader, std::uint64_t alignment) {
  TensorInfo info;
  PENFIELD_TRY(info.name, reader.string("a tensor's name"));
  if (info.name.empty() || info.name.size() > kMaxNameBytes) {
    return refuse_tensor(reader.path(), info.name, "its name has {} bytes, but must have 1 to {}",
                         info.name.size(), kMaxNameBytes);
  }
  PENFIELD_TRY(const auto rank, reader.number<std::uint32_t>("a tensor's number of dimensions"));
  if (rank == 0 || rank > kMaxRank) {
    return refuse_tensor(reader.path(), info.name, "it has {} dimensions, but must have 1 to {}", rank,
                         kMaxRank);
  }
  for (std::uint32_t i = 0; i < rank; ++i) {
    PENFIELD_TRY(const auto n, reader.number<std::uint64_t>("a tensor's dimensions"));
    info.dims.push_back(n);
  }
  PENFIELD_TRY(info.dtype, read_dtype(reader, info.name));
  PENFIELD_TRY(info.offset, reader.number<std::uint64_t>("a tensor's offset"));
  if (info.offset % alignment != 0) {
    return refuse_tensor(reader.path(), info.name, "its data begin at {}, which is not a multiple of {}",
                         info.offset, alignment);
  }
  PENFIELD_TRY_VOID(measure(info, reader.path()));
  return info;
}

Result<std::vector<TensorInfo>> read_infos(GgufByteReader& reader, std::uint64_t n_tensors,
                                           std::uint64_t alignment) {
  if (n_tensors > reader.n_left() / kMinInfoBytes) {
    return bad_input("{}: {} tensors are more than the file can hold", reader.path(), n_tensors);
  }
  std::vector<TensorInfo> infos;
  infos.reserve(static_cast<std::size_t>(n_tensors));
  for (std::uint64_t i = 0; i < n_tensors; ++i) {
    PENFIELD_TRY(TensorInfo info, read_info(reader, alignment));
    infos.push_back(std::move(info));
  }
  return infos;
}

std::uint64_t aligned(std::uint64_t at, std::uint64_t alignment) {
  return (at + alignment - 1) / alignment * alignment;
}

// Sorted by place, every tensor must begin where the one before ends, but for padding; the first at 0, and
// the last end with the file.
Result<void> check_layout(std::vector<TensorInfo>& infos, std::uint64_t data_bytes, std::uint64_t alignment,
                          std::string_view path) {
  std::sort(infos.begin(), infos.end(),
            [](const TensorInfo& a, const TensorInfo& b) { return a.offset < b.offset; });
  std::uint64_t end = 0;
  for (const TensorInfo& info : infos) {
    if (info.offset > data_bytes || info.n_bytes > data_bytes - info.offset) {
      return refuse_tensor(
          path, info.name,
          "its data are {} bytes from {} on, but the file holds {} bytes of data; it is incomplete",
          info.n_bytes, info.offset, data_bytes);
    }
    const std::uint64_t expected = aligned(end, alignment);
    if (info.offset < expected) {
      return refuse_tensor(path, info.name, "its data at {} overlap those of another tensor", info.offset);
    }
    if (info.offset > expected) {
      return refuse_tensor(path, info.name, "the {} bytes before its data belong to no tensor",
                           info.offset - expected);
    }
    end = info.offset + info.n_bytes;
  }
  if (data_bytes > aligned(end, alignment)) {
    return bad_input("{}: {} bytes follow the last tensor{}", path, data_bytes - end,
                     infos.empty() ? std::string() : fmt::format(" '{}'", message_text(infos.back().name)));
  }
  return {};
}

}  // namespace

Result<GgufHeader> parse_gguf(std::span<const std::byte> file, std::string_view path) {
  GgufByteReader reader(file, path);
  const auto magic = reader.bytes(kMagic.size(), "the magic number");
  if (!magic || std::memcmp(magic->data(), kMagic.data(), kMagic.size()) != 0) {
    return bad_input("{}: not a GGUF file: it does not begin with \"GGUF\"", path);
  }
  PENFIELD_TRY_VOID(check_version(reader));
  PENFIELD_TRY(const auto n_tensors, reader.number<std::uint64_t>("the number of tensors"));
  PENFIELD_TRY(const auto n_pairs, reader.number<std::uint64_t>("the number of key-value pairs"));
  GgufHeader header;
  PENFIELD_TRY(header.metadata, read_metadata(reader, n_pairs));
  PENFIELD_TRY(const std::uint64_t alignment, read_alignment(header.metadata));
  PENFIELD_TRY(std::vector<TensorInfo> infos, read_infos(reader, n_tensors, alignment));

  const std::uint64_t data_begin =
      std::min<std::uint64_t>(aligned(reader.position(), alignment), file.size());
  const auto data = file.subspan(static_cast<std::size_t>(data_begin));
  PENFIELD_TRY_VOID(check_layout(infos, data.size(), alignment, path));
  for (const TensorInfo& info : infos) {
    Tensor tensor;
    tensor.name = info.name;
    tensor.dtype = info.dtype;
    tensor.shape.assign(info.dims.rbegin(), info.dims.rend());
    tensor.bytes =
        data.subspan(static_cast<std::size_t>(info.offset), static_cast<std::size_t>(info.n_bytes));
    tensor.file = path;
    header.tensors.push_back(std::move(tensor));
  }
  sort_by_name(header.tensors);
  if (const Tensor* twice = find_duplicate(header.tensors))
    return refuse_tensor(path, twice->name, "it is in the file twice");
  return header;
}

}  // namespace penfield::formats
