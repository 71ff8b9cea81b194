#include "penfield/store/token_field.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace penfield::store {
namespace {

// What pandas.read_csv takes for no value (pandas 2.2, keep_default_na), less the empty text. "NA" is R's
// too.
constexpr std::array<std::string_view, 18> kMissing = {
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A",      "NA",  "NULL",    "NaN",      "None", "n/a",  "nan",    "null"};

std::string marked(std::string_view word) {
  return fmt::format("‹{:02X}›{}", static_cast<unsigned char>(word[0]), word.substr(1));
}

}  // namespace

std::string token_field(std::string_view token) {
  return std::ranges::find(kMissing, token) == kMissing.end() ? std::string(token) : marked(token);
}

std::string token_of_field(std::string_view field) {
  if (!field.starts_with("‹")) return std::string(field);
  const auto* const word =
      std::ranges::find_if(kMissing, [&](std::string_view missing) { return marked(missing) == field; });
  return std::string(word == kMissing.end() ? field : *word);
}

}  // namespace penfield::store
