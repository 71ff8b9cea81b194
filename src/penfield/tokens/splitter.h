// Cuts a text into the pieces inside which tokens may be merged ("pre-tokenisation").
//
// A tokenizer's file names its pattern as a regular expression. The expressions of the families that Penfield
// runs are known by their exact text (kPatterns in splitter.cc), and each is scanned by hand over the classes
// of char_class.h, in time linear in the text: a regex engine backtracks. Any other expression is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace penfield::tokens {

enum class Splitter : std::uint8_t {
  kNone,       // the whole text is one piece: SentencePiece (Llama 2, Mistral, Gemma, Phi 3)
  kGpt2,       // GPT-2, GPT-Neo, OPT, GPT-NeoX (Pythia), SmolLM 2
  kLlama3,     // Llama 3, SmolLM 3, OLMo 2 and others with the pattern of cl100k: numbers in groups of three
  kQwen2,      // Qwen 2, 2.5 and 3: as Llama 3, each digit by itself
  kMetaspace,  // a piece begins at every "▁"
};

// The splitter of a regular expression of the file; nullopt: not known.
[[nodiscard]] std::optional<Splitter> splitter_of_pattern(std::string_view regex);

// The byte after the piece that begins at `begin` < text.size(). The patterns look ahead, never back, so a
// text is cut by calling this from 0 on.
[[nodiscard]] std::size_t piece_end(Splitter splitter, std::string_view text, std::size_t begin);

// The byte after the stretch from `begin` on that holds no number, or after the number that stands at
// `begin`: the pre-tokeniser Digits of SmolLM 2, which cuts out every digit before the splitter runs.
[[nodiscard]] std::size_t digits_end(std::string_view text, std::size_t begin);

}  // namespace penfield::tokens
