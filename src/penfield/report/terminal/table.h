// A text table that never wraps: columns that do not fit are left out, the least important first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "penfield/report/terminal/screen.h"

namespace penfield::report {

enum class Align : std::uint8_t { kLeft, kRight };

struct Column {
  std::string header;
  Align align = Align::kRight;
  int importance = 0;  // 0: always kept; columns with larger values are left out first
};

struct Cell {
  std::string text;
  Paint paint = Paint::kPlain;
};

class TerminalTable {
 public:
  explicit TerminalTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // One cell for each column.
  void add_row(std::vector<Cell> cells);
  // A column without text in any row is left out. Lines are indented by two columns and not wider than the
  // screen if the columns of importance 0 fit.
  [[nodiscard]] std::string render(const Screen& screen) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace penfield::report
