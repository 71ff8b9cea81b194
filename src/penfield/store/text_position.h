// The columns that samples.tsv and windows.tsv begin with: split document window position token_id token.
#pragma once

#include "penfield/formats/tsv.h"
#include "penfield/store/run_record.h"
#include "penfield/store/token_field.h"
#include "penfield/store/words.h"

namespace penfield::store {

inline constexpr std::string_view kPositionColumns = "split\tdocument\twindow\tposition\ttoken_id\ttoken";

// Row: SampleRow or WindowToken.
template <class Row>
void write_position(formats::TsvWriter& out, const Row& row) {
  out.text(word_of(row.split))
      .number(row.document)
      .number(row.window)
      .number(row.position)
      .number(row.token_id);
  out.text(token_field(row.token));
}

template <class Row>
[[nodiscard]] Result<void> read_position(formats::TsvReader& reader, Row& row) {
  const auto split = parse_word<sample::Split>(reader.field());
  if (!split) return reader.refuse("is not discovery or held_out");
  row.split = *split;
  PENFIELD_TRY(row.document, reader.unsigned32());
  PENFIELD_TRY(row.window, reader.unsigned32());
  PENFIELD_TRY(row.position, reader.unsigned32());
  PENFIELD_TRY(row.token_id, reader.unsigned32());
  PENFIELD_TRY(const std::string token, reader.text());
  row.token = token_of_field(token);
  return {};
}

}  // namespace penfield::store
