// penfield tokenize: the ids of a text, one document a line.
#include <fmt/format.h>

#include <iterator>
#include <memory>

#include "flags.h"
#include "hub_access.h"
#include "output.h"
#include "penfield/store/run_json.h"
#include "penfield/tokens/check_ids.h"
#include "penfield/tokens/tokenizer.h"

namespace penfield::app {
namespace {

struct TokenizeFlags {
  std::string model;
  TextFlags text;
  OutputFlags output;
};

Result<void> run(const TokenizeFlags& flags, const Globals& globals) {
  PENFIELD_TRY(const std::string folder, resolve_model_folder(flags.model, hub::Needs::kTokenizer, globals));
  PENFIELD_TRY(const tokens::Tokenizer tokenizer, tokens::Tokenizer::open(folder));
  const Watch watch({}, globals.stop);
  std::vector<std::string> paths = flags.text.paths;
  if (paths.empty()) paths.emplace_back("-");
  PENFIELD_TRY(const text::Corpus corpus, text::read_corpus(paths, flags.text.options(globals), watch));
  if (!globals.quiet) print_text_notes(corpus.n_rows_skipped, corpus.n_bytes_replaced);
  PENFIELD_TRY(const tokens::TokenStream stream,
               tokens::tokenize(tokenizer, corpus, flags.text.encode_options(), watch));
  if (!globals.quiet) {
    for (const std::string& note : tokens::notes_on(stream, tokenizer, tokenizer.vocab_size()))
      print_note(note);
  }
  PENFIELD_TRY(Output output, Output::open(flags.output.path, flags.output.force));
  const bool json = globals.format == OutputFormat::kJson;
  std::string line;
  for (std::size_t d = 0; d < stream.n_documents(); ++d) {
    line =
        json ? fmt::format(R"({{"schema_version":{},"document":{},"ids":[)", store::kSchemaVersion, d) : "";
    for (std::uint64_t t = stream.document_first[d]; t < stream.document_first[d + 1]; ++t) {
      if (t > stream.document_first[d]) line += json ? "," : " ";
      fmt::format_to(std::back_inserter(line), "{}", static_cast<std::uint32_t>(stream.ids[t]));
    }
    line += json ? "]}\n" : "\n";
    PENFIELD_TRY_VOID(output.write(line));
  }
  return output.close();
}

}  // namespace

void add_tokenize(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand("tokenize", "print the token ids of a text, one document per line");
  command->footer("penfield tokenize -m gpt2 -t text.txt");
  auto flags = std::make_shared<TokenizeFlags>();
  add_model_flag(*command, flags->model);
  add_text_flags(*command, flags->text, false);
  add_output_flags(*command, flags->output, "file to write; default: standard output");
  commands.push_back({.flags = command,
                      .run = [flags](const Globals& globals) { return run(*flags, globals); },
                      .limits_memory = true});
}

}  // namespace penfield::app
