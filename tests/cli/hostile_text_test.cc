// Texts that break a rule, or that only look as if they did.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files.h"
#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class HostileText : public ::testing::Test {
 protected:
  void SetUp() override {
    make_planted_model(temp_ / "model",
                       {"--shape", "16,1,2,64", "--words", "400", "--text", temp_ / "text.txt", "--documents",
                        "2", "--tokens-per-document", "150"});
  }

  std::string put(const std::string& name, std::string_view content) {
    write_file(temp_ / name, content);
    return temp_ / name;
  }
  CommandResult tokenize(const std::string& path, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"tokenize",         "-m", temp_ / "model", "-t", path,
                                          "--min-row-length", "0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  CommandResult scan(const std::vector<std::string>& paths) {
    std::vector<std::string> arguments = {
        "scan", "--profile",        "descriptive", "-m", temp_ / "model", "-o", temp_ / "result",
        "-q",   "--min-row-length", "0",           "-t"};
    arguments.insert(arguments.end(), paths.begin(), paths.end());
    return run(arguments);
  }
  void expect_refused(const std::string& path, const std::string& told) {
    const CommandResult result = tokenize(path);
    EXPECT_EQ(result.exit_code, 3) << path << result.err;
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << path << result.err;
    EXPECT_THAT(result.err, HasSubstr(told)) << path;
  }

  TempFolder temp_;
};

TEST_F(HostileText, InvalidUtf8IsRefusedWithItsByteOrReplaced) {
  const std::string path = put("bad.txt", " bado bedo\n bid\xFFo\n");
  const CommandResult refused = tokenize(path);
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err_lines(), SizeIs(1)) << refused.err;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("bad.txt"), HasSubstr("15"))) << "the byte's offset";
  EXPECT_EQ(tokenize(path, {"--replace-invalid"}).exit_code, 0);
}

TEST_F(HostileText, MarksAndLineEndsAreDefined) {
  const std::string plain = tokenize(put("plain.txt", " bado bedo\n bido\n")).out;
  EXPECT_EQ(tokenize(put("bom.txt", "\xEF\xBB\xBF bado bedo\n bido\n")).out, plain) << "byte-order mark";
  EXPECT_EQ(tokenize(put("crlf.txt", " bado bedo\r\n bido\r\n")).out, plain) << "CR LF";
  EXPECT_EQ(tokenize(put("open.txt", " bado bedo\n bido")).exit_code, 0) << "no final newline";
  EXPECT_EQ(tokenize(put("nul.txt", std::string_view(" bado\0bedo\n", 11))).exit_code, 0) << "NUL";
  const CommandResult separator = tokenize(put("u2028.txt", " bado\xE2\x80\xA8 bedo\n"));
  EXPECT_EQ(separator.exit_code, 0) << separator.err;
  EXPECT_EQ(std::count(separator.out.begin(), separator.out.end(), '\n'), 1) << "U+2028 ends no document";
}

TEST_F(HostileText, JsonLinesWithoutTextNameTheirLine) {
  const std::string good = "{\"text\": \" bado bedo\"}\n";
  EXPECT_EQ(tokenize(put("good.jsonl", good)).exit_code, 0);
  expect_refused(put("absent.jsonl", good + "{\"body\": \"bado\"}\n"), "absent.jsonl:2");
  expect_refused(put("number.jsonl", good + good + "{\"text\": 7}\n"), "number.jsonl:3");
  expect_refused(put("broken.jsonl", "{\"text\": \n"), "broken.jsonl:1");
  expect_refused(put("array.jsonl", "[1]\n"), "array.jsonl:1");
}

TEST_F(HostileText, RowsWithoutTextCanBeSkippedAndAreCounted) {
  std::string rows = "{\"text\": null}\n";
  for (int i = 0; i < 40; ++i)
    rows += "{\"score\": NaN, \"text\": \" bado Bedo bidu Boda bubu Bubo bebo bado\"}\n";
  rows += "[]\n";
  const std::string path = put("rows.jsonl", rows);
  expect_refused(path, "rows.jsonl:1: \"text\" is null");
  const CommandResult skipped = tokenize(path, {"--skip-invalid"});
  EXPECT_EQ(skipped.exit_code, 0) << skipped.err;
  EXPECT_THAT(skipped.err, HasSubstr("skipped 2 rows of JSON Lines"));
  const CommandResult scanned =
      run({"scan", "-m", temp_ / "model", "-t", path, "--profile", "descriptive", "--skip-invalid", "-o",
           temp_ / "result", "--discovery", "10", "--held-out", "10"});
  ASSERT_EQ(scanned.exit_code, 0) << scanned.err;
  EXPECT_THAT(scanned.err, HasSubstr("skipped 2 rows"));
  EXPECT_THAT(read_file(temp_ / "result/run.json"), HasSubstr("\"n_rows_skipped\": 2"));
}

// 100 MB of text in a file of 100 kB.
TEST_F(HostileText, MemoryIsLimitedWhileTextIsRead) {
  const std::string bomb = temp_ / "bomb.txt.gz";
  ASSERT_EQ(
      run_program("/bin/sh", {"-c", "yes ' bado bedo' | head -c 100000000 | gzip -1 > " + bomb}).exit_code,
      0);
  for (const std::string command : {"tokenize", "label", "loss", "activations", "scan"}) {
    std::vector<std::string> arguments = {command, "-m", temp_ / "model", "-t", bomb, "--memory", "20M"};
    if (command == "activations" || command == "scan")
      arguments.insert(arguments.end(), {"-o", temp_ / "out"});
    const CommandResult refused = run(arguments);
    EXPECT_EQ(refused.exit_code, 5) << command << refused.err;
    EXPECT_THAT(refused.err_lines(), SizeIs(1)) << refused.err;
    EXPECT_THAT(refused.err, AllOf(HasSubstr("bomb.txt.gz:"), HasSubstr("--memory"), HasSubstr("--rows")));
  }
  const CommandResult shown = run({"show", temp_ / "result", "--memory", "1G"});
  EXPECT_EQ(shown.exit_code, 2) << "a limit that would not be kept";
  EXPECT_THAT(shown.err, HasSubstr("--memory does not limit show"));
}

TEST_F(HostileText, ConlluThatBreaksItsTableNamesItsLine) {
  const auto row = [](const std::string& id, const std::string& form) {
    return id + "\t" + form + "\t_\tNOUN\tNN\t_\t0\troot\t_\t_";
  };
  EXPECT_EQ(tokenize(put("good.conllu", row("1", "bado") + "\n" + row("2", "bedo") + "\n\n")).exit_code, 0);
  EXPECT_EQ(tokenize(put("range.conllu", row("1-2", "badobedo") + "\n" + row("1", "bado") + "\n" +
                                             row("2", "bedo") + "\n" + row("2.1", "gone") + "\n\n"))
                .exit_code,
            0)
      << "ranges and empty nodes are part of the format";
  expect_refused(put("nine.conllu", "1\tbado\t_\tNOUN\tNN\t_\t0\troot\t_\n\n"), "nine.conllu:1");
  expect_refused(put("eleven.conllu", row("1", "bado") + "\t_\n\n"), "eleven.conllu:1");
  expect_refused(put("gap.conllu", row("1", "bado") + "\n" + row("3", "bedo") + "\n\n"), "gap.conllu:2");
}

TEST_F(HostileText, TextsThatCannotBeComparedSayWhy) {
  std::string lower, capitals;
  for (const char* vowels : {"a", "e", "i", "o", "u"}) {
    lower += std::string(" bad") + vowels + " bed" + vowels;
    capitals += std::string(" Bad") + vowels + " Bed" + vowels;
  }
  const std::string with_one = lower + " Bado" + lower + "\n";
  // A first position is never drawn, so what begins with one other word has only targets.
  const std::vector<std::pair<std::string, std::string>> cases = {{"empty", ""},
                                                                  {"white", "\n\n\n"},
                                                                  {"no target", lower + "\n"},
                                                                  {"one target a split", with_one},
                                                                  {"only targets", " bado" + capitals}};
  for (const auto& [name, text] : cases) {
    const CommandResult result = scan({put("a.txt", text), put("b.txt", text)});
    EXPECT_EQ(result.exit_code, 3) << name << ": " << result.err;
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << name << ": " << result.err;
    EXPECT_FALSE(exists(temp_ / "result/run.json")) << name;
  }
}

TEST_F(HostileText, AFileThatIsNotThereIsNamed) {
  const CommandResult result = tokenize(temp_ / "absent.txt");
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_THAT(result.err_lines(), SizeIs(1));
  EXPECT_THAT(result.err, HasSubstr("absent.txt"));
  EXPECT_NE(tokenize(temp_.path()).exit_code, 0) << "a folder is no text";
}

TEST_F(HostileText, NamesWithControlCharactersStayOneLine) {
  const CommandResult result = tokenize(temp_ / "a\nb\x1b[31m.txt");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err_lines(), SizeIs(1));
  EXPECT_THAT(result.err, Not(HasSubstr("\x1b")));
}

TEST_F(HostileText, MarkupIsInertInThePage) {
  std::string text;
  for (int row = 0; row < 40; ++row) {
    text += " bado <script>alert(1)</script> Bedo bidu Boda </style><img src=x onerror=alert(2)> Bubo bebo\n";
    if (row % 20 == 19) text += "\n";
  }
  const std::string path = put("markup.txt", text);
  const CommandResult scanned = scan({path});
  ASSERT_EQ(scanned.exit_code, 0) << scanned.err;
  ASSERT_EQ(run({"report", temp_ / "result", "-o", temp_ / "page.html"}).exit_code, 0);
  const std::string page = read_file(temp_ / "page.html");
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script>alert")), Not(HasSubstr("<img src=x")),
                          Not(HasSubstr("</style><img"))));
}

TEST_F(HostileText, EscapesInTheTextDoNotReachTheTerminal) {
  std::string text;
  for (int row = 0; row < 40; ++row) {
    text += " bado \x1b[2J Bedo bidu Boda bubu Bubo bebo\n";
    if (row % 20 == 19) text += "\n";
  }
  const CommandResult scanned = scan({put("escapes.txt", text)});
  ASSERT_EQ(scanned.exit_code, 0) << scanned.err;
  const CommandResult shown = run({"show", temp_ / "result", "L0.1", "--heatmap", "--color", "never"});
  EXPECT_THAT(shown.out, Not(HasSubstr("\x1b")));
  const CommandResult labels =
      run({"label", "-m", temp_ / "model", "-t", temp_ / "escapes.txt", "-c", "proper-noun", "--audit"});
  EXPECT_THAT(labels.out, Not(HasSubstr("\x1b[2J")));
}

}  // namespace
}  // namespace penfield::cli
