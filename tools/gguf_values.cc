// gguf_values FILE: one line a tensor of a GGUF model: name, type, shape, CRC-32 of its values as float32.
// For tools/check_gguf.py, which compares them with another reader's.
#include <cstdio>
#include <vector>

#include <fmt/format.h>

#include "penfield/formats/crc32.h"
#include "penfield/formats/gguf/gguf_file.h"

namespace penfield {
namespace {

Result<void> print_values(const std::string& path) {
  PENFIELD_TRY(const formats::GgufFile file, formats::open_gguf(path));
  std::vector<float> values;
  for (const formats::Tensor& tensor : file.tensors.tensors()) {
    values.resize(static_cast<std::size_t>(tensor.n_values()));
    PENFIELD_TRY_VOID(formats::copy_to_float(tensor, values));
    std::printf("%s\n",
                fmt::format("{}\t{}\t{}\t{:08x}", tensor.name, formats::dtype_name(tensor.dtype),
                            fmt::join(tensor.shape, "x"), formats::crc32(std::as_bytes(std::span(values))))
                    .c_str());
  }
  return {};
}

}  // namespace
}  // namespace penfield

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: gguf_values FILE\n");
    return 2;
  }
  const auto printed = penfield::print_values(argv[1]);
  if (!printed) std::fprintf(stderr, "gguf_values: %s\n", printed.error().message.c_str());
  return printed ? 0 : 3;
}
