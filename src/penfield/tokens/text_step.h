// Changes of a text before it is split and merged, each with the way back: the normaliser of a tokenizer
// (NFC, Replace, Prepend) and the space that some put before a text.
//
// Every token keeps its place in the text as it was given, so a step carries offsets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penfield::tokens {

struct TextStep {
  enum class Kind : std::uint8_t {
    kNfc,            // canonical composition (Unicode Standard Annex 15)
    kReplace,        // every `from` by `to`
    kPrepend,        // `to` before a text that is not empty
    kPrependUnless,  // the same, unless the text begins with it
    kPrependFirst,   // the same, and only where the document begins
  };
  Kind kind = Kind::kNfc;
  std::string from;
  std::string to;
};

// How many times longer a tokenizer's steps together can make a text: NFC 3, " " by "▁" 3. Readers refuse
// what makes it longer.
inline constexpr std::uint32_t kMostLengthening = 9;

// Where a text stands: what is put before a text is put before its beginning alone.
enum class Place : std::uint8_t {
  kDocumentBegin,
  kAfterToken,  // behind an added token, where a new text begins for the tokenizer
  kInside,      // goes on with the text before it
};

// A text after steps. ends[i]: how many bytes of the text before are covered by the first i bytes of `text`;
// ends.size() = text.size() + 1, not decreasing, ends.front() = 0. What a step inserts covers nothing; where
// it replaces m bytes by n, the k-th of them ends at byte min(k, m - 1), the last at m.
struct MappedText {
  std::string text;
  std::vector<std::uint32_t> ends;
};

// text: below 4 GiB, UTF-8 (bytes that are none stay as they are). nullopt: no step changes anything.
[[nodiscard]] std::optional<MappedText> apply_steps(const std::vector<TextStep>& steps, std::string_view text,
                                                    Place place);

}  // namespace penfield::tokens
