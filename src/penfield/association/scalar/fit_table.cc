#include "penfield/association/scalar/fit_table.h"

namespace penfield::association {

std::string note_text(FitNote notes) {
  std::string out;
  for (std::size_t bit = 0; bit < kNoteNames.size(); ++bit) {
    if ((static_cast<unsigned>(notes) >> bit & 1u) == 0) continue;
    out.append(out.empty() ? "" : ";").append(kNoteNames.at(bit));
  }
  return out;
}

std::optional<FitNote> parse_notes(std::string_view text) {
  for (unsigned bits = 0; bits < 1u << kNoteNames.size(); ++bits) {
    if (note_text(static_cast<FitNote>(bits)) == text) return static_cast<FitNote>(bits);
  }
  return std::nullopt;
}

}  // namespace penfield::association
