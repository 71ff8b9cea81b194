// model_loss MODEL IDS WINDOW: nats a token of windows of token ids, a line each: for
// tools/check_gguf_loss.py, which compares them with transformers'. IDS: a file of little-endian uint32; what
// is left of a last window is not used.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <string_view>
#include <vector>

#include "penfield/formats/mapped_file.h"
#include "penfield/model/model.h"

namespace penfield {
namespace {

Result<void> print_losses(const std::string& path, const std::string& ids_path, std::size_t window) {
  PENFIELD_TRY(const model::Model model, model::Model::open(path));
  PENFIELD_TRY(const formats::MappedFile file, formats::MappedFile::open(ids_path));
  std::vector<TokenId> ids(file.bytes().size() / sizeof(TokenId));
  std::memcpy(ids.data(), file.bytes().data(), ids.size() * sizeof(TokenId));
  auto buffers = model.make_buffers(window);
  for (std::size_t first = 0; first + window <= ids.size(); first += window) {
    PENFIELD_TRY(const std::vector<double> losses,
                 model.next_token_losses(std::span(ids).subspan(first, window), buffers));
    const double sum = std::accumulate(losses.begin(), losses.end(), 0.0);
    std::printf("%s\n", fmt::format("{:.9f}", sum / static_cast<double>(losses.size())).c_str());
  }
  return {};
}

}  // namespace
}  // namespace penfield

int main(int argc, char** argv) {
  std::size_t window = 0;
  if (argc == 4) std::from_chars(argv[3], argv[3] + std::strlen(argv[3]), window);
  if (window < 2) {
    std::fprintf(stderr, "usage: model_loss MODEL IDS WINDOW\n");
    return 2;
  }
  const auto printed = penfield::print_losses(argv[1], argv[2], window);
  if (!printed) std::fprintf(stderr, "model_loss: %s\n", printed.error().message.c_str());
  return printed ? 0 : 3;
}
