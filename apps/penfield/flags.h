// Flags that several commands share, each defined once.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "command.h"
#include "option_list.h"
#include "penfield/base/unit.h"
#include "penfield/labels/pieces.h"
#include "penfield/text/corpus.h"
#include "penfield/tokens/bos.h"
#include "penfield/tokens/tokenizer.h"

namespace penfield::app {

struct TextFlags {
  std::vector<std::string> paths;
  std::optional<std::uint64_t> min_row_length;
  std::optional<std::uint64_t> rows;
  bool replace_invalid = false;
  bool skip_invalid = false;
  std::optional<tokens::EncodeUnit> encode;
  tokens::Special special = tokens::Special::kToken;

  [[nodiscard]] text::TextOptions options(const Globals& globals) const;
  [[nodiscard]] tokens::EncodeOptions encode_options() const;
};

// -t/--text TEXT…, --min-row-length, --rows, --replace-invalid, --skip-invalid, --encode, --special.
void add_text_flags(CLI::App& command, TextFlags& flags, bool required);

// -m/--model; resolved by resolve_model_folder (hub_access.h).
CLI::Option* add_model_flag(CLI::App& command, std::string& model);

// --pieces first|all|last.
void add_pieces_flag(CLI::App& command, labels::Pieces& pieces);

// --bos auto|always|never.
void add_bos_flag(CLI::App& command, tokens::BosPolicy& bos);

// --site and --layers. or_recorded: the site may be "recorded", of activations that another program recorded.
void add_site_flags(CLI::App& command, std::optional<Site>& site, std::string& layers,
                    bool or_recorded = false);

struct OutputFlags {
  std::string path;
  bool force = false;
};

// -o/--output and --force.
void add_output_flags(CLI::App& command, OutputFlags& flags, const std::string& what);

// The value of a flag that is parsed by the room that knows it; its error, where it has one, ends the
// parsing.
template <class T>
T value_or_refuse(Result<T> value) {
  if (!value) throw CLI::ValidationError(value.error().message);
  return std::move(*value);
}

// A word of a fixed list, checked while parsing: one line that names the choices.
CLI::Validator one_of(std::vector<std::string> words);

inline constexpr std::uint64_t kAnyNumber = std::numeric_limits<std::uint64_t>::max();
// A number of decimal digits alone, without leading zeros, from `least` to `most`. CLI11 itself reads -1 as
// 2^64 - 1, and 0x10 and 010 as 16 and 8.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most = kAnyNumber);
// A decimal number above 0.
CLI::Validator positive_number();
// A name of a file or folder: anything but nothing at all. `value`: what help calls it.
CLI::Validator not_empty(const std::string& value);

}  // namespace penfield::app
