#include "penfield/report/terminal/table.h"

#include <algorithm>

#include "penfield/base/check.h"
#include "penfield/report/words/visible_text.h"

namespace penfield::report {
namespace {

constexpr std::size_t kGap = 2;

struct Layout {
  std::vector<std::size_t> widths;  // [n_columns]; 0: left out
  [[nodiscard]] std::size_t total() const {
    std::size_t sum = 0;
    for (const std::size_t width : widths) sum += width > 0 ? width + kGap : 0;
    return sum;
  }
};

}  // namespace

void TerminalTable::add_row(std::vector<Cell> cells) {
  PENFIELD_CHECK(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

std::string TerminalTable::render(const Screen& screen) const {
  Layout layout;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::size_t widest = 0;
    for (const std::vector<Cell>& row : rows_)
      widest = std::max(widest, display_width(screen.text(row[c].text)));
    layout.widths.push_back(widest == 0 ? 0
                                        : std::max(widest, display_width(screen.text(columns_[c].header))));
  }
  while (layout.total() > screen.options().width) {
    std::size_t least = columns_.size();
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (layout.widths[c] == 0 || columns_[c].importance == 0) continue;
      if (least == columns_.size() || columns_[c].importance > columns_[least].importance) least = c;
    }
    if (least == columns_.size()) break;
    layout.widths[least] = 0;
  }
  const auto line = [&](const auto& cell_of) {
    std::string plain_end, out;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (layout.widths[c] == 0) continue;
      const auto [text, paint] = cell_of(c);
      const std::string safe = screen.text(text);
      const std::string padded = columns_[c].align == Align::kRight ? pad_left(safe, layout.widths[c])
                                                                    : pad_right(safe, layout.widths[c]);
      out += std::string(kGap, ' ') + screen.paint(padded, paint);
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out + "\n";
  };
  std::string out = line([&](std::size_t c) { return Cell{columns_[c].header, Paint::kBold}; });
  for (const std::vector<Cell>& row : rows_) out += line([&](std::size_t c) { return row[c]; });
  return out;
}

}  // namespace penfield::report
