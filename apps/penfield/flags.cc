#include "flags.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "choice_flag.h"

namespace penfield::app {

text::TextOptions TextFlags::options(const Globals& globals) const {
  text::TextOptions options;
  options.min_row_length = min_row_length.value_or(0);
  options.max_rows = rows;
  options.invalid_utf8 = replace_invalid ? text::InvalidUtf8::kReplace : text::InvalidUtf8::kRefuse;
  options.skip_invalid = skip_invalid;
  options.max_memory_bytes = globals.memory_bytes;
  return options;
}

tokens::EncodeOptions TextFlags::encode_options() const {
  return {encode.value_or(tokens::EncodeUnit::kDocuments), special};
}

void add_text_flags(CLI::App& command, TextFlags& flags, bool required) {
  start_group(command, "Model and text");
  CLI::Option* paths =
      command
          .add_option("-t,--text", flags.paths,
                      "text: plain, .jsonl, .conllu, each also .gz or .zst; - is standard input")
          ->check(not_empty("FILE"));
  if (required) paths->required();
  command
      .add_option("--min-row-length", flags.min_row_length,
                  "leave out rows (lines) of plain text with fewer characters than this")
      ->check(whole_number(0));
  command.add_option("--rows", flags.rows, "read only the first N rows")->check(whole_number(1));
  command.add_flag(
      "--replace-invalid", flags.replace_invalid,
      "replace invalid UTF-8 and unpaired \\u surrogates by U+FFFD and count them; default: refuse them");
  command.add_flag("--skip-invalid", flags.skip_invalid,
                   "leave out and count rows of JSON Lines without a text; default: refuse them");
  add_choice<tokens::EncodeUnit>(
      command, "--encode", flags.encode,
      {{"documents", tokens::EncodeUnit::kDocuments}, {"rows", tokens::EncodeUnit::kRows}},
      "what is tokenised as one text; default documents, with --profile study rows");
  add_choice<tokens::Special>(
      command, "--special", flags.special,
      {{"token", tokens::Special::kToken}, {"text", tokens::Special::kText}},
      "how a special token in the text, such as <|endoftext|>, is read: as that token (default), or as text");
}

CLI::Option* add_model_flag(CLI::App& command, std::string& model) {
  start_group(command, "Model and text");
  return command
      .add_option("-m,--model", model,
                  "folder in Hugging Face layout, .gguf file, or OWNER/NAME[@REV][:FILE] of the hub")
      ->required()
      ->check(not_empty("MODEL"));
}

void add_pieces_flag(CLI::App& command, labels::Pieces& pieces) {
  start_group(command, "Question");
  command
      .add_option_function<std::string>(
          "--pieces", [&pieces](const std::string& word) { pieces = *labels::parse_pieces(word); },
          "which tokens of a marked word are targets; default first")
      ->check(one_of({"first", "all", "last"}));
}

void add_bos_flag(CLI::App& command, tokens::BosPolicy& bos) {
  start_group(command, "Model and text");
  add_choice<tokens::BosPolicy>(
      command, "--bos", bos,
      {{"auto", tokens::BosPolicy::kAuto},
       {"always", tokens::BosPolicy::kAlways},
       {"never", tokens::BosPolicy::kNever}},
      "a beginning-of-sequence token before every window, which is no sample: auto (default) where the model "
      "was trained with it");
}

void add_site_flags(CLI::App& command, std::optional<Site>& site, std::string& layers, bool or_recorded) {
  start_group(command, "Question");
  std::vector<std::string> names;
  names.reserve(kModelSites.size());
  for (const Site model_site : kModelSites) names.emplace_back(site_name(model_site));
  if (or_recorded) names.emplace_back(site_name(Site::kRecorded));
  command
      .add_option_function<std::string>(
          "--site", [&site](const std::string& word) { site = *parse_site(word); },
          "where in a layer activations are read; default mlp.pre, or mlp.post where the MLP is gated")
      ->check(one_of(names));
  command.add_option("--layers", layers, "all (default), or a list such as 18 or 0-5,23")
      ->check(not_empty("LIST"));
}

void add_output_flags(CLI::App& command, OutputFlags& flags, const std::string& what) {
  start_group(command, "Output");
  command.add_option("-o,--output", flags.path, what)->check(not_empty("FILE"));
  command.add_flag("--force", flags.force, "replace the file if it exists");
}

CLI::Validator one_of(std::vector<std::string> words) {
  const std::string list = fmt::format("{}", fmt::join(words, "|"));
  return CLI::Validator(
      [words = std::move(words), list](const std::string& word) {
        const bool known = std::find(words.begin(), words.end(), word) != words.end();
        return known ? std::string() : fmt::format("'{}' is not one of {}", word, list);
      },
      list);
}

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  return CLI::Validator(
      [least, most](const std::string& word) {
        std::uint64_t value = 0;
        const char* end = word.data() + word.size();
        const auto [rest, error] = std::from_chars(word.data(), end, value);
        const bool leading_zero = word.size() > 1 && word.front() == '0';
        const bool good =
            error == std::errc() && rest == end && !leading_zero && value >= least && value <= most;
        if (good) return std::string();
        if (most < kAnyNumber)
          return fmt::format("'{}' is not a whole number from {} to {}", word, least, most);
        return fmt::format("'{}' is not a whole number of {} or more", word, least);
      },
      "N");
}

CLI::Validator positive_number() {
  return CLI::Validator(
      [](const std::string& word) {
        double value = 0;
        const char* end = word.data() + word.size();
        const auto [rest, error] = std::from_chars(word.data(), end, value);
        const bool good = error == std::errc() && rest == end && std::isfinite(value) && value > 0;
        return good ? std::string() : fmt::format("'{}' is not a number above 0", word);
      },
      "X");
}

CLI::Validator not_empty(const std::string& value) {
  return CLI::Validator(
      [](const std::string& word) {
        return word.empty() ? std::string("the value is empty") : std::string();
      },
      value);
}

}  // namespace penfield::app
