// planted_model: writes a GPT-2 checkpoint, in Hugging Face layout, of which it is known which units read
// capitals: those planted and no other. The tests of the whole chain find them; with --null there is nothing
// to find. With --tokenizer the weights are plain random numbers behind a real vocabulary, of any size: what
// the benchmarks run on.
//
//   planted_model --out model --shape 64,2,4,256 --planted L0.5,L1.17 --words 6000 --text text.txt
//   planted_model --out big --shape 1024,24,16,1024 --tokenizer gpt2-bpe
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "planted_lexicon.h"
#include "planted_weights.h"

namespace penfield::planted {
namespace {

struct Options {
  std::string out, tokenizer, text;
  std::vector<std::size_t> shape = {64, 2, 4, 256};
  std::vector<std::string> planted, planted_names;
  std::size_t n_words = 6000;
  bool null = false;
  TextPlan text_plan;
  Recipe recipe;
};

void declare(CLI::App& app, Options& options) {
  const std::map<std::string, Dtype> dtypes = {
      {"f32", Dtype::kF32}, {"f16", Dtype::kF16}, {"bf16", Dtype::kBf16}};
  app.add_option("--out", options.out, "folder to write")->required();
  app.add_option("--shape", options.shape, "width,layers,heads,context")->delimiter(',')->expected(4);
  app.add_option("--seed", options.recipe.seed, "of weights and text");
  app.add_option("--dtype", options.recipe.dtype, "f32, f16 or bf16")
      ->transform(CLI::CheckedTransformer(dtypes));
  auto* planted = app.add_option("--planted", options.planted, "units: L1.5,L2.17")->delimiter(',');
  app.add_flag("--null", options.null, "plant nothing")->excludes(planted);
  app.add_option("--gain", options.recipe.gain, "Cohen's d of a planted unit");
  auto* names = app.add_option("--planted-names", options.planted_names,
                               "units that read names and not capitals: L0.9; needs --sentences")
                    ->delimiter(',');
  auto* words = app.add_option("--words", options.n_words, "size of the lexicon");
  auto* text = app.add_option("--text", options.text, "text file to write");
  app.add_option("--documents", options.text_plan.n_documents, "of the text")->needs(text);
  app.add_option("--tokens-per-document", options.text_plan.tokens_per_document, "words, each used once")
      ->needs(text);
  app.add_option("--capitals", options.text_plan.share_capitalised, "share of words")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--sentences", options.text_plan.words_per_sentence,
                 "words of a sentence, whose first has a capital; other capitals are then names")
      ->needs(text);
  app.add_option("--tokenizer", options.tokenizer, "folder whose vocab.json and merges.txt are taken")
      ->check(CLI::ExistingDirectory)
      ->excludes(words)
      ->excludes(text)
      ->excludes(planted)
      ->excludes(names);
}

// Copies a tokenizer; returns the number of its tokens.
Result<std::size_t> copy_tokenizer(const std::filesystem::path& from, const std::filesystem::path& to) {
  for (const char* name : {"vocab.json", "merges.txt"}) {
    std::error_code error;
    std::filesystem::copy_file(from / name, to / name, std::filesystem::copy_options::overwrite_existing,
                               error);
    if (error) return io_error("{}: cannot be copied: {}", (from / name).string(), error.message());
    std::filesystem::permissions(to / name, std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add, error);
  }
  std::ifstream file(to / "vocab.json", std::ios::binary);
  const nlohmann::json vocab = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!vocab.is_object() || vocab.empty())
    return bad_input("{}: no JSON object", (from / "vocab.json").string());
  return vocab.size();
}

Result<void> write_text(const Lexicon& lexicon, const Options& options) {
  PENFIELD_TRY(const std::string text, make_text(lexicon, options.text_plan, options.recipe.seed));
  std::ofstream file(options.text, std::ios::binary);
  file << text;
  file.close();
  if (!file) return io_error("{}: cannot be written", options.text);
  return {};
}

Result<void> make(Options options) {
  options.recipe.shape = {options.shape[0], options.shape[1], options.shape[2], options.shape[3]};
  for (const std::string& name : options.planted) {
    PENFIELD_TRY(const UnitId unit, parse_unit(name));
    options.recipe.planted.push_back(unit);
  }
  for (const std::string& name : options.planted_names) {
    PENFIELD_TRY(const UnitId unit, parse_unit(name));
    options.recipe.planted_names.push_back(unit);
  }
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) return io_error("{}: cannot be made: {}", options.out, error.message());
  if (!options.tokenizer.empty()) {
    PENFIELD_TRY(options.recipe.shape.n_vocab, copy_tokenizer(options.tokenizer, options.out));
    return write_checkpoint(options.recipe, options.out);
  }
  PENFIELD_TRY(Lexicon lexicon, make_lexicon(options.n_words));
  PENFIELD_TRY_VOID(write_tokenizer(lexicon, options.out));
  if (!options.text.empty()) PENFIELD_TRY_VOID(write_text(lexicon, options));
  if (options.text_plan.words_per_sentence > 0) {
    for (std::size_t i = 0; i < lexicon.words.size(); ++i)
      if (is_name(i)) options.recipe.names.insert(capitalised(lexicon.words[i]));
  }
  options.recipe.shape.n_vocab = lexicon.tokens.size();
  options.recipe.tokens = std::move(lexicon.tokens);
  return write_checkpoint(options.recipe, options.out);
}

}  // namespace
}  // namespace penfield::planted

int main(int argc, char** argv) {
  penfield::planted::Options options;
  CLI::App app("Writes a GPT-2 checkpoint of which it is known which units read capitals.", "planted_model");
  penfield::planted::declare(app, options);
  CLI11_PARSE(app, argc, argv);
  if (const auto made = penfield::planted::make(std::move(options)); !made) {
    std::fprintf(stderr, "planted_model: %s\n", made.error().message.c_str());
    return made.error().kind == penfield::ErrorKind::kUsage ? 2 : 1;
  }
  return 0;
}
