// Tokenizers of every kind as the commands meet them: which files are a model, what --encode and --special
// change, and a vocabulary larger than the model's embeddings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "files.h"
#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kGoldens = "tests/golden/tokens/tokenizers/";

// A folder with a tokenizer.json of the goldens alone.
void make_tokenizer(const TempFolder& folder, const std::string& name) {
  write_file(folder / "tokenizer.json", read_file(kGoldens + name + ".json"));
}

std::string tokens_of(const std::string& model, const std::string& text,
                      const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {"tokenize", "-m", model};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const CommandResult result = run(arguments, {.standard_input = text});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return result.out;
}

std::size_t n_words(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), ' '));
}

TEST(Tokenizers, TokenizerJsonAloneIsAModelOfTokenizeAndLabel) {
  for (const std::string name : {"llama3", "gemma", "neox"}) {
    const TempFolder folder;
    make_tokenizer(folder, name);
    EXPECT_GT(n_words(tokens_of(folder.path(), "We met Anna in Paris.\n")), 4U) << name;
    const CommandResult labels =
        run({"label", "-m", folder.path(), "-t", "-", "--format", "tsv", "--pieces", "all"},
            {.standard_input = "We met Anna in Paris.\n"});
    ASSERT_EQ(labels.exit_code, 0) << labels.err;
    const Table table = parse_tsv(labels.out);
    std::string target;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      if (table.at(row, "label") == "1") target += table.at(row, "token");
    }
    for (std::size_t at; (at = target.find("·")) != std::string::npos;)
      target.erase(at, 2);  // in either neighbour
    EXPECT_EQ(target, "AnnaParis") << name;
  }
}

TEST(Tokenizers, ADocumentIsOneTextUnlessRowsAreAskedFor) {
  const TempFolder folder;
  make_tokenizer(folder, "gemma");
  write_file(folder / "text.jsonl", "{\"text\": \"a dog\\n\\nParis\"}\n");
  const std::vector<std::string> file = {"-t", folder / "text.jsonl"};
  const std::string whole = tokens_of(folder.path(), "", file);
  const std::string rows = tokens_of(folder.path(), "", {"-t", folder / "text.jsonl", "--encode", "rows"});
  EXPECT_EQ(n_words(rows), n_words(whole) + 1);  // "\n\n" is one token, and here two
  EXPECT_EQ(whole, tokens_of(folder.path(), "", {"-t", folder / "text.jsonl", "--encode", "documents"}));
}

TEST(Tokenizers, SpecialTokensAreTokensUnlessTextIsAskedFor) {
  const std::string text = "An end.<|endoftext|> More.\n";
  EXPECT_LT(n_words(tokens_of("models/demo", text)) + 4,
            n_words(tokens_of("models/demo", text, {"--special", "text"})));
}

TEST(Tokenizers, OptionsAreRecordedAndTheStudyKeepsItsRows) {
  const TempFolder folder;
  const auto options = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {
        "scan",     "-m", "models/demo", "-t",  "data/demo/articles.txt", "--force", "-o", folder / "result",
        "--layers", "0",  "--format",    "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return nlohmann::json::parse(read_file(folder / "result/run.json"))["options"];
  };
  const nlohmann::json robust = options({"--special", "text"});
  EXPECT_EQ(robust["encode"], "documents");
  EXPECT_EQ(robust["special"], "text");
  const nlohmann::json study = options({"--profile", "study"});
  EXPECT_EQ(study["encode"], "rows");
  EXPECT_EQ(study["special"], "token");
}

TEST(Tokenizers, ATokenizerThatDoesSomethingUnknownIsRefusedByName) {
  const TempFolder folder;
  nlohmann::json file = nlohmann::json::parse(read_file(kGoldens + "llama3.json"));
  file["normalizer"] = {{"type", "Lowercase"}};
  write_file(folder / "tokenizer.json", file.dump());
  const CommandResult result = run({"tokenize", "-m", folder.path()}, {.standard_input = "a\n"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err_lines(), ElementsAre(AllOf(HasSubstr("tokenizer.json"), HasSubstr("Lowercase"))));
}

// A vocabulary with one token more than the model has embeddings.
class LargeVocabulary : public ::testing::Test {
 protected:
  void SetUp() override {
    make_planted_model(folder_.path());
    const std::size_t n = nlohmann::json::parse(read_file(folder_ / "vocab.json")).size();
    write_file(folder_ / "added_tokens.json", nlohmann::json({{"<new>", n}}).dump());
    nlohmann::json config = nlohmann::json::parse(read_file(folder_ / "config.json"));
    ASSERT_EQ(config["vocab_size"], n);
    std::string text;
    for (int i = 0; i < 40; ++i)
      text += "the word " + std::to_string(i) + " and Anna with Bert went on to Paris\n\n";
    write_file(folder_ / "plain.txt", text);
    write_file(folder_ / "new.txt", text + "a <new> word\n");
  }
  CommandResult run_on(std::vector<std::string> arguments, const std::string& text) {
    arguments.insert(arguments.end(), {"-m", folder_.path(), "-t", folder_ / text, "--window", "16"});
    return run(arguments);
  }

  TempFolder folder_;
};

TEST_F(LargeVocabulary, RunsWithANoteAndIsRefusedWhereTheTokenStands) {
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"loss"},
        {"activations", "--layers", "0", "--force", "-o", folder_ / "X.npy"},
        {"scan", "--profile", "descriptive", "-c", "words:and,on", "--discovery", "9", "--held-out", "9",
         "--force", "-o", folder_ / "result"}}) {
    const CommandResult good = run_on(command, "plain.txt");
    EXPECT_EQ(good.exit_code, 0) << command[0] << good.err;
    EXPECT_THAT(good.err + good.out, HasSubstr("embeddings for the first")) << command[0];
    const CommandResult bad = run_on(command, "new.txt");
    EXPECT_EQ(bad.exit_code, 3) << command[0];
    EXPECT_THAT(bad.err, AllOf(HasSubstr("<new> (id "), HasSubstr("embeddings"))) << command[0];
  }
}

}  // namespace
}  // namespace penfield::cli
