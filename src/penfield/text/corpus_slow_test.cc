// A file that no memory should be made for.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include "penfield/text/corpus_for_tests.h"

namespace penfield::text {
namespace {

using testing::HasSubstr;

using CorpusSlowTest = CorpusFixture;

// Of the whole process, in MiB: the most that was in memory at a time.
long peak_mib() {
  rusage usage{};
  EXPECT_EQ(getrusage(RUSAGE_SELF, &usage), 0);
  return usage.ru_maxrss / 1024;
}

// Measured: 104 MiB, 339 under AddressSanitizer, which holds back what is freed; the bound leaves room for
// both and is half of the row.
TEST_F(CorpusSlowTest, AGigabyteWithoutALineEndIsRefusedInBoundedMemory) {
  for (const char* name : {"a.txt", "a.jsonl", "a.conllu"}) {
    const std::string path = write(name, "");
    std::filesystem::resize_file(path, std::uintmax_t{1} << 30);  // zeros, which take no place on the disk
    const std::vector<std::string> paths = {path};
    const Error error = error_of(read_corpus(paths, {}));
    EXPECT_EQ(error.kind, ErrorKind::kBadInput);
    EXPECT_THAT(error.message, HasSubstr(":1: a row longer than 64 MiB"));
  }
  EXPECT_LT(peak_mib(), 512);
}

TEST_F(CorpusSlowTest, ARowOfJustTheLongestLengthIsRead) {
  const std::string row = std::string((std::size_t{64} << 20) - 1, 'x') + "\n";
  const auto corpus = read("a.txt", row + "next\n");
  ASSERT_TRUE(corpus) << corpus.error().message;
  EXPECT_EQ(corpus->documents[0].row_end_bytes, (std::vector<std::uint64_t>{row.size(), row.size() + 5}));
  EXPECT_THAT(error_of(read("b.txt", "x" + row)).message, HasSubstr("b.txt:1: a row longer than 64 MiB"));
}

}  // namespace
}  // namespace penfield::text
