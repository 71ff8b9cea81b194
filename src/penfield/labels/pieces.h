// Words -> tokens. A word marked in the text may be one token, several tokens, or part of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "penfield/labels/label_track.h"
#include "penfield/spelling/words.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::labels {

// Which tokens of a target word are targets. At the first piece the model has not yet seen the rest; at the
// last it has read the whole word.
enum class Pieces : std::uint8_t { kFirst, kAll, kLast };

[[nodiscard]] std::string_view pieces_name(Pieces pieces);  // "first", "all", "last"
[[nodiscard]] std::optional<Pieces> parse_pieces(std::string_view name);

// Marks the tokens of `document` that share a byte with `word`: kTarget those that `pieces` selects,
// kExcluded the others. A token shared by two words is a target if either word selects it.
//   labels  [n_tokens of the stream]
void mark_word(const tokens::TokenStream& stream, std::size_t document, spelling::Span word, Pieces pieces,
               std::span<Label> labels);

}  // namespace penfield::labels
