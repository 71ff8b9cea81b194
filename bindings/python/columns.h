// A table as plain columns: what a Python Table holds, and what it exports as Arrow and TSV.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/findings/judge.h"
#include "penfield/store/run_record.h"
#include "penfield/store/units_table.h"
#include "penfield/study/labelled_text.h"

namespace penfield::python {

// UTF-8 texts one behind the other. An empty text in a column that `has_nulls` is no value.
struct Texts {
  std::vector<std::int64_t> first = {0};  // [n + 1]
  std::string bytes;
  bool has_nulls = false;

  void add(std::string_view text) {
    bytes += text;
    first.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  [[nodiscard]] std::size_t size() const { return first.size() - 1; }
  [[nodiscard]] std::string_view at(std::size_t i) const {
    return std::string_view(bytes).substr(static_cast<std::size_t>(first[i]),
                                          static_cast<std::size_t>(first[i + 1] - first[i]));
  }
};

// 0, 1, or kNoFlag: no value.
struct Flags {
  static constexpr std::uint8_t kNoFlag = 2;
  std::vector<std::uint8_t> values;
  bool is_word = false;  // written as a text, as units.tsv has its answers
};

using Cells = std::variant<std::vector<double>,         // NaN: no value
                           std::vector<std::uint64_t>,  // counts and positions
                           Flags, Texts>;

struct Column {
  std::string name;
  Cells cells;
};

struct Columns {
  std::vector<Column> columns;
  std::size_t n_rows = 0;
};

// units.tsv.
[[nodiscard]] Columns columns_of(std::span<const findings::Finding> units);
// The table of `associate`. kInterrupted where the watch stops it.
[[nodiscard]] Result<Columns> columns_of(const findings::JudgedColumns& units, const Watch& watch);
// samples.tsv and windows.tsv.
[[nodiscard]] Columns columns_of(std::span<const store::SampleRow> samples);
[[nodiscard]] Columns columns_of(std::span<const store::WindowToken> tokens);
// The table of `label`; of a text without labels all columns but the last.
[[nodiscard]] Columns columns_of(const study::LabelledText& text);

// The bytes of the program's table with these columns.
[[nodiscard]] std::string to_tsv(const Columns& table);

}  // namespace penfield::python
