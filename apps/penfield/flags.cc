#include "flags.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace penfield::app {

text::TextOptions TextFlags::options() const {
  text::TextOptions options;
  options.min_row_length = min_row_length.value_or(0);
  options.max_rows = rows;
  options.invalid_utf8 = replace_invalid ? text::InvalidUtf8::kReplace : text::InvalidUtf8::kRefuse;
  return options;
}

void add_text_flags(CLI::App& command, TextFlags& flags, bool required) {
  CLI::Option* paths = command.add_option(
      "-t,--text", flags.paths, "text: plain, .jsonl, .conllu, each also .gz or .zst; - is standard input");
  if (required) paths->required();
  command
      .add_option("--min-row-length", flags.min_row_length,
                  "leave out rows (lines) of plain text shorter than this")
      ->check(whole_number(0));
  command.add_option("--rows", flags.rows, "only the first so many rows")->check(whole_number(1));
  command.add_flag("--replace-invalid", flags.replace_invalid,
                   "replace invalid UTF-8 by U+FFFD, and count it");
}

void add_model_flag(CLI::App& command, std::string& model) {
  command
      .add_option("-m,--model", model,
                  "a folder in Hugging Face layout, a .gguf file, or OWNER/NAME[@REV][:FILE] of the hub")
      ->required();
}

void add_pieces_flag(CLI::App& command, labels::Pieces& pieces) {
  command
      .add_option_function<std::string>(
          "--pieces", [&pieces](const std::string& word) { pieces = *labels::parse_pieces(word); },
          "tokens of a target word that count (words, upos, xpos); default first")
      ->check(one_of({"first", "all", "last"}));
}

void add_site_flags(CLI::App& command, std::optional<Site>& site, std::string& layers) {
  std::vector<std::string> names;
  names.reserve(kModelSites.size());
  for (const Site model_site : kModelSites) names.emplace_back(site_name(model_site));
  command
      .add_option_function<std::string>(
          "--site", [&site](const std::string& word) { site = *parse_site(word); },
          "where to read; default mlp.pre, or mlp.post where the MLP is gated")
      ->check(one_of(names));
  command.add_option("--layers", layers, "all (default), 18 or 0-5,23");
}

void add_output_flags(CLI::App& command, OutputFlags& flags, const std::string& what) {
  command.add_option("-o,--output", flags.path, what);
  command.add_flag("--force", flags.force, "replace what is there");
}

CLI::Validator one_of(std::vector<std::string> words) {
  const std::string list = fmt::format("{}", fmt::join(words, "|"));
  return CLI::Validator(
      [words = std::move(words), list](const std::string& word) {
        const bool known = std::find(words.begin(), words.end(), word) != words.end();
        return known ? std::string() : fmt::format("'{}' is none of {}", word, list);
      },
      list);
}

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  return CLI::Validator(
      [least, most](const std::string& word) {
        std::uint64_t value = 0;
        const char* end = word.data() + word.size();
        const auto [rest, error] = std::from_chars(word.data(), end, value);
        const bool good = error == std::errc() && rest == end && value >= least && value <= most;
        if (good) return std::string();
        if (most < kAnyNumber) return fmt::format("'{}' is no whole number from {} to {}", word, least, most);
        return fmt::format("'{}' is no whole number of {} or more", word, least);
      },
      "N");
}

}  // namespace penfield::app
