#include "penfield/activations/cover_windows.h"

#include <algorithm>

namespace penfield::activations {
namespace {

// Tokens first … end − 1, cut into windows.
void cut(std::uint32_t document, std::uint64_t first, std::uint64_t end, std::uint32_t length,
         std::vector<sample::Window>& windows) {
  for (std::uint64_t t = first; t < end; t += length) {
    const auto n = std::min<std::uint64_t>(length, end - t);
    windows.push_back({sample::Split::kDiscovery, document, t, static_cast<std::uint32_t>(n)});
  }
}

}  // namespace

std::vector<sample::Window> cover_windows(const tokens::TokenStream& stream, std::uint32_t length,
                                          bool joined) {
  std::vector<sample::Window> windows;
  if (joined) {
    cut(0, 0, stream.n_tokens(), length, windows);
    return windows;
  }
  for (std::uint32_t d = 0; d < stream.n_documents(); ++d)
    cut(d, stream.document_first[d], stream.document_first[d + 1], length, windows);
  return windows;
}

}  // namespace penfield::activations
