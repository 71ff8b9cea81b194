#include "penfield/store/samples_table.h"

#include "penfield/store/text_position.h"

namespace penfield::store {
namespace {

std::string samples_header() {
  return std::string(kPositionColumns) + "\tgroup\ttoken_index";
}

}  // namespace

std::string format_samples(std::span<const SampleRow> samples) {
  std::string out = samples_header() + '\n';
  formats::TsvWriter writer(out);
  for (const SampleRow& row : samples) {
    write_position(writer, row);
    writer.text(row.is_target ? "target" : "comparison").number(row.token_index).end_row();
  }
  return out;
}

Result<std::vector<SampleRow>> parse_samples(std::string_view bytes, std::string_view name) {
  formats::TsvReader reader(bytes, name);
  PENFIELD_TRY_VOID(reader.header(samples_header()));
  std::vector<SampleRow> rows;
  for (;;) {
    PENFIELD_TRY(const bool has_row, reader.next_row());
    if (!has_row) return rows;
    SampleRow row;
    PENFIELD_TRY_VOID(read_position(reader, row));
    const std::string_view group = reader.field();
    if (group != "target" && group != "comparison") return reader.refuse("is not target or comparison");
    row.is_target = group == "target";
    PENFIELD_TRY(row.token_index, reader.unsigned_number());
    rows.push_back(std::move(row));
  }
}

}  // namespace penfield::store
