#include "penfield/text/corpus.h"

#include <fcntl.h>
#include <gmock/gmock.h>

#include "penfield/base/check.h"
#include "penfield/text/corpus_for_tests.h"

namespace penfield::text {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

using CorpusTest = CorpusFixture;

TextOptions shortest(std::size_t min_row_length) {
  TextOptions options;
  options.min_row_length = min_row_length;
  return options;
}

TextOptions first_rows(std::size_t max_rows) {
  TextOptions options;
  options.max_rows = max_rows;
  return options;
}

// Standard input is this file while the object lives.
class StandardInput {
 public:
  explicit StandardInput(const std::string& path) : saved_(dup(STDIN_FILENO)) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    PENFIELD_CHECK(file >= 0 && dup2(file, STDIN_FILENO) == STDIN_FILENO);
    close(file);
  }
  ~StandardInput() {
    if (saved_ >= 0) {
      dup2(saved_, STDIN_FILENO);
      close(saved_);
    }
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;

 private:
  int saved_;
};

Result<Corpus> read_standard_input(const std::string& path) {
  const StandardInput input(path);
  const std::vector<std::string> paths = {"-"};
  return read_corpus(paths, {});
}

TEST_F(CorpusTest, BytesAreKept) {
  const std::string text =
      "caf\u00E9 \u2028 \u0085 \r still one row\tand \x1B too\n"
      "no end of line";
  const auto corpus = read("a.txt", text);
  ASSERT_TRUE(corpus);
  EXPECT_EQ(texts_of(*corpus), std::vector{text});
  EXPECT_EQ(rows_of(corpus->documents[0]).size(), 2u);
  const auto nul = read("b.txt", std::string_view("one\0two\n\0\nlast", 14));
  ASSERT_TRUE(nul);
  EXPECT_THAT(rows_of(nul->documents[0]),
              ElementsAre(std::string("one\0two\n", 8), std::string("\0\n", 2), "last"));
}

TEST_F(CorpusTest, AStopEndsTheReading) {
  const std::vector<std::string> paths = {write("a.txt", "one\ntwo\n")};
  std::stop_source source;
  const Watch watch({}, source.get_token());
  EXPECT_TRUE(read_corpus(paths, {}, watch).has_value());
  source.request_stop();
  const auto corpus = read_corpus(paths, {}, watch);
  ASSERT_FALSE(corpus.has_value());
  EXPECT_EQ(corpus.error().kind, ErrorKind::kInterrupted);
}

TEST_F(CorpusTest, AByteOrderMarkIsDroppedAtTheStartOfAFileAlone) {
  const auto corpus = read("a.txt", "\uFEFFone \uFEFF two\n\uFEFFthree\n");
  ASSERT_TRUE(corpus);
  EXPECT_EQ(corpus->documents[0].text, "one \uFEFF two\n\uFEFFthree\n");
  EXPECT_EQ(read("b.jsonl", "\uFEFF{\"text\": \"one\"}\n")->documents[0].text, "one");
  EXPECT_THAT(error_of(read("c.txt", "\uFEFF")).message, HasSubstr("the text is empty"));
}

TEST_F(CorpusTest, CrLfBecomesLf) {
  const auto corpus = read("a.txt", "one\r\ntwo\r\r\nthree \r four\r\nlast\r");
  ASSERT_TRUE(corpus);
  EXPECT_THAT(rows_of(corpus->documents[0]), ElementsAre("one\n", "two\r\n", "three \r four\n", "last\r"));
  EXPECT_EQ(read("b.txt", "one\r\n\r\ntwo\r\n")->documents.size(), 2u);  // the row between is blank
}

TEST_F(CorpusTest, InvalidUtf8IsRefusedWithItsPlace) {
  const Error error = error_of(read("a.txt", "\uFEFFone\r\ntw\xC3 o\n"));
  EXPECT_EQ(error.kind, ErrorKind::kBadInput);
  EXPECT_THAT(error.message, AllOf(HasSubstr("a.txt:2"), HasSubstr("byte 10:"), HasSubstr("0xC3")));
  EXPECT_THAT(error_of(read("b.txt", "\xED\xA0\x80")).message,
              AllOf(HasSubstr("b.txt:1"), HasSubstr("byte 0:")));
}

TEST_F(CorpusTest, InvalidUtf8IsReplacedAndCountedWhereAsked) {
  TextOptions options;
  options.invalid_utf8 = InvalidUtf8::kReplace;
  const auto corpus = read("a.txt", "one\ntw\xC3 o \xE2\x80\n", options);
  ASSERT_TRUE(corpus);
  EXPECT_EQ(corpus->documents[0].text, "one\ntw\uFFFD o \uFFFD\n");
  EXPECT_EQ(corpus->n_bytes_replaced, 3u);
}

TEST_F(CorpusTest, RowsAreCountedOverAllFilesBeforeAnyIsLeftOut) {
  const std::vector<std::string> paths = {write("a.txt", "long row 1\nshort\n"),
                                          write("b.jsonl", "{\"text\": \"x\"}\n"),
                                          write("c.txt", "long row 2\nlong row 3\n")};
  TextOptions options = first_rows(4);
  options.min_row_length = 10;
  const auto corpus = read_corpus(paths, options);
  ASSERT_TRUE(corpus) << corpus.error().message;
  EXPECT_THAT(texts_of(*corpus), ElementsAre("long row 1\n", "x", "long row 2\n"));
  EXPECT_EQ(corpus->n_rows_read, 4u);
  EXPECT_EQ(corpus->n_rows_left_out, 1u);
}

TEST_F(CorpusTest, FilesAreRecordedWhole) {
  const std::vector<std::string> paths = {write("a.txt", "one\n\ntwo\n")};
  const auto corpus = read_corpus(paths, first_rows(1));
  ASSERT_TRUE(corpus);
  ASSERT_EQ(corpus->files.size(), 1u);
  EXPECT_EQ(corpus->files[0].path, paths[0]);
  EXPECT_EQ(corpus->files[0].n_bytes, 9u);
  EXPECT_EQ(corpus->files[0].sha256, "ca48018cd69ec26f9206d26f99b5019ba6075d5482c587a072361987ae3179dd");
}

TEST_F(CorpusTest, ReadsCompressedFilesByTheNameBeforeTheEnding) {
  const std::string gzip(
      "\x1F\x8B\x08\0\0\0\0\0\x02\x03\xCB\xCF\x4B\xE5\xE2\x2A\x29\xCF\xE7\x02\0\xBF\x67\x44\x25\x09\0\0\0",
      29);
  const std::string zstd("\x28\xB5\x2F\xFD\x04\x58\x49\0\0one\n\ntwo\n\x93\xF2\x49\xDE", 22);
  for (const auto& [name, bytes] : {std::pair("a.txt.gz", gzip), std::pair("a.txt.zst", zstd)}) {
    const auto corpus = read(name, bytes);
    ASSERT_TRUE(corpus) << corpus.error().message;
    EXPECT_THAT(texts_of(*corpus), ElementsAre("one\n", "two\n"));
    EXPECT_EQ(corpus->files[0].n_bytes, bytes.size());
  }
  EXPECT_THAT(error_of(read("a.jsonl.gz", gzip)).message, HasSubstr("a.jsonl.gz:1"));
}

// Names in use for the same forms, in any case; a name that says nothing is told by the first row.
TEST_F(CorpusTest, FormsAreToldByManyNamesAndElseByTheFirstRow) {
  for (const char* name : {"a.jsonl", "a.JSONL", "a.ndjson", "a.json", "a", "a.data"}) {
    const auto corpus = read(name, "{\"text\": \"x\"}\n{\"text\": \"y\"}\n");
    ASSERT_TRUE(corpus) << name << ": " << corpus.error().message;
    EXPECT_EQ(corpus->documents.size(), 2u) << name;
  }
  for (const char* name : {"a.conllu", "a.CoNLLU", "a.conll", "a", "a.tsv"}) {
    const auto corpus = read(name, "1\tHi\t_\tINTJ\t_\t_\t_\t_\t_\t_\n\n");
    ASSERT_TRUE(corpus) << name << ": " << corpus.error().message;
    EXPECT_EQ(corpus->documents[0].text, "Hi\n") << name;
  }
  for (const char* name : {"a.txt", "a.TXT", "wiki.test.raw", "README.md"})
    EXPECT_EQ(texts_of(*read(name, "{ is a brace\n")), std::vector<std::string>{"{ is a brace\n"}) << name;
  EXPECT_EQ(error_of(read("a.json", "[{\"text\": \"x\"}]\n")).kind, ErrorKind::kBadInput);
}

TEST_F(CorpusTest, StandardInputIsToldByItsFirstRow) {
  EXPECT_THAT(texts_of(*read_standard_input(write("a", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n"))),
              ElementsAre("one", "two"));
  EXPECT_THAT(texts_of(*read_standard_input(write("b", "# sent_id = 1\n1\ta\t_\t_\t_\t_\t_\t_\t_\t_\n"))),
              ElementsAre("a\n"));
  EXPECT_THAT(texts_of(*read_standard_input(write("c", "1\ta\t_\t_\t_\t_\t_\t_\t_\t_\n"))),
              ElementsAre("a\n"));
  const auto plain = read_standard_input(write("d", "# A heading of Markdown\ntext {\n"));
  ASSERT_TRUE(plain);
  EXPECT_THAT(texts_of(*plain), ElementsAre("# A heading of Markdown\ntext {\n"));
  EXPECT_EQ(plain->documents[0].source, "standard input:1");
  EXPECT_EQ(plain->files[0].path, "-");
  EXPECT_THAT(error_of(read_standard_input(write("e", ""))).message,
              HasSubstr("standard input: the text is empty"));
}

TEST_F(CorpusTest, EmptyTextSaysWhyItIsEmpty) {
  for (const auto& [bytes, options, why] :
       {std::tuple("", TextOptions{}, "the text is empty"),
        std::tuple("\n\n", TextOptions{}, "2 rows, all of them blank"),
        std::tuple("ab\n\ncd\n", shortest(3), "all 2 rows that are not blank are shorter than 3"),
        std::tuple("ab\n", first_rows(0), "--rows is 0")}) {
    const Error error = error_of(read("a.txt", bytes, options));
    EXPECT_EQ(error.kind, ErrorKind::kBadInput);
    EXPECT_THAT(error.message, AllOf(HasSubstr("a.txt"), HasSubstr(why)));
  }
  const std::vector<std::string> paths = {write("a.txt", ""), write("b.txt", "\n"), write("c.jsonl", "")};
  EXPECT_THAT(error_of(read_corpus(paths, {})).message, HasSubstr("a.txt and 2 more"));
}

TEST_F(CorpusTest, WhiteSpaceAloneIsOneDocument) {
  const auto corpus = read("a.txt", "\n  \n   ", {});
  ASSERT_TRUE(corpus) << corpus.error().message;
  ASSERT_EQ(corpus->documents.size(), 1u);
  EXPECT_EQ(corpus->documents[0].text, "\n  \n   ");
}

TEST_F(CorpusTest, AnEmptyFileAmongOthersIsNoError) {
  const std::vector<std::string> paths = {write("a.txt", ""), write("b.txt", "text")};
  const auto corpus = read_corpus(paths, {});
  ASSERT_TRUE(corpus);
  EXPECT_EQ(corpus->documents.size(), 1u);
  EXPECT_EQ(corpus->files.size(), 2u);
}

TEST_F(CorpusTest, WrongPathsAreErrors) {
  EXPECT_EQ(error_of(read_corpus({}, {})).kind, ErrorKind::kUsage);
  const std::vector<std::string> twice = {"-", "-"};
  EXPECT_EQ(error_of(read_corpus(twice, {})).kind, ErrorKind::kUsage);
  const std::vector<std::string> missing = {write("a.txt", "x") + ".no"};
  const Error error = error_of(read_corpus(missing, {}));
  EXPECT_EQ(error.kind, ErrorKind::kIo);
  EXPECT_THAT(error.message, HasSubstr("a.txt.no"));
  const std::vector<std::string> folder = {testing::TempDir()};
  EXPECT_EQ(error_of(read_corpus(folder, {})).kind, ErrorKind::kBadInput);
}

TEST_F(CorpusTest, MemoryIsCountedWhileTextIsRead) {
  TextOptions options;
  options.max_memory_bytes = 10'000;
  std::string rows, objects, sentences;
  for (int i = 0; i < 2000; ++i) {
    rows += "some words\n";
    objects += "{\"text\": \"some words\"}\n";
    sentences += "1\tsome\t_\tX\t_\t_\t_\t_\t_\t_\n\n";
  }
  for (const auto& [name, bytes] : {std::pair<std::string, std::string>("a.txt", rows),
                                    {"a.jsonl", objects},
                                    {"a.conllu", sentences},
                                    {"b.txt", std::string(20'000, 'x')}}) {
    const Error error = error_of(read(name, bytes, options));
    EXPECT_EQ(error.kind, ErrorKind::kMemory) << name;
    EXPECT_THAT(error.message, AllOf(HasSubstr(name + ":"), HasSubstr("--memory"))) << name;
    EXPECT_TRUE(read(name, bytes)) << name;
  }
  const std::vector<std::string> several = {write("c.txt", rows.substr(0, 2200)),
                                            write("d.txt", rows.substr(0, 2200))};
  EXPECT_TRUE(read_corpus(std::span(several).first(1), options));
  EXPECT_FALSE(read_corpus(several, options)) << "the files of a corpus are counted together";
}

TEST_F(CorpusTest, MemoryOfAllThatIsKeptIsCounted) {
  TextOptions options;
  options.max_memory_bytes = 1'000'000;
  const std::string tag(100'000, 'a');
  std::string tags, titles, headings, documents;
  for (int i = 0; i < 20; ++i) {
    tags += "1\ta\t_\tX\t" + tag + "\t_\t_\t_\t_\t_\n\n";
    titles += "{\"text\": \"a\", \"title\": \"" + tag + "\"}\n";
    headings += " = " + tag + " = \n";
  }
  for (int i = 0; i < 10'000; ++i) documents += "some words\n\n";
  for (const auto& [name, bytes] : {std::pair<std::string, std::string>("tags.conllu", tags),
                                    {"titles.jsonl", titles},
                                    {"headings.txt", headings},
                                    {"documents.txt", documents}}) {
    options.min_row_length = name == "headings.txt" ? 2 * tag.size() : 0;  // their text is not kept
    EXPECT_EQ(error_of(read(name, bytes, options)).kind, ErrorKind::kMemory) << name;
    EXPECT_TRUE(read(name, bytes)) << name;
  }
}

TEST_F(CorpusTest, MemoryOfASentenceIsCountedBeforeItEnds) {
  TextOptions options;
  options.max_memory_bytes = 10'000;
  std::string sentence;
  for (int i = 1; i <= 2000; ++i) sentence += std::to_string(i) + "\tsome\t_\tX\t_\t_\t_\t_\t_\t_\n";
  const Error error = error_of(read("long.conllu", sentence + "\n", options));
  EXPECT_EQ(error.kind, ErrorKind::kMemory);
  EXPECT_THAT(error.message, testing::ContainsRegex("long.conllu:[0-9][0-9]?[0-9]?: "))
      << "in its first rows";
}

}  // namespace
}  // namespace penfield::text
