#include "penfield/labels/label_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "penfield/formats/npy_header.h"
#include "penfield/formats/scratch_folder_for_tests.h"
#include "penfield/labels/small_text_for_tests.h"

namespace penfield::labels {
namespace {

using testing::HasSubstr;

class LabelFileTest : public testing::Test {
 protected:
  std::string read_text(std::string_view contents, std::uint64_t n_tokens) {
    return outcome(folder_.write("labels.txt", contents), n_tokens);
  }
  std::string read_npy(std::string_view descr, std::span<const std::uint64_t> shape, std::string_view data,
                       std::uint64_t n_tokens) {
    return outcome(folder_.write("labels.npy", formats::npy_header(descr, shape).append(data)), n_tokens);
  }
  // The labels drawn, or the message of the error, which must be of the kind kBadInput.
  static std::string outcome(const std::string& path, std::uint64_t n_tokens) {
    const auto labels = read_label_file(path, n_tokens);
    if (labels) return drawn(*labels);
    EXPECT_EQ(labels.error().kind, ErrorKind::kBadInput);
    return labels.error().message;
  }

  formats::ScratchFolder folder_;
};

TEST_F(LabelFileTest, ReadsTextHoweverItIsBroken) {
  EXPECT_EQ(read_text("0\n1\n1\n0\n", 4), ".TT.");
  EXPECT_EQ(read_text("0 1\t1\r\n\n0", 4), ".TT.");
  EXPECT_EQ(read_text("", 0), "");
}

TEST_F(LabelFileTest, RefusesAnythingElseAndNamesTheLine) {
  EXPECT_THAT(read_text("0\n1\n2\n", 3), HasSubstr("labels.txt:3: '2' is neither 0 nor 1"));
  EXPECT_THAT(read_text("0 1\n01\n", 3), HasSubstr("labels.txt:2: '01'"));
  EXPECT_THAT(read_text("0\n\x1b[31m\n", 2), HasSubstr("'\\x1b[31m'"));
}

TEST_F(LabelFileTest, SaysBothCountsWhereTheyDiffer) {
  EXPECT_THAT(read_text("0\n1\n", 3), HasSubstr("2 labels, but the text has 3 tokens"));
  EXPECT_THAT(read_text("", 1), HasSubstr("0 labels, but the text has 1 tokens"));
}

TEST_F(LabelFileTest, ReadsArrays) {
  const std::uint64_t three[] = {3};
  EXPECT_EQ(read_npy("'|u1'", three, std::string("\0\1\1", 3), 3), ".TT");
  EXPECT_EQ(read_npy("'|i1'", three, std::string("\1\0\1", 3), 3), "T.T");
  EXPECT_EQ(read_npy("'|b1'", three, std::string("\1\0\1", 3), 3), "T.T");
  EXPECT_EQ(read_npy("'<i2'", three, std::string("\1\0\0\0\1\0", 6), 3), "T.T");
  EXPECT_EQ(read_npy("'<f4'", three, std::string("\0\0\x80\x3F\0\0\0\0\0\0\x80\x3F", 12), 3), "T.T");
}

TEST_F(LabelFileTest, RefusesArraysThatAreNoLabels) {
  const std::uint64_t three[] = {3};
  const std::uint64_t three_by_one[] = {3, 1};
  const std::uint64_t two_by_two[] = {2, 2};
  EXPECT_THAT(read_npy("'|u1'", three, std::string("\0\1\2", 3), 3), HasSubstr("value 2 at index 2"));
  EXPECT_THAT(read_npy("'<f4'", three, std::string("\0\0\xC0\x7F\0\0\0\0\0\0\x80\x3F", 12), 3),
              HasSubstr("value nan"));
  EXPECT_THAT(read_npy("'|u1'", three, std::string("\0\1\1", 3), 4),
              HasSubstr("3 labels, but the text has 4 tokens"));
  EXPECT_THAT(read_npy("'|u1'", three_by_one, std::string("\0\1\1", 3), 4),
              HasSubstr("3 labels, but the text has 4 tokens"));
  EXPECT_THAT(read_npy("'|u1'", two_by_two, std::string("\0\1\1\0", 4), 4), HasSubstr("one axis"));
}

TEST_F(LabelFileTest, SaysWhereThereIsNoFile) {
  EXPECT_EQ(read_label_file("/nonexistent/labels.txt", 3).error().kind, ErrorKind::kIo);
  EXPECT_EQ(read_label_file(folder_.path(), 3).error().kind, ErrorKind::kBadInput);  // a folder
}

}  // namespace
}  // namespace penfield::labels
