#include "penfield/store/unit_json.h"

#include <cmath>

#include "penfield/formats/tsv.h"
#include "penfield/store/unit_columns.h"
#include "penfield/store/words.h"

namespace penfield::store {
namespace {

// The names of units and the words of sites and statuses are plain ASCII, so nothing needs escaping.
struct ValueWriter {
  std::string& out;
  void operator()(const UnitId& unit) const { quoted(to_string(unit)); }
  void operator()(Site site) const { quoted(site_name(site)); }
  void operator()(association::FitStatus status) const { quoted(word_of(status)); }
  void operator()(association::FitNote note) const {
    if (note == association::FitNote::kNone) {
      out += "null";
    } else {
      quoted(note_text(note));
    }
  }
  void operator()(OptionalWord auto word) const {
    if (word == decltype(word){}) {
      out += "null";
    } else {
      quoted(word_of(word));
    }
  }
  void operator()(findings::Answer answer) const {
    out += answer == findings::Answer::kNotKnown ? "null" : word_of(answer);
  }
  void operator()(std::uint32_t value) const { formats::append_number(out, std::uint64_t{value}); }
  void operator()(std::uint64_t value) const { formats::append_number(out, value); }
  void operator()(bool value) const { out += value ? '1' : '0'; }
  void operator()(int direction) const { quoted(direction_word(direction)); }
  void operator()(double value) const {
    if (std::isfinite(value)) {
      formats::append_number(out, value);
    } else {
      out += "null";
    }
  }

 private:
  void quoted(std::string_view word) const { out.append(1, '"').append(word).append(1, '"'); }
};

}  // namespace

void append_unit_json(std::string& out, const findings::Finding& unit, UnitColumns columns) {
  char before = '{';
  for (const UnitColumn& column : unit_columns(columns)) {
    out += before;
    out.append(1, '"').append(column.name).append("\":");
    with_value(column, unit, ValueWriter{out});
    before = ',';
  }
  out += '}';
}

}  // namespace penfield::store
