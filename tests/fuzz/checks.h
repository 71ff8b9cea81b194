// What the readers share: messages of results, and uses of what was read.
#pragma once

#include <string>
#include <string_view>

#include "penfield/base/check.h"
#include "penfield/base/result.h"
#include "penfield/tokens/spec.h"

namespace penfield::fuzz {

template <class T>
std::string message_of(const Result<T>& result) {
  return result ? "" : result.error().message;
}

// Cuts a text into tokens, which must cover it; aborts where they do not.
void check_tokenizer(tokens::Spec spec);

// `write` of what `read` makes of the bytes is read again, and written, as the same bytes.
template <class Read, class Write>
std::string read_and_write(std::string_view bytes, const Read& read, const Write& write) {
  const auto first = read(bytes);
  if (!first) return first.error().message;
  const std::string written = write(*first);
  const auto second = read(written);
  PENFIELD_CHECK(second.has_value());
  PENFIELD_CHECK(write(*second) == written);
  return "";
}

}  // namespace penfield::fuzz
