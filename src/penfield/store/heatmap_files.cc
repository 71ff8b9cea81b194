#include "penfield/store/heatmap_files.h"

#include <array>

#include "penfield/base/check.h"
#include "penfield/formats/npy.h"
#include "penfield/formats/npy_header.h"
#include "penfield/store/text_position.h"

namespace penfield::store {
namespace {

std::string heatmap_header() {
  return std::string(kPositionColumns) + "\tlabel\tsampled";
}

}  // namespace

std::string format_windows(std::span<const WindowToken> tokens) {
  std::string out = heatmap_header() + '\n';
  formats::TsvWriter writer(out);
  for (const WindowToken& row : tokens) {
    write_position(writer, row);
    writer.flag(row.is_target).flag(row.is_sampled).end_row();
  }
  return out;
}

Result<std::vector<WindowToken>> parse_windows(std::string_view bytes, std::string_view name) {
  formats::TsvReader reader(bytes, name);
  PENFIELD_TRY_VOID(reader.header(heatmap_header()));
  std::vector<WindowToken> rows;
  for (;;) {
    PENFIELD_TRY(const bool has_row, reader.next_row());
    if (!has_row) return rows;
    WindowToken row;
    PENFIELD_TRY_VOID(read_position(reader, row));
    PENFIELD_TRY(row.is_target, reader.flag());
    PENFIELD_TRY(row.is_sampled, reader.flag());
    rows.push_back(std::move(row));
  }
}

Result<void> write_heatmap_values(formats::AtomicFile& file, const Heatmaps& heatmaps) {
  const std::array<std::uint64_t, 2> shape = {heatmaps.units.size(), heatmaps.tokens.size()};
  PENFIELD_CHECK(heatmaps.values.size() == heatmaps.units.size() * heatmaps.tokens.size());
  PENFIELD_TRY_VOID(file.write(formats::npy_header("'<f4'", shape)));
  return file.write(std::as_bytes(std::span(heatmaps.values)));
}

Result<std::vector<float>> read_heatmap_values(const std::string& path, std::size_t n_units,
                                               std::size_t n_tokens) {
  PENFIELD_TRY(const formats::NpyFile file, formats::NpyFile::open(path));
  const std::vector<std::uint64_t> expected = {n_units, n_tokens};
  if (file.dtype() != formats::NpyDtype::kF4 || file.shape() != expected) {
    return bad_input(
        "{}: must be float32 [{}, {}], one row per unit of run.json and one column per row of windows.tsv",
        path, n_units, n_tokens);
  }
  const std::span<const float> values = file.values<float>();
  return std::vector<float>(values.begin(), values.end());
}

}  // namespace penfield::store
