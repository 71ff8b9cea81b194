#include "columns.h"

#include <algorithm>
#include <utility>

#include "penfield/base/parallel.h"
#include "penfield/formats/tsv.h"
#include "penfield/store/token_field.h"
#include "penfield/store/unit_columns.h"
#include "penfield/store/words.h"
#include "penfield/tokens/show_token.h"

namespace penfield::python {
namespace {

// Units whose columns are filled before the next: they stay in the cache while each column takes its value of
// them, and between them the work can be stopped.
constexpr std::size_t kUnitsAtOnce = 4096;

// Appends a value of units.tsv to its column.
struct Append {
  Cells& cells;

  void operator()(const UnitId& unit) const { text(to_string(unit)); }
  void operator()(Site site) const { text(site_name(site)); }
  void operator()(association::FitStatus status) const { text(store::word_of(status)); }
  void operator()(association::FitNote note) const { optional_text(association::note_text(note)); }
  void operator()(store::OptionalWord auto word) const {
    optional_text(word == decltype(word){} ? std::string_view() : store::word_of(word));
  }
  void operator()(findings::Answer answer) const {
    const bool is_known = answer != findings::Answer::kNotKnown;
    flag(is_known ? static_cast<std::uint8_t>(answer == findings::Answer::kYes) : Flags::kNoFlag);
    of<Flags>().is_word = true;
  }
  void operator()(std::uint32_t value) const { count(value); }
  void operator()(std::uint64_t value) const { count(value); }
  void operator()(bool value) const { flag(static_cast<std::uint8_t>(value)); }
  void operator()(int direction) const { text(store::direction_word(direction)); }
  void operator()(double value) const { of<std::vector<double>>().push_back(value); }

 private:
  // A column begins as one of numbers without a row, and becomes what its first value is.
  template <class T>
  T& of() const {
    if (T* held = std::get_if<T>(&cells)) return *held;
    return cells.emplace<T>();
  }
  void text(std::string_view value) const { of<Texts>().add(value); }
  void optional_text(std::string_view value) const {
    Texts& texts = of<Texts>();
    texts.has_nulls = true;
    texts.add(value);
  }
  void count(std::uint64_t value) const { of<std::vector<std::uint64_t>>().push_back(value); }
  void flag(std::uint8_t value) const { of<Flags>().values.push_back(value); }
};

// Takes the values out, and makes room for others.
void empty(Texts& texts, std::size_t n) {
  texts.first.resize(1);
  texts.first.reserve(n + 1);
  texts.bytes.clear();
}
void empty(Flags& flags, std::size_t n) {
  flags.values.clear();
  flags.values.reserve(n);
}
template <class T>
void empty(std::vector<T>& values, std::size_t n) {
  values.clear();
  values.reserve(n);
}

Columns empty_columns(std::size_t n_rows, store::UnitColumns which) {
  Columns table;
  table.n_rows = n_rows;
  for (const store::UnitColumn& name : store::unit_columns(which)) {
    Cells& cells = table.columns.emplace_back(Column{std::string(name.name), {}}).cells;
    const findings::Finding nothing;
    store::with_value(name, nothing, Append{cells});  // its kind, also without a row
    std::visit([&](auto& values) { empty(values, n_rows); }, cells);
  }
  return table;
}

template <class Member>
void append_values(std::span<const findings::Finding> units, Member member, Cells& cells) {
  const Append append{cells};
  for (const findings::Finding& unit : units) append(store::value_at(unit, member));
}

// Most columns are these, and a table may have millions of their cells.
template <class Part>
void append_values(std::span<const findings::Finding> units, double Part::*member, Cells& cells) {
  auto& values = std::get<std::vector<double>>(cells);
  std::size_t at = values.size();
  values.resize(at + units.size());
  for (const findings::Finding& unit : units) values[at++] = store::value_at(unit, member);
}

void append_units(std::span<const findings::Finding> units, store::UnitColumns which, Columns& table) {
  const std::span<const store::UnitColumn> names = store::unit_columns(which);
  parallel_for(names.size(), [&](std::size_t i, int) {
    Cells& cells = table.columns[i].cells;
    std::visit([&](auto member) { append_values(units, member, cells); }, names[i].member);
  });
}

// Builds a table whose columns are filled row by row.
class Builder {
 public:
  explicit Builder(std::initializer_list<const char*> names) {
    for (const char* name : names) table_.columns.push_back({name, {}});
  }
  Builder& text(std::string_view value) {
    of<Texts>().add(value);
    return *this;
  }
  Builder& count(std::uint64_t value) {
    of<std::vector<std::uint64_t>>().push_back(value);
    return *this;
  }
  Builder& flag(bool value) {
    of<Flags>().values.push_back(static_cast<std::uint8_t>(value));
    return *this;
  }
  void end_row() {
    ++table_.n_rows;
    next_ = 0;
  }
  Columns take() { return std::move(table_); }

 private:
  template <class T>
  T& of() {
    Cells& cells = table_.columns[next_++].cells;
    if (T* held = std::get_if<T>(&cells)) return *held;
    return cells.emplace<T>();
  }
  Columns table_;
  std::size_t next_ = 0;
};

template <class Row>
Builder& add_position(Builder& builder, const Row& row) {
  return builder.text(store::word_of(row.split))
      .count(row.document)
      .count(row.window)
      .count(row.position)
      .count(row.token_id)
      .text(row.token);
}

struct CellWriter {
  formats::TsvWriter& row;
  std::size_t i;
  bool is_token;
  void operator()(const std::vector<double>& cells) const { row.number(cells[i]); }
  void operator()(const std::vector<std::uint64_t>& cells) const { row.number(cells[i]); }
  void operator()(const Flags& cells) const {
    using findings::Answer;
    const std::uint8_t value = cells.values[i];
    if (cells.is_word) {
      row.text(store::word_of(value == Flags::kNoFlag ? Answer::kNotKnown
                              : value != 0            ? Answer::kYes
                                                      : Answer::kNo));
    } else {
      row.flag(cells.values[i] != 0);
    }
  }
  void operator()(const Texts& cells) const {
    row.text(is_token ? store::token_field(cells.at(i)) : std::string(cells.at(i)));
  }
};

}  // namespace

Columns columns_of(std::span<const findings::Finding> units) {
  Columns table = empty_columns(units.size(), store::UnitColumns::kScan);
  for (std::size_t first = 0; first < units.size(); first += kUnitsAtOnce)
    append_units(units.subspan(first, std::min(kUnitsAtOnce, units.size() - first)),
                 store::UnitColumns::kScan, table);
  return table;
}

Result<Columns> columns_of(const findings::JudgedColumns& units, const Watch& watch) {
  Columns table = empty_columns(units.size(), store::UnitColumns::kAssociate);
  std::vector<findings::Finding> some(std::min(kUnitsAtOnce, units.size()));
  for (std::size_t first = 0; first < units.size(); first += some.size()) {
    PENFIELD_TRY_VOID(watch.check());
    some.resize(std::min(kUnitsAtOnce, units.size() - first));
    units.copy(first, some);
    append_units(some, store::UnitColumns::kAssociate, table);
  }
  return table;
}

Columns columns_of(std::span<const store::SampleRow> samples) {
  Builder builder{"split", "document", "window", "position", "token_id", "token", "group", "token_index"};
  for (const store::SampleRow& row : samples) {
    add_position(builder, row).text(row.is_target ? "target" : "comparison").count(row.token_index).end_row();
  }
  return builder.take();
}

Columns columns_of(std::span<const store::WindowToken> tokens) {
  Builder builder{"split", "document", "window", "position", "token_id", "token", "label", "sampled"};
  for (const store::WindowToken& row : tokens) {
    add_position(builder, row).flag(row.is_target).flag(row.is_sampled).end_row();
  }
  return builder.take();
}

Columns columns_of(const study::LabelledText& text) {
  const tokens::TokenStream& stream = text.stream;
  Builder builder{"document", "position", "token_id", "token", "label"};
  const bool has_labels = !text.track.labels.empty();
  for (std::uint64_t d = 0; d < stream.n_documents(); ++d) {
    for (std::uint64_t t = stream.document_first[d]; t < stream.document_first[d + 1]; ++t) {
      builder.count(d)
          .count(t - stream.document_first[d])
          .count(static_cast<std::uint32_t>(stream.ids[t]))
          .text(tokens::show_token(tokens::token_bytes(stream, text.corpus.documents[d], t)));
      if (has_labels) builder.flag(text.track.labels[t] == labels::Label::kTarget);
      builder.end_row();
    }
  }
  Columns table = builder.take();
  if (!has_labels) table.columns.pop_back();
  return table;
}

std::string to_tsv(const Columns& table) {
  std::string out;
  for (const Column& column : table.columns) {
    if (!out.empty()) out += '\t';
    out += column.name;
  }
  out += '\n';
  formats::TsvWriter row(out);
  for (std::size_t i = 0; i < table.n_rows; ++i) {
    for (const Column& column : table.columns)
      std::visit(CellWriter{row, i, column.name == "token"}, column.cells);
    row.end_row();
  }
  return out;
}

}  // namespace penfield::python
