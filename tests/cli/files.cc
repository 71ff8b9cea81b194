#include "files.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>

namespace penfield::cli {

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "penfield-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

void write_file(const std::string& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  ASSERT_TRUE(file) << path << " cannot be written";
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path << " cannot be read";
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool exists(const std::string& path) {
  return std::filesystem::exists(path);
}

std::vector<std::string> list(const std::string& folder) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    out.push_back(entry.path().filename());
  std::ranges::sort(out);
  return out;
}

namespace {

// Of a field that holds no tab and no line break, as none of a token that is shown does.
std::string without_quotes(const std::string& field) {
  if (!field.starts_with('"')) return field;
  std::string out;
  for (std::size_t i = 1; i + 1 < field.size(); ++i) {
    out += field[i];
    if (field[i] == '"') ++i;
  }
  return out;
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  for (std::size_t tab = line.find('\t'); tab != std::string::npos; tab = line.find('\t', begin)) {
    out.push_back(without_quotes(line.substr(begin, tab - begin)));
    begin = tab + 1;
  }
  out.push_back(without_quotes(line.substr(begin)));
  return out;
}

}  // namespace

std::string Table::at(std::size_t row, std::string_view name) const {
  const auto column = std::ranges::find(header, name);
  if (column == header.end() || row >= rows.size()) {
    ADD_FAILURE() << "no column " << name << " or no row " << row;
    return "";
  }
  return rows[row][static_cast<std::size_t>(column - header.begin())];
}

double Table::number(std::size_t row, std::string_view name) const {
  const std::string text = at(row, name);
  if (text.empty()) return std::numeric_limits<double>::quiet_NaN();
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  EXPECT_TRUE(!text.empty() && *end == '\0') << name << " of row " << row << " is no number: " << text;
  return value;
}

Table parse_tsv(const std::string& text) {
  Table out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (out.header.empty()) {
      out.header = split(line);
      continue;
    }
    out.rows.push_back(split(line));
    EXPECT_EQ(out.rows.back().size(), out.header.size()) << line;
    out.rows.back().resize(out.header.size());
  }
  EXPECT_FALSE(out.header.empty()) << "no header line";
  return out;
}

std::string npy(std::string_view descr, std::span<const std::size_t> shape, std::string_view bytes) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': (", descr);
  for (const std::size_t n : shape) header += fmt::format("{},", n);
  header += ")}";
  constexpr std::size_t kPreamble = 10;  // magic, version, length
  header.resize((kPreamble + header.size() + 1 + 63) / 64 * 64 - kPreamble - 1, ' ');
  header += '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size() & 0xFF);
  out += static_cast<char>(header.size() >> 8);
  return out + header + std::string(bytes);
}

std::string npy_matrix(std::size_t rows, std::size_t cols, const std::vector<float>& values) {
  EXPECT_EQ(rows * cols, values.size());
  const std::vector<std::size_t> shape = {rows, cols};
  const auto bytes = std::as_bytes(std::span(values));
  return npy("<f4", shape, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string npy_vector(const std::vector<float>& values) {
  const std::vector<std::size_t> shape = {values.size()};
  const auto bytes = std::as_bytes(std::span(values));
  return npy("<f4", shape, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string npy_labels(const std::vector<unsigned char>& labels) {
  const std::vector<std::size_t> shape = {labels.size()};
  return npy("|u1", shape, {reinterpret_cast<const char*>(labels.data()), labels.size()});
}

}  // namespace penfield::cli
