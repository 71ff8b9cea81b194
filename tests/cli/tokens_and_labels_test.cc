// `tokenize` and `label`: which tokens a text has, and which of them a concept marks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "files.h"
#include "penfield/base/sanitized_for_tests.h"
#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kModel = "models/demo";

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

// label's table of `text`, read from standard input.
Table label(const std::string& text, const std::string& rule, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {"label", "-m", kModel, "-t", "-", "-c", rule, "--format", "tsv"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const CommandResult result = run(arguments, {.standard_input = text});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return parse_tsv(result.out);
}

// The tokens that are marked, joined by '|'.
std::string targets(const Table& table) {
  std::string out;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (table.at(row, "label") == "1") out += (out.empty() ? "" : "|") + table.at(row, "token");
  }
  return out;
}

TEST(Tokenize, OneDocumentALine) {
  const CommandResult result =
      run({"tokenize", "-m", kModel}, {.standard_input = "The cat sat.\n\nA dog ran.\n"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::istringstream lines(result.out);
  std::string first, second, third;
  EXPECT_TRUE(std::getline(lines, first));
  EXPECT_TRUE(std::getline(lines, second));
  EXPECT_FALSE(std::getline(lines, third)) << third;
  EXPECT_THAT(words_of(first), SizeIs(::testing::Gt(3)));
  for (const std::string& id : words_of(first + " " + second)) {
    EXPECT_EQ(id.find_first_not_of("0123456789"), std::string::npos) << id;
  }
}

TEST(Tokenize, AFolderWithTheTokenizerAloneIsAModel) {
  const TempFolder folder;
  write_file(folder / "vocab.json", read_file(std::string(kModel) + "/vocab.json"));
  write_file(folder / "merges.txt", read_file(std::string(kModel) + "/merges.txt"));
  const Surroundings text = {.standard_input = "Some words here.\n"};
  const CommandResult alone = run({"tokenize", "-m", folder.path()}, text);
  EXPECT_EQ(alone.exit_code, 0) << alone.err;
  EXPECT_EQ(alone.out, run({"tokenize", "-m", kModel}, text).out);
}

TEST(Tokenize, AFileAndStandardInputGiveTheSame) {
  const TempFolder folder;
  const std::string text = "One line of text.\nAnd a second — with a dash.\n";
  write_file(folder / "text.txt", text);
  const CommandResult from_file = run({"tokenize", "-m", kModel, "-t", folder / "text.txt"});
  EXPECT_EQ(from_file.exit_code, 0) << from_file.err;
  EXPECT_EQ(from_file.out, run({"tokenize", "-m", kModel, "-t", "-"}, {.standard_input = text}).out);
}

TEST(Tokenize, OneMillionOfTheSameIsDoneInASecond) {
  for (const std::string unit : {"x", "^", " ", "\xF0\x9F\x98\x80"}) {
    std::string text;
    while (text.size() < 1'000'000) text += unit;
    const auto start = std::chrono::steady_clock::now();
    const CommandResult result =
        run({"tokenize", "-m", kModel, "--min-row-length", "0"}, {.standard_input = text});
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    EXPECT_EQ(result.exit_code, 0) << unit << ": " << result.err;
    EXPECT_THAT(words_of(result.out), ::testing::Not(IsEmpty())) << unit;
    EXPECT_LT(seconds, 4.0 * kSanitizerFactor)
        << unit << ": the bound is one second on a machine that does nothing else";
  }
}

TEST(Label, HeaderAndOrderAreThoseOfTheText) {
  const Table table = label("We met Anna today.\n\nThen we met Bert.\n", "proper-noun");
  EXPECT_THAT(table.header, ElementsAre("document", "position", "token_id", "token", "label"));
  ASSERT_GT(table.rows.size(), 6U);
  EXPECT_EQ(table.at(0, "document"), "0");
  EXPECT_EQ(table.at(0, "position"), "0");
  EXPECT_EQ(table.at(table.rows.size() - 1, "document"), "1");
  for (std::size_t row = 1; row < table.rows.size(); ++row) {
    const bool same = table.at(row, "document") == table.at(row - 1, "document");
    EXPECT_EQ(table.number(row, "position"), same ? table.number(row - 1, "position") + 1 : 0.0) << row;
  }
}

TEST(Label, IdsAreThoseOfTokenize) {
  const std::string text = "We met Anna and Bert in the old town.\n";
  const Table table = label(text, "proper-noun");
  std::vector<std::string> ids;
  for (std::size_t row = 0; row < table.rows.size(); ++row) ids.push_back(table.at(row, "token_id"));
  EXPECT_EQ(ids, words_of(run({"tokenize", "-m", kModel}, {.standard_input = text}).out));
}

// Both rules read tokens, so what they mark of a word that is cut depends on the vocabulary; the planted one
// has every word of its text whole.
TEST(Label, PlantedCapitalsAreTheTargetsOfBothRules) {
  const TempFolder folder;
  make_planted_model(folder.path(),
                     {"--text", folder / "text.txt", "--documents", "2", "--tokens-per-document", "500"});
  for (const char* rule : {"proper-noun", "proper-noun-study"}) {
    const CommandResult result =
        run({"label", "-m", folder.path(), "-t", folder / "text.txt", "-c", rule, "--format", "tsv"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const Table table = parse_tsv(result.out);
    ASSERT_EQ(table.rows.size(), 1002U);
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      const std::string token = table.at(row, "token");
      const bool is_capital = token.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos;
      // The two rules part at the beginning of the second document: to the study, the newline before it ends
      // nothing.
      if (table.at(row, "position") == "0" && row > 0 && std::string(rule) == "proper-noun-study") continue;
      EXPECT_EQ(table.at(row, "label"), is_capital && table.at(row, "position") != "0" ? "1" : "0")
          << row << token;
    }
  }
}

TEST(Label, SentenceStartsAreNoTargets) {
  const std::string marked =
      targets(label("Yes. He saw Anna? No! They saw: Bert\nAll of it.\n", "proper-noun"));
  EXPECT_THAT(marked, AllOf(HasSubstr("B"), HasSubstr("A")));
  EXPECT_THAT(marked, AllOf(::testing::Not(HasSubstr("He")), ::testing::Not(HasSubstr("They")),
                            ::testing::Not(HasSubstr("No")), ::testing::Not(HasSubstr("All")),
                            ::testing::Not(HasSubstr("Yes"))));
}

TEST(Label, TheAuditShowsTargetsInContext) {
  const CommandResult result = run({"label", "-m", kModel, "-t", "-", "-c", "proper-noun", "--audit"},
                                   {.standard_input = "We met Anna in the old town of Bern and went on.\n"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("met"), HasSubstr("Anna")));
}

TEST(Label, GoldTagsGivePrecisionAndRecall) {
  const TempFolder folder;
  write_file(folder / "gold.conllu",
             "# newdoc id = a\n# sent_id = a-1\n# text = We met Anna today .\n"
             "1\tWe\twe\tPRON\tPRP\t_\t2\tnsubj\t_\t_\n"
             "2\tmet\tmeet\tVERB\tVBD\t_\t0\troot\t_\t_\n"
             "3\tAnna\tAnna\tPROPN\tNNP\t_\t2\tobj\t_\t_\n"
             "4\tToday\ttoday\tNOUN\tNN\t_\t2\tobl\t_\t_\n"
             "5\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_\n\n");
  const CommandResult result =
      run({"label", "-m", kModel, "-t", folder / "gold.conllu", "-c", "proper-noun", "--audit"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("recision"), HasSubstr("ecall"), HasSubstr("against xpos:NNP,NNPS (")));
}

// Many treebanks have no XPOS: "_" in its column.
TEST(Label, WithoutXposTheAuditComparesWithUpos) {
  const TempFolder folder;
  write_file(folder / "gold.conllu",
             "1\tWe\twe\tPRON\t_\t_\t2\tnsubj\t_\t_\n"
             "2\tmet\tmeet\tVERB\t_\t_\t0\troot\t_\t_\n"
             "3\tAnna\tAnna\tPROPN\t_\t_\t2\tobj\t_\t_\n\n");
  const auto audit = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"label", "-m", kModel, "-t", folder / "gold.conllu", "--audit"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  };
  EXPECT_THAT(audit({}),
              AllOf(HasSubstr("against upos:PROPN, for the text has no XPOS ("), HasSubstr("1 of 1 gold")));
  EXPECT_THAT(audit({"--gold", "xpos:NNP,NNPS"}),
              AllOf(HasSubstr("against xpos:NNP,NNPS ("), HasSubstr("0 of 0 gold")));
  EXPECT_THAT(audit({"--gold", "upos:PROPN"}), HasSubstr("against upos:PROPN ("));
  EXPECT_THAT(audit({"--format", "json"}), HasSubstr(R"("concept":"upos:PROPN")"));
}

TEST(Label, AnUnknownConceptNamesTheNearest) {
  const CommandResult result = run({"label", "-m", kModel, "-t", "-", "-c", "proper-nuon"},
                                   {.standard_input = "We met Anna today.\n"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err_lines(), SizeIs(1));
  EXPECT_THAT(result.err, HasSubstr("proper-noun"));
}

TEST(TextFlags, ShortRowsAndLaterRowsAreLeftOut) {
  const std::string text =
      "short\nthis row is a good deal longer than the others\nalso short\nand the last row of all is long "
      "again\n";
  const auto n_tokens = [&](const std::vector<std::string>& flags) {
    std::vector<std::string> arguments = {"tokenize", "-m", kModel, "-t", "-"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const CommandResult result = run(arguments, {.standard_input = text});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return words_of(result.out).size();
  };
  const std::size_t all = n_tokens({"--min-row-length", "0"});
  const std::size_t without_short = n_tokens({"--min-row-length", "20"});
  const std::size_t first_two = n_tokens({"--min-row-length", "20", "--rows", "2"});
  EXPECT_GT(all, without_short);
  EXPECT_GT(without_short, first_two);
  EXPECT_GT(first_two, 0U);
}

}  // namespace
}  // namespace penfield::cli
