// Files of a test: a folder that goes when the test ends, and the plain forms in which Penfield reads and
// writes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penfield::cli {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

void write_file(const std::string& path, std::string_view content);
[[nodiscard]] std::string read_file(const std::string& path);
[[nodiscard]] bool exists(const std::string& path);
// Names of what lies in `folder`, sorted.
[[nodiscard]] std::vector<std::string> list(const std::string& folder);

struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;

  // Column `name` of row `row`; the test fails where there is none.
  [[nodiscard]] std::string at(std::size_t row, std::string_view name) const;
  [[nodiscard]] double number(std::size_t row, std::string_view name) const;  // NaN for NA
};
// Tab-separated text with a header line; the test fails where a row has more or fewer fields than the header.
[[nodiscard]] Table parse_tsv(const std::string& text);

// NumPy's .npy, version 1.0, C order. `descr` is "<f4", "<f8" or "|u1"; `bytes` the data.
[[nodiscard]] std::string npy(std::string_view descr, std::span<const std::size_t> shape,
                              std::string_view bytes);
[[nodiscard]] std::string npy_matrix(std::size_t rows, std::size_t cols, const std::vector<float>& values);
[[nodiscard]] std::string npy_vector(const std::vector<float>& values);
[[nodiscard]] std::string npy_labels(const std::vector<unsigned char>& labels);

}  // namespace penfield::cli
