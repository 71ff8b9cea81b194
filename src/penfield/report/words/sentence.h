// A sentence whose numbers can be set bold and whose units can be links.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace penfield::report {

struct Part {
  enum class Kind : std::uint8_t {
    kText,
    kStrong,  // a number that carries the sentence
    kUnit,    // the name of a unit
    kSign,    // "+" or "−": the sign of a direction, which the page shows as ▲ or ▼
  };
  Kind kind = Kind::kText;
  std::string text;
  bool operator==(const Part&) const = default;
};
using Sentence = std::vector<Part>;

[[nodiscard]] inline Part said(std::string words) {
  return {Part::Kind::kText, std::move(words)};
}
[[nodiscard]] inline Part strong(std::string words) {
  return {Part::Kind::kStrong, std::move(words)};
}

// The parts one after the other, as plain text.
[[nodiscard]] inline std::string plain(const Sentence& sentence) {
  std::string out;
  for (const Part& part : sentence) out += part.text;
  return out;
}

}  // namespace penfield::report
