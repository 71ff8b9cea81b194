// Test data: the simulated columns of tests/golden/association and what other software says of them.
#pragma once

#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace penfield::association::golden {

struct Column {
  std::string name;
  std::size_t n_target = 0;
  std::vector<double> x;  // targets first
};

// name -> value; NaN for NA
using Row = std::map<std::string, double>;

inline std::ifstream open(const std::string& name) {
  std::ifstream file("tests/golden/association/" + name);
  if (!file) throw std::runtime_error("cannot open tests/golden/association/" + name);
  return file;
}

inline std::vector<Column> read_columns() {
  std::ifstream file = open("columns.tsv");
  std::vector<Column> columns;
  std::string line;
  std::getline(file, line);
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    Column column;
    fields >> column.name >> column.n_target;
    for (std::string text; fields >> text;) column.x.push_back(std::stod(text));
    columns.push_back(std::move(column));
  }
  return columns;
}

// Rows of a table by case. `words` receives the column `word_column`, if there is one, which is not
// numeric.
inline std::map<std::string, Row> read_rows(const std::string& name,
                                            std::map<std::string, std::string>* words,
                                            const std::string& word_column = "status") {
  std::ifstream file = open(name);
  std::string line;
  std::getline(file, line);
  std::getline(file, line);
  std::vector<std::string> header;
  std::istringstream header_fields(line);
  for (std::string text; header_fields >> text;) header.push_back(text);
  std::map<std::string, Row> rows;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string key;
    fields >> key;
    std::string text;
    for (std::size_t i = 1; i < header.size() && fields >> text; ++i) {
      if (header[i] == word_column && words != nullptr) (*words)[key] = text;
      if (header[i] == "status" || header[i] == "note") continue;
      rows[key][header[i]] = text == "NA" ? std::numeric_limits<double>::quiet_NaN() : std::stod(text);
    }
  }
  return rows;
}

// −log10 of the relative error, 16 if exact; of the absolute error if the expected value is below
// 1e-12.
inline double digits(double got, double expected) {
  if (std::isnan(got) != std::isnan(expected)) return 0;
  if (std::isnan(got) || got == expected) return 16;
  const double scale = std::fabs(expected) < 1e-12 ? 1.0 : std::fabs(expected);
  return std::min(16.0, -std::log10(std::fabs(got - expected) / scale));
}

}  // namespace penfield::association::golden
