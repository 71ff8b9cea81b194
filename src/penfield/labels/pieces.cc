#include "penfield/labels/pieces.h"

#include <algorithm>
#include <array>

namespace penfield::labels {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"first", "all",
                                                    "last"};  // in the order of the enumerators

}  // namespace

std::string_view pieces_name(Pieces pieces) {
  return kNames.at(static_cast<std::size_t>(pieces));
}

std::optional<Pieces> parse_pieces(std::string_view name) {
  const auto* const at = std::find(kNames.begin(), kNames.end(), name);
  if (at == kNames.end()) return std::nullopt;
  return static_cast<Pieces>(at - kNames.begin());
}

void mark_word(const tokens::TokenStream& stream, std::size_t document, spelling::Span word, Pieces pieces,
               std::span<Label> labels) {
  const auto n_tokens_before = static_cast<std::ptrdiff_t>(stream.document_first[document]);
  const auto n_tokens_to_end = static_cast<std::ptrdiff_t>(stream.document_first[document + 1]);
  const auto first = static_cast<std::size_t>(std::upper_bound(stream.end_bytes.begin() + n_tokens_before,
                                                               stream.end_bytes.begin() + n_tokens_to_end,
                                                               word.begin_bytes) -
                                              stream.end_bytes.begin());
  const auto end = static_cast<std::size_t>(std::lower_bound(stream.begin_bytes.begin() + n_tokens_before,
                                                             stream.begin_bytes.begin() + n_tokens_to_end,
                                                             word.end_bytes) -
                                            stream.begin_bytes.begin());
  for (std::size_t t = first; t < end; ++t) {
    const bool wanted = pieces == Pieces::kAll || t == (pieces == Pieces::kFirst ? first : end - 1);
    if (wanted) {
      labels[t] = Label::kTarget;
    } else if (labels[t] == Label::kOther) {
      labels[t] = Label::kExcluded;
    }
  }
}

}  // namespace penfield::labels
