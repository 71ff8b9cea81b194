// Files for the tests of this room.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "penfield/text/corpus.h"

namespace penfield::text {

// A folder of its own for each test, removed after it.
class CorpusFixture : public testing::Test {
 public:
  ~CorpusFixture() override { std::filesystem::remove_all(folder_); }

 protected:
  CorpusFixture() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        std::filesystem::path(testing::TempDir()) / (std::string("penfield_") + test->test_suite_name() +
                                                     "_" + test->name() + "_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }

  [[nodiscard]] std::string write(const std::string& name, std::string_view bytes) const {
    std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] Result<Corpus> read(const std::string& name, std::string_view bytes,
                                    const TextOptions& options = {}) const {
    const std::vector<std::string> paths = {write(name, bytes)};
    return read_corpus(paths, options);
  }

 private:
  std::filesystem::path folder_;
};

// The rows of a document.
[[nodiscard]] inline std::vector<std::string> rows_of(const Document& document) {
  std::vector<std::string> rows;
  std::uint64_t begin = 0;
  for (const std::uint64_t end : document.row_end_bytes) {
    rows.push_back(document.text.substr(begin, end - begin));
    begin = end;
  }
  EXPECT_EQ(begin, document.text.size());
  return rows;
}

[[nodiscard]] inline std::vector<std::string> texts_of(const Corpus& corpus) {
  std::vector<std::string> texts;
  for (const Document& document : corpus.documents) texts.push_back(document.text);
  return texts;
}

// The error of what is to fail.
[[nodiscard]] inline Error error_of(const Result<Corpus>& corpus) {
  EXPECT_FALSE(corpus.has_value());
  if (corpus) return {};
  EXPECT_EQ(corpus.error().message.find('\n'), std::string::npos) << corpus.error().message;
  return corpus.error();
}

}  // namespace penfield::text
