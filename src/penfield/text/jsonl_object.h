// The two fields of a JSON object that a row of JSON Lines is read for.
//
// Other fields are passed over: their strings may hold what no Unicode string holds (a lone surrogate), their
// numbers may be NaN. Rows as they are published have such fields, and a strict reader would refuse a whole
// corpus for them. Brackets and strings must still close, so that the end of every value is certain.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/text/corpus.h"

namespace penfield::text {

struct JsonlObject {
  std::string text;
  std::string title;                   // empty where it is missing or no string
  std::uint64_t n_bytes_replaced = 0;  // of lone surrogates, three bytes each, with InvalidUtf8::kReplace
};

// row: one object, and white space. kBadInput, without the place of the row: no such object, `text` missing,
// no string, or there twice, or a lone surrogate in it (with InvalidUtf8::kRefuse).
[[nodiscard]] Result<JsonlObject> read_jsonl_object(std::string_view row, InvalidUtf8 invalid_utf8);

}  // namespace penfield::text
